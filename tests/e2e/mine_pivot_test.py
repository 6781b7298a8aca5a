"""What `tocsin mine` found leads `tocsin scan` from ranges and templates back to accounts, and blames nobody for an address alone."""
import json
import random
import unittest

import mine_test

QUIET = 6  # accounts at the cluster's addresses that never fill a template


def setUpModule():
    mine_test.setUpModule()


class Pivot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        lines, _ = mine_test.planted()
        draft = mine_test.tocsin("mine", "-", stdin="".join(lines))
        items = [json.loads(one) for one in draft.stdout.splitlines()]
        dated = [one | {"valid_from": "2026-04-30T00:00:00Z"} if one["kind"] in ("prompt-template", "ip-range") else one for one in items]
        file = mine_test.folder / "dated.ndjson"
        file.write_text("".join(json.dumps(one) + "\n" for one in dated))
        shared = mine_test.tocsin("share", "--atomic", "--confidence", "60", file, token=mine_test.hub.lab)
        assert shared.returncode == 0, shared.stderr
        address = next(one["value"] for one in items if one["kind"] == "ip-range").split("/")[0]
        rng = random.Random(3)
        lines += [mine_test.line(rng, f"quiet-{n}", address, mine_test.words(rng, 80)) for n in range(QUIET)]
        scanned = mine_test.tocsin("scan", "--ndjson", "-", token=mine_test.hub.lab, stdin="".join(lines))
        assert scanned.returncode == 0, scanned.stderr
        cls.found = {one["account"]: one for one in map(json.loads, scanned.stdout.splitlines()) if one["type"] == "account"}

    def test_each_account_of_the_cluster_is_found_again_by_template_and_address(self):
        suspects = {name for name, one in self.found.items() if "cluster" in one}
        self.assertEqual(suspects, {f"planted-{n}" for n in range(mine_test.CLUSTER)})

    def test_who_only_shares_an_address_is_shown_with_one_kind_and_no_action(self):
        for n in range(QUIET):
            one = self.found[f"quiet-{n}"]
            self.assertEqual((one["evidence"], one["action"], "cluster" in one), (["network"], "none", False))


if __name__ == "__main__":
    unittest.main()
