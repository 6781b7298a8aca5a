#!/usr/bin/env python3
"""The closing line of `make test` says what really ran."""

import io
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
from count_tests import main  # noqa: E402


class CountTests(unittest.TestCase):
    def count(self, cases: str, allowed: str = "") -> tuple[int, str]:
        with tempfile.TemporaryDirectory() as folder:
            skips, report = Path(folder, "skips.txt"), Path(folder, "report.xml")
            skips.write_text("# allowed\n" + allowed)
            if cases:
                report.write_text(f"<testsuite>{cases}</testsuite>")
            with redirect_stdout(io.StringIO()) as output:
                status = main(str(skips), [str(report)])
            return status, output.getvalue().splitlines()[-1]

    @staticmethod
    def case(status: str, output: str) -> str:
        return f'<testcase name="t" status="{status}"><system-out>{output}</system-out></testcase>'

    def test_a_catch_program_counts_its_cases_and_another_program_one(self) -> None:
        catch = self.case("run", "====\nAll tests passed (12 assertions in 5 test cases)\n")
        self.assertEqual(self.count(catch + self.case("run", "3 seeds replayed")), (0, "6 passed, 0 failed, 0 skipped"))

    def test_failed_cases_are_counted_and_fail_the_run(self) -> None:
        catch = self.case("fail", "test cases:  5 |  3 passed | 2 failed\nassertions: 9 | 7 passed | 2 failed\n")
        self.assertEqual(self.count(catch), (1, "3 passed, 2 failed, 0 skipped"))

    def test_a_crash_without_a_summary_is_a_failure(self) -> None:
        self.assertEqual(self.count(self.case("fail", "SIGSEGV")), (1, "0 passed, 1 failed, 0 skipped"))

    def test_a_program_that_fails_after_its_cases_passed_is_a_failure(self) -> None:
        leak = self.case("fail", "All tests passed (2 assertions in 2 test cases)\nLeakSanitizer: detected\n")
        self.assertEqual(self.count(leak), (1, "0 passed, 1 failed, 0 skipped"))

    def test_cases_without_assertions_count(self) -> None:
        self.assertEqual(self.count(self.case("run", "test cases: 2 | 2 passed\n")), (0, "2 passed, 0 failed, 0 skipped"))

    def test_a_listed_skip_is_counted_and_an_unlisted_one_fails(self) -> None:
        catch = self.case("run", "SKIPPED: no data\nAll tests passed (1 assertion in 3 test cases)\n")
        self.assertEqual(self.count(catch, "no data\n"), (0, "2 passed, 0 failed, 1 skipped"))
        self.assertEqual(self.count(catch), (1, "2 passed, 0 failed, 1 skipped"))

    def test_a_test_that_ctest_did_not_run_is_an_unlisted_skip(self) -> None:
        self.assertEqual(self.count('<testcase name="t" status="notrun"/>'), (1, "0 passed, 0 failed, 1 skipped"))

    def test_no_report_and_an_empty_report_fail(self) -> None:
        self.assertEqual(self.count("")[0], 1)
        self.assertEqual(self.count(" ")[0], 1)


if __name__ == "__main__":
    unittest.main()
