"""Submitting without being named: readers see the instance as the creator, the submitter keeps what is its own."""
import json
import pathlib
import subprocess
import unittest
import uuid

from community import set_up_module
from instance import TOCSIN, indicator


def setUpModule():
    global hub, aurora, instance
    hub = set_up_module()
    me = hub.call("GET", "/api/v1/me", hub.lab).json
    aurora, instance = me["identity"], me["as_member"]


def submitted(*objects, words=("--as-member",), code=0):
    file = pathlib.Path(hub.folder.name) / f"{uuid.uuid4()}.json"
    file.write_text(json.dumps(list(objects)))
    done = subprocess.run([TOCSIN, "--url", hub.url, "--ca", hub.ca, "--token", hub.lab, "--json", "submit", *words, file],
                          capture_output=True, text=True, timeout=60)
    if done.returncode != code:
        raise AssertionError(done.stdout + done.stderr)
    return json.loads(done.stdout)


def what_the_cloud_is_told(made):
    """Every answer that speaks of the object, with the headers."""
    for path in ("", "versions/"):
        yield hub.call("GET", f"{hub.objects}{made['id']}/{path}", hub.cloud)
    yield hub.call("GET", f"{hub.objects}?match[id]={made['id']}", hub.cloud)
    yield hub.call("GET", f"{hub.objects.removesuffix('objects/')}manifest/?match[id]={made['id']}", hub.cloud)
    yield hub.call("POST", hub.objects, hub.cloud, {"objects": [dict(made, created_by_ref=instance)]})


class AsMember(unittest.TestCase):
    def test_readers_see_the_instance_as_the_creator_and_nobody_else(self):
        made = indicator("192.0.2.9", created_by_ref=aurora)
        submitted(made)
        seen = hub.call("GET", f"{hub.objects}{made['id']}/", hub.cloud).json["objects"]
        self.assertEqual([one["created_by_ref"] for one in seen], [instance])
        for answer in what_the_cloud_is_told(made):
            self.assertIn(answer.status, (200, 202))
            text = str(answer.headers) + answer.body.decode()
            self.assertNotIn(aurora.removeprefix("identity--"), text)
            self.assertNotIn("aurora", text.lower())

    def test_what_was_submitted_so_is_revised_and_revoked_by_its_submitter_alone(self):
        made = indicator("192.0.2.10")
        submitted(made)
        revoked = dict(made, created_by_ref=instance, revoked=True, modified="2026-06-01T00:00:00Z")
        self.assertEqual(hub.submit(revoked, token=hub.cloud)["success_count"], 1, "a chain of the cloud's own")
        newest = hub.call("GET", f"{hub.objects}{made['id']}/", hub.lab).json["objects"]
        self.assertIn(False, [one.get("revoked", False) for one in newest], "the laboratory's chain goes on")
        submitted(dict(made, revoked=True, modified="2026-06-02T00:00:00Z"))
        newest = hub.call("GET", f"{hub.objects}{made['id']}/", hub.lab).json["objects"]
        self.assertEqual([one.get("revoked", False) for one in newest], [True] * len(newest))

    def test_a_chain_does_not_change_between_being_named_and_not(self):
        made = indicator("192.0.2.11", created_by_ref=aurora)
        submitted(made, words=())
        later = dict(made, modified="2026-06-01T00:00:00Z")
        self.assertIn("creator-changed", submitted(later, code=2)["refusals"][0]["message"])

    def test_who_names_the_instance_and_herself_is_refused_by_both_ends(self):
        made = indicator("192.0.2.12", description=f"seen by {aurora}")
        self.assertIn("identity", submitted(made, code=1)["error"]["message"])
        self.assertIn("creator-foreign", hub.submit(dict(made, created_by_ref=instance))["failures"][0]["message"])

    def test_the_private_audit_trail_knows_the_submitter(self):
        made = indicator("192.0.2.13")
        status = submitted(made)["statuses"][0]
        exported = pathlib.Path(hub.folder.name) / "trail"
        hub.verb("audit", "export", str(exported))
        mine = [line for line in (exported / "entries.ndjson").read_text().splitlines() if status in line]
        self.assertEqual(len(mine), 1)
        self.assertIn(r'\"organisation\":\"aurora\"', mine[0])


if __name__ == "__main__":
    unittest.main()
