"""What narrows an enforcement feed, over HTTPS against the real binary: age, collections, and who is behind an address."""
import datetime
import unittest
import urllib.parse

from community import set_up_module
from peering import wait_for


def setUpModule():
    global hub, other
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    known = hub.call("GET", "/taxii2/root/collections/", hub.lab).json["collections"]
    other = next(one["id"] for one in known if one["id"] != hub.collection("network") and one["can_write"])


def native(value, token=None, query="", **said):
    answer = hub.call("POST", "/api/v1/indicators?override=A%20test" + query, token or hub.lab, {"kind": "ip-range", "value": value, "action": "rate-limit", **said})
    if answer.status != 200 or answer.json["refused"]:
        raise AssertionError(answer.body)
    return answer.json


def ask(path="rate-limit-v4", token=None, **asked):
    return hub.call("GET", f"/api/v1/feeds/{path}?" + urllib.parse.urlencode(asked), token or hub.cloud)


def lines(name="rate-limit-v4", **asked):
    answer = ask(name, **asked)
    if answer.status != 200:
        raise AssertionError((answer.status, answer.body))
    return answer.body.decode().split("\n")[:-1]


def excluded(reason, name="rate-limit-v4", **asked):
    return ask(name + "/manifest", **asked).json["excluded"].get(reason, 0)


def shown(identifier):
    [found] = hub.call("GET", f"{hub.objects}{identifier}/", hub.lab).json["objects"]
    return found


def submitted(path, *objects):
    """Objects of the laboratory's, taken into a collection by TAXII."""
    told = hub.submit(*objects, path=path)
    wait_for(lambda: hub.call("GET", f"/taxii2/root/status/{told['id']}/", hub.lab).json["status"] == "complete", "it was not judged")
    status = hub.call("GET", f"/taxii2/root/status/{told['id']}/", hub.lab).json
    if status["success_count"] != len(objects):
        raise AssertionError(status)


class Age(unittest.TestCase):
    def test_what_was_said_longer_ago_is_left_out(self):
        made = shown(native("192.0.2.4", action="rate-limit")["items"][0]["id"])
        long_ago = (datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=10)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        made |= {"id": "indicator--9f3fbd9c-1c0e-4f0f-8f5e-6f64fd9b0c11", "pattern": "[ipv4-addr:value = '192.0.2.6']", "created": long_ago, "modified": long_ago}
        submitted(hub.objects, made)
        there = lambda **asked: {"192.0.2.4", "192.0.2.6"} & set(lines(**asked))
        self.assertEqual(there(max_age=11), {"192.0.2.4", "192.0.2.6"})
        before = excluded("age", max_age=11)
        self.assertEqual(there(max_age=9), {"192.0.2.4"})
        self.assertEqual(excluded("age", max_age=9), before + 1)

    def test_a_list_ends_when_what_is_in_it_has_become_too_old(self):
        young = (datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1) + datetime.timedelta(seconds=600)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        made = shown(native("192.0.2.12")["items"][0]["id"])
        submitted(hub.objects, made | {"id": "indicator--9f3fbd9c-1c0e-4f0f-8f5e-6f64fd9b0c12", "pattern": "[ipv4-addr:value = '192.0.2.14']", "created": young, "modified": young})
        said = lambda **asked: ask("rate-limit-v4/manifest", **asked).json
        self.assertLess(said(max_age=1)["expires"], said()["expires"])


class Collections(unittest.TestCase):
    def test_a_feed_of_collections_has_what_one_of_them_has(self):
        identifier = native("192.0.2.16")["items"][0]["id"]
        network = hub.collection("network")
        for asked in ("network", network, f"network,{other}"):
            self.assertIn("192.0.2.16", lines(collection=asked), asked)
        self.assertNotIn("192.0.2.16", lines(collection=other))
        submitted(f"/taxii2/root/collections/{other}/objects/", shown(identifier))
        self.assertIn("192.0.2.16", lines(collection=other))

    def test_what_is_said_elsewhere_of_it_counts(self):
        identifier = native("192.0.2.20", action="block")["items"][0]["id"]
        submitted(f"/taxii2/root/collections/{other}/objects/", shown(identifier))
        self.assertIn("192.0.2.20", lines("block-v4", collection=other))
        native("192.0.2.20", token=hub.cloud, proxy_class="cgnat")  # in network
        self.assertNotIn("192.0.2.20", lines("block-v4", collection=other))
        self.assertIn("192.0.2.20", lines("rate-limit-v4", collection=other))
        again = shown(identifier)
        again |= {"modified": (datetime.datetime.now(datetime.UTC)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z", "revoked": True}
        submitted(hub.objects, again)
        self.assertNotIn("192.0.2.20", lines("rate-limit-v4", collection=other))

    def test_one_that_the_reader_does_not_see_is_as_one_that_there_is_not(self):
        narrow = hub.token("borealis", "feed", "--collections", "network")
        self.assertEqual(ask(token=narrow, collection="network").status, 200)
        unseen, absent = (ask(token=narrow, collection=name) for name in (other, "00000000-0000-4000-8000-000000000000"))
        self.assertEqual((unseen.status, unseen.json["code"]), (400, "bad-parameter"))
        self.assertEqual(unseen.json["detail"], absent.json["detail"])


class Behind(unittest.TestCase):
    def test_a_class_of_proxies_is_what_anybody_says_of_the_network_or_around_it(self):
        native("192.0.2.80/29", proxy_class="vpn")
        native("192.0.2.88/29")
        there = lambda **asked: [one for one in lines(**asked) if one.startswith(("192.0.2.80/", "192.0.2.88/"))]
        self.assertEqual(there(), ["192.0.2.80/28"])
        self.assertEqual(there(proxy_class="tor,vpn"), ["192.0.2.80/29"])
        self.assertEqual(there(proxy_class="tor"), [])
        before = excluded("proxy-class", proxy_class="vpn")
        native("192.0.2.88/29", token=hub.cloud, proxy_class="vpn", action="observe")
        self.assertEqual(there(proxy_class="vpn"), ["192.0.2.80/28"])
        self.assertEqual(excluded("proxy-class", proxy_class="vpn"), before - 1)

    def test_a_credential_that_does_not_see_observables_gets_no_such_feed(self):
        narrow = hub.token("borealis", "feed", "--kinds", "ip-range")
        answer = ask(token=narrow, proxy_class="vpn")
        self.assertEqual((answer.status, answer.json["code"]), (403, "forbidden"))
        self.assertEqual(ask(token=narrow).status, 200)


class Refusals(unittest.TestCase):
    def test_what_is_not_understood_is_refused(self):
        for asked in ({"max_age": "0"}, {"max_age": "36501"}, {"max_age": "a week"}, {"collection": ""}, {"collection": "nowhere"}, {"collection": "network,"},
                      {"proxy_class": "nobody"}, {"proxy_class": ""}):
            for path in ("rate-limit-v4", "rate-limit-v4/manifest"):
                answer = ask(path, **asked)
                self.assertEqual((answer.status, answer.json["code"]), (400, "bad-parameter"), asked)

    def test_changes_are_those_of_the_narrowed_list(self):
        native("192.0.2.32", proxy_class="relay")
        native("192.0.2.34")
        digest = ask("rate-limit-v4/manifest", proxy_class="relay").json["sha256"]
        native("192.0.2.36", proxy_class="relay")
        since = lambda **asked: ask("rate-limit-v4/changes", since=digest, **asked)
        [change] = since(proxy_class="relay").json["changes"]
        self.assertEqual((change["removed"], change["added"]), ([], ["192.0.2.36"]))
        self.assertEqual(since().status, 409)
        self.assertEqual(since(proxy_class="relay", max_age=1).status, 409)


if __name__ == "__main__":
    unittest.main(verbosity=2)
