"""test_shown.py - tables and plots as they are shown."""

import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import SimpleNamespace

import part_accuracy
import report
from corpus import Corpus, Message
from measures import Case, measure
from plots import Axis, Line, Plot, short
from tables import Drawing, Table, from_json, to_json
from users import MODES


class Shown(unittest.TestCase):
    TABLE = Table("a title", ["filter", "ham lost %"], [["tamis", "0.12 (5)"], ["<b>", "1.00 (41)"]], "a note")

    def test_text_is_in_columns(self) -> None:
        want = "\na title\na note\n  filter  ham lost %\n  tamis     0.12 (5)\n  <b>      1.00 (41)\n"
        self.assertEqual(self.TABLE.text(), want)

    def test_markdown(self) -> None:
        self.assertIn("| filter | ham lost % |\n|---|---|\n| tamis | 0.12 (5) |", self.TABLE.markdown())

    def test_html_is_escaped(self) -> None:
        self.assertIn("<td>&lt;b&gt;</td>", self.TABLE.html())

    def test_kept_as_json(self) -> None:
        for block in (self.TABLE, Drawing("a", "b", "<svg/>")):
            self.assertEqual(from_json(to_json(block)), block)


class Reports(unittest.TestCase):
    """Both forms of the report."""

    def test_a_part_without_tables_says_so(self) -> None:
        shown, empty = ({"part": "transfer", "date": "", "machine": "", "versions": [], "blocks": blocks}
                        for blocks in ([to_json(Shown.TABLE)], []))
        for form in (report.markdown, report.page):
            self.assertNotIn(report.NOTHING, form([shown], "a title"))
            self.assertIn(report.NOTHING, form([empty], "a title"))


class Accuracy(unittest.TestCase):
    """The rows of the accuracy tables."""

    CORPUS = Corpus("made", Path("/nonexistent"), tuple(Message(spam, "a", Path("a")) for spam in (False, True)))

    def rows(self, **scores: tuple[float, ...]) -> list[list[str]]:
        streams = {
            name: [Case(message.is_spam, "ham", score) for message, score in zip(self.CORPUS.messages, of)]
            for name, of in scores.items()
        }
        figures = {name: measure(cases, 10) for name, cases in streams.items()}
        bench = SimpleNamespace(skip_share=0)
        return part_accuracy.accuracy_table(bench, self.CORPUS, MODES["always"], streams, figures).rows

    def test_differences_are_to_tamis(self) -> None:
        rows = self.rows(other=(2, 1), tamis=(1, 2), third=(1, 1))
        want = ["", "+50.0000 (+50.0000 to +50.0000)", "+100.0000 (+100.0000 to +100.0000)"]
        self.assertEqual([row[0] for row in rows], ["tamis", "third", "other"])
        self.assertEqual([row[3] for row in rows], want)

    def test_without_tamis(self) -> None:
        self.assertEqual([row[3] for row in self.rows(other=(2, 1))], [""])

    def test_no_figure_is_shown_as_such_and_sorted_last(self) -> None:
        both = measure([Case(True, "ham", 1), Case(False, "ham", 2)])
        self.assertEqual(part_accuracy.ranked({"nothing": measure([]), "worst": both}), ["worst", "nothing"])
        only = [Case(False, "ham", 1.0)]
        cells = part_accuracy.figure_cells(measure(only, 10), measure(only, 10))
        want = ["-", "- to -", "- (- to -)", "0.00 (0)", "- (0)", "-", "-", "0.0 / -"]
        self.assertEqual(cells, want)
        rows = part_accuracy.comparison_rows("made", "always", {"tamis": measure(only), "other": measure(only)})
        self.assertEqual(rows, [["made", "always", "ham lost %", "0.0000", "0.0000", "other", "equal"]])


class Plots(unittest.TestCase):
    def test_svg_is_well_formed_and_has_every_point(self) -> None:
        plot = Plot("title", "x < y", "up", [Line("a & b", [(0, 0), (1, 2)]), Line("c", [(5, 1)])])
        root = ElementTree.fromstring(plot.drawing().svg)
        self.assertEqual(len(root.findall("{http://www.w3.org/2000/svg}circle")), 3)

    def test_terminal_marks_both_ends(self) -> None:
        rows = Plot("title", "x", "y", [Line("a", [(0, 0), (10, 10)])]).drawing().shown.splitlines()
        self.assertTrue(rows[1].endswith("T"))
        self.assertEqual(rows[16], "       0 |T")

    def test_axes(self) -> None:
        self.assertEqual(Axis([1, 100], True).share(10), 0.5)
        self.assertEqual(Axis([4, 8], False).share(4), 0.5)
        self.assertEqual(Axis([1, 1000], True).ticks(), [1, 10, 100, 1000])
        self.assertEqual(Axis([], False).share(0), 0)

    def test_short(self) -> None:
        for value, want in ((0.25, "0.25"), (1000, "1k"), (52_428_800, "52.4M"), (-2000, "-2k")):
            self.assertEqual(short(value), want)


if __name__ == "__main__":
    unittest.main()
