"""test_peers.py - that a filter says of many messages what it says of each, and that nothing is left behind.

Each filter that is installed here is started with a state of its own in a scratch folder and taught made mail; those
with daemons show that these are gone afterwards, with TAMIS_BENCH_DAEMONS=1 in the environment: rspamd takes ten
seconds to start.  A filter that is missing is a skip of its own.
"""

import json
import os
import random
import statistics
import subprocess
import tempfile
import unittest
from pathlib import Path

from corpus import Corpus, read_corpus
from made_mail import new_words, text_message, write
from measures import measure
from peers import TABLE
from peers.peer import Command, Peer
from peers.rspamd import Rspamd
from peers.tamis import Tamis, logistic
from processes import cost_of, daemon_cpu_ns
from replay import Stream
from users import MODES

SLOW = ("spamassassin", "rspamd", "crm114")  # seconds to start, or to learn: fewer messages


def made_corpus(folder: Path, count: int) -> Corpus:
    """Ham and spam share half of their words, and are mixed in an order that is no pattern."""
    folder.mkdir(exist_ok=True)
    generator = random.Random(7)
    common, ham, spam = (new_words(60, generator) for _ in range(3))
    lines = []
    for number in range(count):
        is_spam = generator.random() < 0.5
        own = generator.choices(spam if is_spam else ham, k=10) if generator.random() < 0.9 else []
        write(folder / f"{number}.eml", text_message(number, generator.choices(common, k=20) + own))
        lines.append(f"{'spam' if is_spam else 'ham'} {number}.eml\n")
    (folder / "index").write_text("".join(lines))
    return read_corpus(folder, folder / "bare")


FROM_A_LIST = b"""Received: from sender.example.org (unknown [192.0.2.9]) by mx.example.net;
	Mon, 2 Mar 2026 10:00:00 +0000
From: one@sender.example.org
To: list@lists.example.org
Subject: news
Date: Mon, 2 Mar 2026 10:00:00 +0000
Message-ID: <1@sender.example.org>
List-Id: <list.lists.example.org>
List-Unsubscribe: <https://lists.example.org/leave>
List-Post: <mailto:list@lists.example.org>
List-Help: <mailto:help@lists.example.org>
List-Subscribe: <https://lists.example.org/join>
List-Owner: <mailto:owner@lists.example.org>
X-Mailman-Version: 2.1
Precedence: list
MIME-Version: 1.0
Content-Type: text/html; charset=us-ascii

<a href="http://login.attacker-site.com/verify">https://www.paypal.com/</a>
"""


def in_group(leader: int) -> list[int]:
    """The processes that are still there of a session."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getsid(int(entry.name)) == leader:
                found.append(int(entry.name))
        except OSError:
            pass
    return found


class Peers(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.folder.chmod(0o755)

    def started(self, kind: type[Peer], name: str) -> Peer:
        scratch = self.folder / name
        scratch.mkdir(mode=0o755)
        peer = kind(scratch)
        self.addCleanup(peer.stop)
        peer.start()
        return peer

    def check(self, kind: type[Peer]) -> None:
        corpus = made_corpus(self.folder, 12 if kind.name in SLOW else 40)
        paths = [message.path for message in corpus.messages]
        peer = self.started(kind, "one")
        before = [peer.judge(path) for path in paths]
        self.assertEqual(list(peer.judge_all(paths)), before, "before anything is learned")
        for message in corpus.messages[: len(paths) // 2]:
            peer.learn(message.path, message.is_spam)
        after = [peer.judge(path) for path in paths]
        self.assertEqual(list(peer.judge_all(paths)), after, "many at once say the same as one by one")
        self.assertGreater(peer.database_bytes(), 0)
        self.check_what_it_learns(kind, before, after, corpus)
        self.check_daemons(peer)

    def check_what_it_learns(self, kind: type[Peer], before: list, after: list, corpus: Corpus) -> None:
        if kind.daemon:
            return  # their Bayes speaks after 200 of each class only
        self.assertNotEqual(before, after, "learning changes scores")
        scores: dict[str, list[float]] = {"ham": [], "spam": []}
        for one, message in zip(after, corpus.messages):
            scores[message.label].append(one.score)
        self.assertLess(statistics.mean(scores["ham"]), statistics.mean(scores["spam"]), "spam scores high")

    def check_daemons(self, peer: Peer) -> None:
        running = list(peer.daemons())
        self.assertEqual(bool(running), peer.daemon)
        if running:
            self.assertGreater(daemon_cpu_ns(running), 0)
        leaders = {os.getsid(process) for process in running}
        peer.stop()
        self.assertEqual([process for leader in leaders for process in in_group(leader)], [], "nothing is left running")

    def test_bulk_learning_is_that_of_one_by_one(self) -> None:
        """For those whose lessons do not depend on their order."""
        for kind in TABLE:
            if kind.name in SLOW or kind is Tamis or kind.missing():
                continue
            with self.subTest(kind.name):
                corpus = made_corpus(self.folder, 30)
                single, bulk = self.started(kind, f"{kind.name}-single"), self.started(kind, f"{kind.name}-bulk")
                for message in corpus.messages:
                    single.learn(message.path, message.is_spam)
                bulk.learn_all(corpus.messages)
                paths = [message.path for message in corpus.messages]
                self.assertEqual(list(bulk.judge_all(paths)), list(single.judge_all(paths)))

    def test_the_stores_of_bogofilter_say_the_same(self) -> None:
        kinds = [kind for kind in TABLE if kind.name.startswith("bogofilter") and not kind.missing()]
        if len(kinds) < 2:
            self.skipTest("only one bogofilter is installed")
        corpus = made_corpus(self.folder, 30)
        streams = [Stream(self.started(kind, kind.name), corpus, MODES["errors"], 1).go() for kind in kinds]
        for stream in streams[1:]:
            self.assertEqual(stream, streams[0])

    def test_tamis_has_the_figures_of_its_own_evaluation(self) -> None:
        """The scores of `tamis evaluate` through measures.py, against the figures it prints itself."""
        if Tamis.missing():
            self.skipTest("tamis is not built")
        corpus = made_corpus(self.folder, 120)
        got = measure(self.started(Tamis, "tamis").replay(corpus, MODES["always"], 1))
        done = subprocess.run(
            [Tamis.path() or "", "evaluate", "--json", str(corpus.directory)],
            capture_output=True,
            check=True,
            env={**os.environ, "HOME": str(self.folder)},
        )
        want = json.loads(done.stdout)
        self.assertEqual(
            (got.ham, got.spam, got.ham_lost, got.spam_missed, got.ham_unsure, got.spam_unsure),
            tuple(want[name] for name in ("ham", "spam", "ham_lost", "spam_missed", "ham_unsure", "spam_unsure")),
        )
        self.assertAlmostEqual(got.missed_at_limit, want["missed_at_per_mille_percent"], places=3)
        self.assertAlmostEqual(got.logistic_average, want["logistic_average_percent"], places=3)

    def test_a_stream_of_tamis_takes_paths_of_all_kinds(self) -> None:
        if Tamis.missing():
            self.skipTest("tamis is not built")
        plain = made_corpus(self.folder / "plain", 40)
        odd = self.folder / "odd"
        (odd / "copies").mkdir(parents=True)
        lines = []
        for number, message in enumerate(plain.messages):
            names = (
                str(message.path),
                f"../plain/{message.name}",
                f"copies/{number}",
                f"caf\udce9 \u2028{number}",
                f"copies/../copies/{number}",
            )
            name = names[number % len(names)]
            if "plain" not in name:
                write(odd / name, message.path.read_bytes())
            lines.append(f"{message.label} {name}\n")
        (odd / "index").write_bytes(os.fsencode("".join(lines)))
        before = sorted(odd.rglob("*"))
        want = self.started(Tamis, "first").replay(plain, MODES["always"], 1)
        got = self.started(Tamis, "second").replay(read_corpus(odd, self.folder / "bare"), MODES["always"], 1)
        self.assertEqual(got, want)
        self.assertEqual(sorted(odd.rglob("*")), before, "nothing is left in the corpus")

    def test_a_stream_of_tamis_is_that_of_delivery(self) -> None:
        """`tamis evaluate` against learning and judging with a process each, on the disk.

        A state hashes with a key of its own, so tokens collide otherwise: scores are near, not equal.
        """
        if Tamis.missing():
            self.skipTest("tamis is not built")
        corpus = made_corpus(self.folder, 60)
        replayed = self.started(Tamis, "replayed").replay(corpus, MODES["always"], 1)
        delivered = Stream(self.started(Tamis, "delivered"), corpus, MODES["always"], 1).go()
        differences = [abs(one.score - other.score) for one, other in zip(replayed, delivered)]
        self.assertLess(statistics.median(differences), 0.2)
        self.assertLess(max(differences), 2)
        self.assertLess(max(abs(one.probability - logistic(one.score)) for one in delivered), 1e-9)

    def test_tamis_is_told_wrong_labels_and_judged_by_the_truth(self) -> None:
        if Tamis.missing():
            self.skipTest("tamis is not built")
        corpus = made_corpus(self.folder, 120)
        cases = self.started(Tamis, "tamis").replay(corpus, MODES["wrong5"], 1)
        self.assertEqual([case.is_spam for case in cases], [message.is_spam for message in corpus.messages])
        told = [line.split()[0] for line in (self.folder / "tamis" / "stream" / "index").read_text().splitlines()]
        wrong = sum(label != message.label for label, message in zip(told, corpus.messages))
        self.assertTrue(0 < wrong < 20, f"{wrong} wrong labels")

    def test_rspamd_reads_all_that_is_in_a_message(self) -> None:
        """Modules that work on the message alone are on; what asks DNS says nothing of hosts that nobody could find."""
        if Rspamd.missing() or not os.environ.get("TAMIS_BENCH_DAEMONS"):
            self.skipTest("needs rspamd, and a minute: set TAMIS_BENCH_DAEMONS=1")
        message = self.folder / "message"
        message.write_bytes(FROM_A_LIST)
        said = self.started(Rspamd, "rspamd").ask("normal", "/checkv2", message)[1]
        symbols = set(said["symbols"])
        self.assertLessEqual({"MAILLIST", "PHISHING", "HFILTER_URL_ONLY"}, symbols)
        self.assertFalse([name for name in symbols if "NORES" in name or name.startswith("RDNS")])


def add_test_of(kind: type[Peer]) -> None:
    def test(self: Peers) -> None:
        missing = kind.missing()
        if missing:
            self.skipTest(missing)
        if kind.daemon and not os.environ.get("TAMIS_BENCH_DAEMONS"):
            self.skipTest("takes a minute: set TAMIS_BENCH_DAEMONS=1")
        self.check(kind)

    setattr(Peers, f"test_{kind.name.replace('-', '_')}", test)


for one_kind in TABLE:
    add_test_of(one_kind)


class Launch(unittest.TestCase):
    """cost_of() through bench/launch."""

    def setUp(self) -> None:
        if not os.access(os.environ.get("BENCH_LAUNCH", ""), os.X_OK):
            self.skipTest("bench/launch is not built")
        self.peer = Tamis(Path("/tmp"))

    def cost(self, *arguments: str):
        return cost_of(self.peer, Command(arguments, {"PATH": "/usr/bin:/bin"}), Path("/dev/null"))

    def test_exit_status_and_signal(self) -> None:
        self.assertEqual(self.cost("sh", "-c", "exit 3").status, 3)
        self.assertEqual(self.cost("sh", "-c", "kill -9 $$").status, -9)

    def test_memory_is_that_of_the_program(self) -> None:
        self.assertLess(self.cost("true").memory_mb, 8, "not that of the Python that measures")
        self.assertGreater(self.cost("python3", "-c", "x = 'x' * 50_000_000").memory_mb, 50)

    def test_time_of_children_is_counted(self) -> None:
        cost = self.cost("sh", "-c", "python3 -c 'for i in range(10**6): pass'; true")
        self.assertGreater(cost.cpu_ms, 5)
        self.assertGreater(cost.wall_ms, 5)

    def test_time_of_what_is_left_at_work_is_counted(self) -> None:
        cost = self.cost("sh", "-c", "setsid python3 -c 'for i in range(10**6): pass' & exit 3")
        self.assertEqual(cost.status, 3)
        self.assertGreater(cost.cpu_ms, 5)


if __name__ == "__main__":
    unittest.main()
