"""Attacks that other systems of this kind fell to, by the numbers of our list: who may do what.

Over HTTPS, against the real binary. The tests in which a case is shown in depth are named by a comment."""
import json
import random
import unittest
import uuid

from attack import ROLES, admin_of, routes, tables
from community import set_up_module
from instance import indicator

def setUpModule():
    global hub, admin
    hub = set_up_module()
    hub.organisation("dorado", "cloud", "red")
    hub.dorado = hub.token("dorado", "analyst")
    hub.ring = hub.verb("audience", "add", "ring", "--member", "aurora,dorado")
    hub.tokens = {role: hub.token("cassini" if role == "liaison" else "borealis", role) for role in ROLES}
    admin = admin_of(hub)


def stored(*made, token=None):
    answer = hub.submit(*made, token=token)
    if answer["success_count"] != len(made):
        raise AssertionError(answer)
    return answer


def unchanged(rows):
    """What a request may not change that is answered 4xx, or whose only object is refused, but for the latter's status."""
    return {name: one for name, one in rows.items() if name != "submissions"}


class ElsewhereAndOwned(unittest.TestCase):
    """In depth: "the status of a submission and the withdrawal of an object are for its own organisation" of the authorisation matrix."""

    def test_a01_what_is_authorised_by_the_path_is_not_done_to_what_the_body_or_another_path_names(self):
        mine, theirs = indicator(tlp="green"), indicator(tlp="green")
        stored(mine)
        status = stored(theirs, token=hub.cloud)["id"]
        uuid_of = theirs["id"].split("--")[1]
        elsewhere = hub.objects_of("campaigns")
        before = tables(hub)
        for method, path, body in (
                ("DELETE", f"{hub.objects}{theirs['id']}/", None), ("DELETE", f"{elsewhere}{mine['id']}/", None),
                ("DELETE", f"{hub.objects}malware--{uuid_of}/", None), ("DELETE", f"{hub.objects}{mine['id']}/", {"id": theirs["id"]}),
                ("DELETE", f"{hub.objects}{theirs['id']}/", {"id": mine["id"]}), ("GET", f"/taxii2/root/status/{status}/", None),
                ("GET", f"/api/v1/collections/{hub.collection('network')}/objects/{theirs['id']}/readers", None)):
            with self.subTest(method=method, path=path, body=body):
                answer = hub.call(method, path, hub.lab, body)
                self.assertTrue(400 <= answer.status < 500, answer.body)
        self.assertEqual(unchanged(tables(hub)), unchanged(before))
        forged = dict(theirs, modified="2026-05-01T00:00:00Z", created_by_ref=hub.call("GET", "/api/v1/me", hub.cloud).json["identity"])
        self.assertEqual(hub.submit(forged)["failure_count"], 1)
        self.assertEqual(unchanged(tables(hub)), unchanged(before))
        placed = indicator(tlp="green")
        hub.call("POST", elsewhere, hub.lab, {"objects": [placed], "id": hub.collection("network"), "collection": hub.collection("network")})
        self.assertEqual([hub.call("GET", f"{path}{placed['id']}/", hub.lab).status for path in (elsewhere, hub.objects)], [200, 404])

    def test_a01_an_administrators_change_is_to_what_the_path_names(self):
        one, other = hub.token("aurora", "feed"), hub.token("borealis", "feed")
        credential = lambda token: f"/api/v1/admin/credentials/{token[7:23]}/revoke"
        proposal = hub.verb("audience", "member", "ring", "--add", "cassini")
        before = tables(hub)
        for path, body in (("/api/v1/admin/credentials/0000000000000000/revoke", {"id": other[7:23]}),
                           ("/api/v1/admin/organisations/nobody/disable", {"name": "borealis"}),
                           ("/api/v1/admin/organisations/" + other[7:23] + "/disable", {"name": "borealis"}),
                           ("/api/v1/admin/credentials/borealis/revoke", {"id": other[7:23]}),
                           (f"/api/v1/admin/audience-proposals/{uuid.uuid4()}/approve", {"id": proposal}),
                           ("/api/v1/admin/audiences/nothing/members", {"organisation": "borealis"}),
                           ("/api/v1/admin/audiences/ring/remove", {"organisation": "aurora", "name": "other"})):
            with self.subTest(path):
                self.assertIn(hub.call("POST", path, admin, body).status, (404, 422))
        self.assertEqual(tables(hub), before)
        self.assertEqual(hub.call("POST", credential(one), admin, {"id": other[7:23]}).status, 200)
        self.assertEqual([hub.call("GET", "/api/v1/me", token).status for token in (one, other)], [401, 200])

    def test_a04_what_the_server_owns_is_in_no_body(self):
        seen = indicator(tlp="green")
        stored(seen)
        bodies = {
            "/api/v1/admin/organisations": {"name": "europa", "type": "lab", "clearance": "green"},
            "/api/v1/admin/credentials": {"organisation": "aurora", "roles": ["feed"]},
            "/api/v1/admin/invitations": {"organisation": "aurora", "roles": ["feed"]},
            "/api/v1/admin/denied-pins": {"pin": "ab" * 32},
            "/api/v1/admin/erasures": {"organisation": "aurora", "object": "indicator--" + str(uuid.uuid4())},
            "/api/v1/admin/collections": {"title": "Europa"},
            "/api/v1/admin/audiences": {"name": "europa", "members": ["aurora"]},
            "/api/v1/admin/audiences/ring/members": {"organisation": "borealis"},
            "/api/v1/admin/audiences/ring/remove": {"organisation": "aurora"},
            "/api/v1/admin/allow-lists": {"name": "cloud", "entries": ["9.9.9.0/24"]},
            "/api/v1/admin/allow-lists/import": {"name": "cloud", "entries": ["9.9.9.0/24"]},
            "/api/v1/admin/allow-lists/remove": {"name": "cloud", "entries": ["9.9.9.0/24"]},
            "/api/v1/admin/peers": {"line": "tocsin-peer-AAAA"},
            "/api/v1/ranges": {"ranges": ["9.9.9.0/24"]},
            "/api/v1/ranges/remove": {"ranges": ["9.9.9.0/24"]},
            "/api/v1/mutes": {"kind": "proxy-asn", "value": "AS7", "because": "our own"},
            "/api/v1/mutes/remove": {"kind": "proxy-asn", "value": "AS7"},
            "/api/v1/match": {"items": [{"asn": 7}]},
            "/api/v1/waiting/withdraw": {"ids": [str(uuid.uuid4())]},
            "/api/v1/admin/collections/network/moderation": {"moderation": "off"},
            "/api/v1/admin/organisations/aurora/standing": {"standing": "trusted"},
            f"/api/v1/indicators/indicator--{uuid.uuid4()}/retract": {"because": "wrong"},
            "/api/v1/recalls": {"id": f"indicator--{uuid.uuid4()}", "because": "wrong"},
            f"/api/v1/indicators/indicator--{uuid.uuid4()}/release": {"to": "tlp:green"},
            f"/api/v1/indicators/{seen['id']}/sightings": {"outcome": "confirmed"},
            f"/api/v1/indicators/{seen['id']}/opinions": {"opinion": "agree"},
        }
        self.assertTrue(set(bodies) >= {path for method, path, _ in routes() if method == "POST" and path.startswith("/api/v1/admin/") and
                                        not path.endswith(("able", "revoke", "approve", "log-key", "peer-invitations", "peer-agreements")) and "{" not in path})
        owned = ("id", "row", "created", "created_us", "revoked", "disabled", "state", "epoch", "role", "roles", "organisation", "organisation_id",
                 "owner", "identity", "clearance", "secret", "secret_digest", "token", "token_id", "marking", "group", "definition", "proposals",
                 "approved", "proposer", "admin", "tlp_floor", "signed_by", "Name", "ROLES", "members ", "__proto__")
        taken = {"/api/v1/admin/organisations": ("identity", "clearance"), "/api/v1/admin/credentials": ("roles", "organisation"),
                 "/api/v1/admin/invitations": ("roles", "organisation"),
                 "/api/v1/admin/erasures": ("organisation",), "/api/v1/recalls": ("organisation",)}
        before = tables(hub)
        for path, body in bodies.items():
            caller = admin if "/admin/" in path else hub.cloud
            for name in owned:
                if name in body or name in taken.get(path, ()):
                    continue
                with self.subTest(path, name=name):
                    answer = hub.call("POST", path, caller, dict(body, **{name: body.get("name", "1")}))
                    self.assertEqual((answer.status, answer.json["code"]), (422, "property-unknown"))
            first = next(iter(body))
            doubled = json.dumps(body)[:-1] + f", {json.dumps(first)}: {json.dumps(body[first])}}}"
            self.assertTrue(400 <= hub.call("POST", path, caller, doubled).status < 500, doubled)
        self.assertEqual(tables(hub), before)

    def test_a04_what_an_object_says_of_its_owner_and_its_place_is_content_alone(self):
        made = indicator(tlp="green", asserter=1, organisation="aurora", date_added="2020-01-01T00:00:00Z", sequence=1, creator="x", class_=1)
        stored(made, token=hub.cloud)
        self.assertEqual(hub.call("DELETE", f"{hub.objects}{made['id']}/", hub.lab).status, 404)
        record = hub.call("GET", hub.objects.replace("/objects/", "/manifest/") + f"?match[id]={made['id']}", hub.lab).json["objects"][0]
        self.assertGreater(record["date_added"], "2026-02")
        self.assertEqual(hub.call("DELETE", f"{hub.objects}{made['id']}/", hub.cloud).status, 200)


class OtherPages(unittest.TestCase):
    """In depth: console_session_test.cpp, console_test.py, and gates_test.cpp of http."""

    def test_a17_a_cookie_does_nothing_for_a_page_of_another_origin(self):
        cookie = {"Cookie": hub.call("POST", "/console/session", admin).headers["Set-Cookie"].partition(";")[0]}
        before, asked = tables(hub), 0
        for method, path, roles in routes():
            if "admin" not in roles or (method, path) == ("POST", "/console/session"):  # where a cookie is no credential
                continue
            path = path.replace("{id}", "network").replace("{name}", "borealis").replace("{object}", f"indicator--{uuid.UUID(int=1)}")
            path = path.replace("{log}", "data").replace("{hash}", "0" * 64).replace("{+tile}", "0/000").replace("{file}", "manifest.json")
            for headers in ({}, {"X-Tocsin-Console": "1"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site", "X-Tocsin-Console": "1"},
                            *([{"Sec-Fetch-Site": "same-origin"}] if method != "GET" else [])):
                with self.subTest(method, path=path, headers=headers):
                    self.assertEqual(hub.call(method, path, None, {} if method == "POST" else None, headers | cookie).status, 403)
                    asked += 1
        self.assertGreater(asked, 150)
        self.assertEqual(tables(hub), before)
        self.assertEqual(hub.call("GET", "/api/v1/me", headers={"Sec-Fetch-Site": "same-origin"} | cookie).status, 200)


class Roles(unittest.TestCase):
    """In depth: authorisation_matrix_test.cpp, with a table written by hand and every state of a credential."""

    def test_a08_every_route_asks_who_it_is_and_what_he_may(self):
        known = routes()
        self.assertGreater(len(known), 30)
        for method, pattern, roles in known:
            path = pattern.replace("{id}", str(uuid.UUID(int=1))).replace("{object}", f"indicator--{uuid.UUID(int=1)}").replace("{name}", "nobody").replace("{log}", "data").replace("{hash}", "0" * 64).replace("{+tile}", "0/000").replace("{file}", "manifest.json").replace("{+path}", "feeds")
            for spelled in (path, path.removesuffix("/") if path.endswith("/") else path + "/"):
                with self.subTest(method, path=spelled):
                    status = hub.call(method, spelled).status
                    self.assertEqual(status, 401 if roles else 200)
            for role, token in hub.tokens.items() if roles else ():
                with self.subTest(method, path=path, role=role):
                    heard = role in roles and not path.startswith("/api/v1/moderation")  # which analysts of the instance do alone
                    self.assertEqual(hub.call(method, path, token, {} if method == "POST" else None).status == 403, not heard)

    def test_a21_no_sequence_of_what_others_ask_of_the_administration_makes_anybody_stronger(self):
        chance = random.Random(21)
        proposal = hub.verb("audience", "member", "ring", "--add", "borealis")
        weak = {role: token for role, token in hub.tokens.items() if role != "admin"}
        before = tables(hub), {role: hub.call("GET", "/api/v1/me", token).json for role, token in weak.items()}
        words = {"{name}": ("borealis", "aurora", "ring", "hub"), "{id}": (proposal, weak["analyst"][7:23], admin[7:23])}
        bodies = ({"organisation": "borealis", "roles": ["admin"]}, {"organisation": "hub", "roles": ["admin", "analyst"]}, {"organisation": "borealis"},
                  {"name": "borealis2", "type": "lab", "clearance": "red"}, {"name": "all", "members": ["borealis"]}, {"title": "Mine", "default_tlp": "clear"}, {})
        changes = [path for method, path, _ in routes() if method == "POST" and path.startswith("/api/v1/admin/")]
        for step in range(300):
            path, (role, token) = chance.choice(changes), chance.choice(sorted(weak.items()))
            for word, values in words.items():
                path = path.replace(word, chance.choice(values))
            headers = chance.choice(({}, {"X-HTTP-Method-Override": "GET"}, {"X-Original-URL": "/api/v1/me"}, {"X-Forwarded-User": "operator"}))
            answer = hub.call("POST", path, token, chance.choice(bodies), headers)
            self.assertEqual(answer.status, 403, (step, role, path))
            self.assertNotIn(b"tocsin_", answer.body)
        self.assertEqual((tables(hub), {role: hub.call("GET", "/api/v1/me", token).json for role, token in weak.items()}), before)

    def test_a21_one_administrator_does_not_become_two(self):
        made = hub.call("POST", "/api/v1/admin/audiences/ring/members", admin, {"organisation": "borealis"}).json["proposal"]
        second = hub.call("POST", "/api/v1/admin/credentials", admin, {"organisation": "hub", "roles": ["admin"]}).json["token"]
        for token in (admin, second):
            self.assertEqual(hub.call("POST", f"/api/v1/admin/audience-proposals/{made}/approve", token, {}).status, 403)
        ring = next(one for one in hub.call("GET", "/api/v1/admin/audiences", admin).json["audiences"] if one["name"] == "ring")
        self.assertEqual(ring["members"], ["aurora", "dorado"])


if __name__ == "__main__":
    unittest.main()
