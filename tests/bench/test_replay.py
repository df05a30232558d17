"""test_replay.py - what filters are taught in each mode, with a filter that only takes notes."""

import re
import tempfile
import unittest
from pathlib import Path

from corpus import Corpus, Message
from peers.peer import Command, Judgement, Peer
from replay import Stream, read_record, write_record
from users import (
    CORRECTED_DELAY,
    CORRECTED_SHARE,
    LEFT_ALONE,
    LESSONS_BEFORE_ANY_OTHER,
    LESSONS_FOR_EACH_OTHER,
    MODES,
    Mode,
    balanced,
    draw,
    told_spam,
)

SOURCE = Path(__file__).resolve().parents[2] / "src"


class Notes(Peer):
    """Judges by the file name: what is called spam-... is; unsure when it holds "unsure".

    "ham-then-spam" is judged ham the first time, and spam from then on.
    """

    name = "notes"
    program = "true"
    errors_rule = "wrong or unsure"

    def __init__(self) -> None:
        super().__init__(Path("/nonexistent"))
        self.lessons: list[tuple[str, bool]] = []
        self.judged: set[str] = set()

    @classmethod
    def version(cls) -> str:
        return "1"

    def judge(self, message: Path) -> Judgement:
        first, _, later = message.name.partition("-then-")
        said = later if later and message.name in self.judged else first
        self.judged.add(message.name)
        verdict = "unsure" if "unsure" in said else "spam" if said.startswith("spam") else "ham"
        return Judgement(verdict, float(verdict == "spam"), None)

    def learn(self, message: Path, spam: bool) -> None:
        self.lessons.append((message.name, spam))

    def deliver_command(self) -> Command:
        raise NotImplementedError

    def learn_command(self, spam: bool, message: Path) -> Command:
        raise NotImplementedError


def corpus_of(*messages: tuple[bool, str]) -> Corpus:
    return Corpus("made", Path("/nonexistent"), tuple(Message(spam, name, Path(name)) for spam, name in messages))


def lessons(mode: str, *messages: tuple[bool, str]) -> list[tuple[str, bool]]:
    peer = Notes()
    Stream(peer, corpus_of(*messages), MODES[mode], 1).go()
    return peer.lessons


FILLER = [(False, f"ham-{number}") for number in range(LEFT_ALONE)]
RIGHT_AND_WRONG = ((True, "spam-right"), (True, "ham-wrong"), (False, "unsure-ham"))


class Teaching(unittest.TestCase):
    def test_always(self) -> None:
        want = [("spam-right", True), ("ham-wrong", True), ("unsure-ham", False)]
        self.assertEqual(lessons("always", *RIGHT_AND_WRONG), want)

    def test_errors(self) -> None:
        self.assertEqual(lessons("errors", *RIGHT_AND_WRONG), [("ham-wrong", True), ("unsure-ham", False)])

    def test_moves_come_later_and_leave_unsure_ham(self) -> None:
        self.assertEqual(lessons("moves", *RIGHT_AND_WRONG, *FILLER[: CORRECTED_DELAY - 2]), [])
        self.assertEqual(lessons("moves", *RIGHT_AND_WRONG, *FILLER[:CORRECTED_DELAY]), [("ham-wrong", True)])

    def test_implicit_learns_what_was_left_alone(self) -> None:
        """As src/learn/confirm.c: judged ham or unsure, and not spam by now, is ham; spam twice is spam."""
        table = (
            # the truth is ham where nothing lies wrong, or the user forgets to move it
            (False, "ham", [False]),
            (False, "unsure", [False]),
            (False, "ham-then-unsure", [False]),
            (False, "unsure-then-ham", [False]),
            (False, "ham-then-spam", []),
            (False, "unsure-then-spam", []),
            (True, "spam", [True]),
            (True, "spam-then-unsure", []),
            (True, "spam-then-ham", []),
        )
        for is_spam, name, want in table:
            with self.subTest(name):
                self.assertEqual(lessons("implicit", (is_spam, name), *FILLER), [(name, spam) for spam in want])

    def test_implicit_after_what_was_moved(self) -> None:
        got = lessons("implicit", *RIGHT_AND_WRONG, *FILLER)
        self.assertEqual(got, [("ham-wrong", True), ("spam-right", True), ("unsure-ham", False)])
        unmoved = next(name for name in (f"ham-wrong-{n}" for n in range(999)) if draw(name, "moves", 1) >= 0.9)
        self.assertEqual(lessons("implicit", (True, unmoved), *FILLER), [(unmoved, False)])

    def test_users_are_those_of_the_source(self) -> None:
        """The numbers of the rule that tamis is measured with stand in its own source."""
        table = (
            ("learn/confirm.c", "LESSONS_FOR_EACH_OTHER", LESSONS_FOR_EACH_OTHER),
            ("learn/confirm.c", "LESSONS_BEFORE_ANY_OTHER", LESSONS_BEFORE_ANY_OTHER),
            ("learn/feedback.h", "FEEDBACK_GRACE", LEFT_ALONE),
            ("commands/evaluate.c", "CORRECTED_SHARE", CORRECTED_SHARE),
            ("commands/evaluate.c", "CORRECTED_DELAY", CORRECTED_DELAY),
        )
        for file, name, want in table:
            with self.subTest(name):
                found = re.search(rf"#define {name} \D*([0-9.]+)", (SOURCE / file).read_text())
                self.assertEqual(float(found[1]), want)

    def test_balance(self) -> None:
        table = ((0, 0, True), (99, 0, True), (100, 0, False), (119, 10, True), (120, 10, False))
        for spam, ham, want in table:
            with self.subTest(f"{spam} spam, {ham} ham"):
                self.assertEqual(balanced(True, {True: spam, False: ham}), want)


class Labels(unittest.TestCase):
    def test_share_of_wrong_labels(self) -> None:
        names = [f"message {number}" for number in range(20000)]
        for name, share in (("always", 0), ("wrong1", 0.01), ("wrong5", 0.05)):
            with self.subTest(name):
                wrong = sum(told_spam(False, one, MODES[name], 1) for one in names) / len(names)
                self.assertAlmostEqual(wrong, share, delta=0.003)

    def test_follows_from_name_and_seed(self) -> None:
        half = Mode("half", "", "always", 0.5)
        first = [told_spam(True, str(number), half, 1) for number in range(100)]
        self.assertEqual(first, [told_spam(True, str(number), half, 1) for number in range(100)])
        self.assertNotEqual(first, [told_spam(True, str(number), half, 2) for number in range(100)])


class Records(unittest.TestCase):
    def test_read_back_and_distrusted(self) -> None:
        corpus = corpus_of((True, "a name"), (False, "b"))
        cases = Stream(Notes(), corpus, MODES["cold"], 1).go()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "corpus" / "peer.always"
            write_record(path, "# 1; seed 1", corpus, cases)
            self.assertEqual(read_record(path, "# 1; seed 1", corpus), cases)
            self.assertIsNone(read_record(path, "# 2; seed 1", corpus), "another version")
            self.assertIsNone(read_record(path, "# 1; seed 1", corpus_of((True, "a name"))), "another corpus")
            relabelled = corpus_of((False, "a name"), (False, "b"))
            self.assertIsNone(read_record(path, "# 1; seed 1", relabelled), "another label")
            self.assertIsNone(read_record(Path(folder) / "none", "", corpus))
            path.write_bytes(path.read_bytes()[:-1])
            self.assertIsNone(read_record(path, "# 1; seed 1", corpus), "broken off")

    def test_names_of_any_bytes(self) -> None:
        corpus = corpus_of((True, "caf\udce9 \u2028 \x0c \r b"), (False, "b"))
        cases = Stream(Notes(), corpus, MODES["moves"], 1).go()
        with tempfile.TemporaryDirectory() as folder:
            write_record(Path(folder) / "record", "# 1", corpus, cases)
            self.assertEqual(read_record(Path(folder) / "record", "# 1", corpus), cases)


if __name__ == "__main__":
    unittest.main()
