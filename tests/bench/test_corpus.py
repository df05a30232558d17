"""test_corpus.py - reading labelled mail, and the variables that choose what is measured."""

import os
import tempfile
import unittest
from pathlib import Path

import bench
import part_cold
from corpus import CorpusError, Message, read_corpus
from measures import Case


ENDS = "a\u2028b\u0085c\x0bd\x0ce\x1cf"


class Corpora(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.here = Path(self.folder.name)
        (self.here / "plain").write_bytes(b"Subject: a\n\nb\n")
        (self.here / "from line").write_bytes(b"From me Mon Jan  1\nSubject: a\n\nFrom b\n")

    def read(self, index: str | bytes):
        (self.here / "index").write_bytes(index if isinstance(index, bytes) else index.encode())
        return read_corpus(self.here, self.here / "bare")

    def test_labels_and_bytes(self) -> None:
        corpus = self.read("ham plain\nspam from line\n")
        self.assertEqual([(one.label, one.name) for one in corpus.messages], [("ham", "plain"), ("spam", "from line")])
        self.assertEqual(corpus.messages[0].path, (self.here / "plain").resolve())
        self.assertEqual(corpus.messages[1].path.read_bytes(), b"Subject: a\n\nFrom b\n")

    def test_what_is_wrong_is_named(self) -> None:
        table = (
            ("", "names no message"),
            ("\n \n", "names no message"),
            ("ham plain\nHAM plain\n", ":2: a line holds"),
            ("ham plain\n\nhamplain\n", ":3: a line holds"),
            ("ham \t\n", ":1: a line holds"),
            (" ham plain\n", ":1: a line holds"),
            ("ham none\n", "none: No such"),
        )
        for index, want in table:
            with self.subTest(want), self.assertRaisesRegex(CorpusError, want):
                self.read(index)

    def test_key_follows_the_index(self) -> None:
        keys = {self.read(index).key for index in ("ham plain\n", "spam plain\n", "ham plain\nham plain\n")}
        self.assertEqual(len(keys), 3)

    def test_key_follows_the_messages(self) -> None:
        before = self.read("ham plain\n").key
        self.assertEqual(self.read("ham plain\n").key, before)
        (self.here / "plain").write_bytes(b"Subject: a\n\nc\n")
        self.assertNotEqual(self.read("ham plain\n").key, before)

    def test_key_follows_the_place(self) -> None:
        keys = set()
        for above in ("one", "two"):
            directory = self.here / above / "mail"
            directory.mkdir(parents=True)
            (directory / "a").write_bytes(b"Subject: a\n\nb\n")
            (directory / "index").write_text("ham a\n")
            keys.add(read_corpus(directory, self.here / "bare").key)
        self.assertEqual(len(keys), 2)

    def test_a_directory_that_is_no_utf8_is_shown_all_the_same(self) -> None:
        directory = self.here / "caf\udce9"
        directory.mkdir()
        (directory / "a").write_bytes(b"Subject: a\n\nb\n")
        (directory / "index").write_text("ham a\n")
        self.assertEqual(read_corpus(directory, self.here / "bare").title, "caf\\xe9")

    def test_lines(self) -> None:
        """What `tamis evaluate` takes (tests/delivery/evaluate.t)."""
        table = (
            ("blank lines", b"\nham plain\n\n \t\n\n", "plain"),
            ("no end of the last line", b"ham plain", "plain"),
            ("carriage returns", b"ham plain\r\n\r\n", "plain"),
            ("blanks and tabs before the path", b"ham \t  plain\n", "plain"),
            ("blanks in the path", b"ham a  b \n", "a  b "),
            ("bytes that are no UTF-8", b"ham caf\xe9\n", "caf\udce9"),
            ("what ends lines for others", f"ham {ENDS}\n".encode(), ENDS),
            ("absolute", os.fsencode(f"ham {self.here}/plain\n"), f"{self.here}/plain"),
            ("from above", os.fsencode(f"ham ../{self.here.name}/plain\n"), f"../{self.here.name}/plain"),
        )
        for title, index, name in table:
            with self.subTest(title):
                (self.here / name).write_bytes(b"Subject: a\n\nb\n")
                corpus = self.read(index)
                self.assertEqual([(one.label, one.name) for one in corpus.messages], [("ham", name)])
                self.assertEqual(corpus.messages[0].path, (self.here / name).resolve())
                self.assertEqual(corpus.key.encode().decode(), corpus.key, "names a folder")

    def test_every(self) -> None:
        corpus = self.read("ham plain\n" * 7).every(3)
        self.assertEqual((len(corpus.messages), corpus.step), (3, 3))

    def test_later(self) -> None:
        """What is held out is what `tamis rules measure --split` holds out, and is not kept under the name of all."""
        whole = self.read("ham plain\n" * 6 + "spam plain\n")
        later = whole.later(60)
        self.assertEqual([one.label for one in later.messages], ["ham", "ham", "spam"])
        self.assertNotEqual(later.key, whole.key)
        self.assertEqual(later.every(2).title, f"{whole.name}, the last 40 %, 1 message in 2")


class Cold(unittest.TestCase):
    def test_what_is_set_apart_is_in_no_other_figure(self) -> None:
        def message(is_spam: bool, name: str) -> Message:
            return Message(is_spam, name, Path(name))

        messages = [message(False, "hard-ham.1"), message(False, "a"), message(False, "b"), message(True, "c")]
        cases = [Case(False, "spam", 9.0), Case(False, "ham", 1.0), Case(False, "spam", 6.0), Case(True, "spam", 7.0)]
        self.assertEqual(
            part_cold.figures(messages, cases), ["50.00 (1)", "100.00 (1)", "100.00", "100.00", "0.0000"]
        )
        self.assertEqual(part_cold.contents(messages), "2 ham, 1 spam; 1 ham set apart, in no other column.")


class Variables(unittest.TestCase):
    def test_steps(self) -> None:
        table = (("", {"": 1}), ("all", {"": 1}), ("every3rd", {"": 3}), ("all rspamd=every6th", {"": 1, "rspamd": 6}))
        for text, want in table:
            with self.subTest(text):
                self.assertEqual(bench.read_steps(text), want)
        for text in ("every", "every0th", "3", "rspamd="):
            with self.subTest(text), self.assertRaises(bench.UsageError):
                bench.read_steps(text)

    def test_corpora_are_quoted_as_for_the_shell(self) -> None:
        self.addCleanup(os.environ.pop, "BENCH_CORPORA", None)
        table = (("a b", ["a", "b"]), ("'my mail' /b", ["my mail", "/b"]), ("my\\ mail", ["my mail"]))
        for text, want in table:
            os.environ["BENCH_CORPORA"] = text
            with self.subTest(text):
                self.assertEqual(bench.corpus_directories(), [Path(name) for name in want])
        os.environ["BENCH_CORPORA"] = "'my mail"
        with self.assertRaisesRegex(bench.UsageError, "BENCH_CORPORA: "):
            bench.corpus_directories()

    def test_unknown_words_are_refused(self) -> None:
        os.environ["TEST_WORDS"] = "one three"
        self.addCleanup(os.environ.pop, "TEST_WORDS")
        with self.assertRaisesRegex(bench.UsageError, "three is none of one, two"):
            bench.chosen("TEST_WORDS", {"one": 1, "two": 2})


if __name__ == "__main__":
    unittest.main()
