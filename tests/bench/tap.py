"""tap.py - runs the unit tests of a folder and says what came of each in TAP."""

from __future__ import annotations

import sys
import unittest


class TapResult(unittest.TestResult):
    def __init__(self) -> None:
        super().__init__()
        self.number = 0

    def say(self, good: bool, test: unittest.TestCase, more: str = "") -> None:
        self.number += 1
        print(f"{'ok' if good else 'not ok'} {self.number} - {test.id()}{more}", flush=True)

    def say_failure(self, test: unittest.TestCase, error: object) -> None:
        self.say(False, test)
        print("\n".join(f"# {line}" for line in self._exc_info_to_string(error, test).splitlines()))

    def addSuccess(self, test: unittest.TestCase) -> None:
        self.say(True, test)

    def addFailure(self, test: unittest.TestCase, err: object) -> None:
        self.say_failure(test, err)
        super().addFailure(test, err)

    def addError(self, test: unittest.TestCase, err: object) -> None:
        self.say_failure(test, err)
        super().addError(test, err)

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: object) -> None:
        if err is not None:
            self.say_failure(subtest, err)
        super().addSubTest(test, subtest, err)

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        self.say(True, test, f" # SKIP {reason}")
        super().addSkip(test, reason)


def main() -> int:
    tests = unittest.defaultTestLoader.discover(sys.argv[1])
    result = TapResult()
    tests.run(result)
    print(f"1..{result.number}")
    return 0 if result.wasSuccessful() and result.number else 1


if __name__ == "__main__":
    sys.exit(main())
