"""Real public data through `tocsin submit` and back through `tocsin pull`, canonically identical."""
import json
import pathlib
import subprocess
import sys
import unittest

from instance import TOCSIN, Instance

DATA = pathlib.Path("../shared/data")
# What is refused of each set for itself, and why. Everything else must come back as it went in.
EXPECTED_REFUSALS = {
    "mitre-attack+attack-stix-data/ics-attack__ics-attack.json": 0,
    "mitre-atlas+atlas-navigator-data/dist__stix-atlas.json": 2,  # `modified` before `created`
    "oasis-open+cti-stix2-json-schemas/examples__threat-reports__apt1.json": 0,
    "oasis-open+cti-stix2-json-schemas/examples__threat-reports__poisonivy.json": 0,
}


def contradictions(objects):
    """Objects that repeat a version of an id with other content: the first stands, the others are conflicts."""
    distinct = {canonical(one) for one in objects}
    versions = {(one["id"], one.get("modified")) for one in objects}
    return len(distinct) - len(versions)


def canonical(document):
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class RealData(unittest.TestCase):
    def test_every_accepted_object_comes_back_canonically_identical(self):
        if not DATA.is_dir():
            print("SKIPPED: the public data sets are not here")
            return
        hub = Instance()
        self.addCleanup(hub.close)
        hub.organisation("aurora", "lab", "red")
        token = hub.token("aurora", "analyst")
        hub.start()
        base = [TOCSIN, "--url", hub.url, "--ca", hub.ca, "--token", token]
        for name, refusals in EXPECTED_REFUSALS.items():
            collection = "set-" + str(len(name))
            hub.verb("collection", "add", collection)
            done = subprocess.run([*base, "--json", "submit", "--collection", collection, str(DATA / name)], capture_output=True, text=True)
            self.assertIn(done.returncode, (0, 2), done.stderr)
            pulled = subprocess.run([*base, "pull", "--collection", collection], capture_output=True, text=True)
            self.assertEqual(pulled.returncode, 0, pulled.stderr)
            back = {canonical(json.loads(line)) for line in pulled.stdout.splitlines()}
            objects = json.loads((DATA / name).read_text())["objects"]
            sent = {canonical(one) for one in objects}
            self.assertLessEqual(back, sent, name)
            self.assertEqual(len(sent) - len(back), refusals + contradictions(objects), f"{name}: {done.stdout[-500:]}")
            print(f"{name}: {len(sent)} sent, {len(back)} identical")


if __name__ == "__main__":
    unittest.main(verbosity=1)
