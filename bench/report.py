"""report.py - the results of all parts, also of earlier runs, as JSON, one Markdown file and one HTML file."""

from __future__ import annotations

import json
import os
import platform
from datetime import datetime, timezone
from pathlib import Path

from tables import Block, from_json, to_json

STYLE = (
    "body{font-family:sans-serif;margin:2em}p{max-width:75em}table{border-collapse:collapse}td{white-space:nowrap}"
    "td,th{border:1px solid #ccc;padding:2px 8px;text-align:right}td:first-child,th:first-child{text-align:left}"
)


def machine() -> str:
    """The machine and what it was doing, in a line."""
    processor = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else ():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    system = f"{platform.system()} {platform.release()}"
    return f"{os.cpu_count()} cores of {processor}, {memory:.0f} GB, {system}, load {load}"


def now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def save_part(results: Path, part: str, blocks: list[Block], versions: list[str]) -> None:
    results.mkdir(parents=True, exist_ok=True)
    stored = {
        "part": part,
        "date": now(),
        "machine": machine(),
        "versions": versions,
        "blocks": [to_json(block) for block in blocks],
    }
    (results / f"{part}.json").write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n")


def write_reports(results: Path, parts: list[str], title: str) -> None:
    files = [results / f"{part}.json" for part in parts]
    stored = [json.loads(file.read_text()) for file in files if file.exists()]
    (results / "report.md").write_text(markdown(stored, title))
    (results / "report.html").write_text(page(stored, title))


# Of a part that has nothing to show, such as the transfer between corpora where there is one.
NOTHING = "With these corpora and filters there is nothing to measure here."


def heading(part: dict) -> str:
    return f"{part['date']}; {part['machine']}; {', '.join(part['versions'])}"


def markdown(stored: list[dict], title: str) -> str:
    lines = [f"# {title}", ""]
    for part in stored:
        lines += [f"## {part['part']}", "", heading(part), ""]
        lines += [from_json(block).markdown() for block in part["blocks"]] or [NOTHING, ""]
    return "\n".join(lines)


def page(stored: list[dict], title: str) -> str:
    body = []
    for part in stored:
        body.append(f"<h2>{part['part']}</h2><p>{heading(part)}</p>")
        body += [from_json(block).html() for block in part["blocks"]] or [f"<p>{NOTHING}</p>"]
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
        f"</head><body><h1>{title}</h1>{''.join(body)}</body></html>\n"
    )
