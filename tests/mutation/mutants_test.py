#!/usr/bin/env python3
"""The changes themselves: what is changed, and what is left alone."""
import unittest

from mutants import changes, mutants_of


class Changes(unittest.TestCase):
    def test_comparisons_are_turned_and_moved_by_one(self):
        self.assertEqual(set(changes("  if (a == b && c < d) x();")), {"  if (a != b && c < d) x();", "  if (a == b || c < d) x();", "  if (a == b && c <= d) x();"})

    def test_a_check_that_ends_in_a_return_is_left_out(self):
        self.assertIn("", list(changes("  if (!found) return denied();")))
        self.assertIn("  if (found) return denied();", list(changes("  if (!found) return denied();")))

    def test_strings_comments_and_templates_stay(self):
        self.assertEqual(list(changes('  say("a == b");  // c == d')), [])
        self.assertEqual(list(mutants_of("x.cpp", "// a == b\n#if a == b\n")), [])

    def test_a_mutant_changes_its_line_alone(self):
        text = "a\n  if (b == c) d();\ne\n"
        [mutant] = mutants_of("x.cpp", text)
        self.assertEqual(mutant.applied_to(text), "a\n  if (b != c) d();\ne\n")


if __name__ == "__main__":
    unittest.main()
