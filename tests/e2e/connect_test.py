"""`tocsin connect`: what it says to write into a form is what the server answers."""
import json
import subprocess
import unittest
import urllib.parse

from community import set_up_module
from instance import TAXII, TOCSIN, basic, indicator


def setUpModule():
    global hub
    hub = set_up_module()
    hub.submit(indicator(tlp="green"))


def connect(product, *words, token=None):
    return subprocess.run([TOCSIN, "connect", product, *words], capture_output=True, text=True, timeout=60,
                          env={"TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": token or hub.feed, "HOME": hub.folder.name})


def form(product, token=None):
    done = connect(product, "--json", "--collection", "network", token=token)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    [one] = json.loads(done.stdout)["forms"]
    return {field["label"]: field["value"] for field in one["fields"]}


def ask(url, headers, method="GET", body=None):
    split = urllib.parse.urlsplit(url)
    if f"{split.scheme}://{split.netloc}" != hub.url:
        raise AssertionError(url)
    return hub.call(method, split.path, None, body, headers | {"Accept": TAXII})


class Forms(unittest.TestCase):
    def assert_objects(self, url, headers):
        answer = ask(url, headers)
        self.assertEqual((answer.status, len(answer.json["objects"])), (200, 1))

    def test_with_a_password_the_root_and_the_collection_are_found(self):
        for product in ("sentinel", "splunk"):
            with self.subTest(product):
                said = form(product)
                self.assertEqual(said["Password"], "(your token)")
                self.assertIn("max_content_length", ask(said["API root URL"], basic(hub.feed)).json)
                self.assert_objects(f"{said['API root URL']}collections/{said['Collection ID']}/objects/", basic(hub.feed))

    def test_elastic_asks_one_url_and_opencti_appends_to_its_own(self):
        bearer = {"Authorization": "Bearer " + hub.feed}
        self.assert_objects(form("elastic")["URL API endpoint"], bearer)
        said = form("opencti")
        self.assert_objects(f"{said['TAXII server URL']}/collections/{said['TAXII Collection']}/objects/", bearer)

    def test_xsoar_finds_the_collection_by_its_title_from_the_discovery_on(self):
        said = form("xsoar")
        root = urllib.parse.urljoin(hub.url, ask(said["Discovery Service URL"], basic(hub.feed)).json["default"])
        titles = [one["title"] for one in ask(root + "collections/", basic(hub.feed)).json["collections"]]
        self.assertEqual(titles.count(said["Collection Name To Fetch Indicators From"]), 1)

    def test_misp_may_submit_where_it_is_told(self):
        said = form("misp", hub.submitter)
        body = json.dumps({"objects": [indicator(tlp="red")]})
        answer = ask(f"{said['Api Root']}collections/{said['Collection']}/objects/", basic(hub.submitter) | {"Content-Type": TAXII}, "POST", body)
        self.assertEqual((answer.status, answer.json["success_count"]), (202, 1))
        refused = connect("misp")
        self.assertEqual((refused.returncode, refused.stdout), (3, ""))

    def test_people_read_place_fields_and_notes_and_no_token(self):
        done = connect("xsoar", token=hub.lab)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith("Cortex XSOAR: Settings, Integrations, TAXII 2 Feed\n\n  Discovery Service URL"), done.stdout)
        self.assertEqual(done.stdout.count("note: "), 3, done.stdout)
        self.assertNotIn(hub.lab, done.stdout)


if __name__ == "__main__":
    unittest.main()
