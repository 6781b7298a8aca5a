"""Requests that are sent again with their Idempotency-Key: carried out once, whatever happened to the first answer."""
import json
import os
import random
import sqlite3
import threading
import unittest
import uuid
from concurrent.futures import ThreadPoolExecutor

from community import set_up_module
from instance import Instance, indicator

KILLS = int(os.environ.get("TOCSIN_KILLS", "12"))
CSV = {"Content-Type": "text/csv"}


def setUpModule():
    global hub
    hub = set_up_module(init=["--demo"])


def keyed(path, body, key, token=None, headers=None):
    return hub.call("POST", path, token or hub.lab, body, {"Idempotency-Key": key, **(headers or {})})


def told(answer):
    if answer.status != 200:
        raise AssertionError((answer.status, answer.body))
    return answer.json


def replayed(answer):
    return answer.headers.get("Idempotency-Replayed")


def share(value, **said):
    return told(hub.call("POST", "/api/v1/indicators", hub.lab, {"kind": "ip-range", "value": value, **said}))["items"][0]["id"]


def sightings(of, token=None):
    page = hub.call("GET", f"{hub.objects_of('network')}?limit=10000&match[type]=sighting", token or hub.lab).json
    return [one for one in page.get("objects", []) if one["sighting_of_ref"] == of]


def new_key():
    return str(uuid.uuid4())


class SentAgain(unittest.TestCase):
    def repeat(self, path, body, token=None, headers=None):
        """The first answer, after checking that the second has the same bytes."""
        key = new_key()
        first = keyed(path, body, key, token, headers)
        again = keyed(path, body, key, token, headers)
        told(first)
        self.assertEqual((again.status, again.body), (200, first.body))
        self.assertEqual((replayed(first), replayed(again)), (None, "true"))
        return first.json

    def test_a_sighting_is_there_once(self):
        made = share("203.0.113.1")
        self.repeat(f"/api/v1/indicators/{made}/sightings", {"outcome": "confirmed"}, hub.cloud)
        self.assertEqual(len(sightings(made)), 1)
        self.repeat(f"/api/v1/indicators/{made}/sightings", {"outcome": "confirmed"}, hub.cloud)  # with a key of its own
        self.assertEqual(len(sightings(made)), 2)

    def test_so_is_one_in_several_collections(self):
        made = indicator("203.0.113.2")
        hub.verb("collection", "add", "beside")
        for alias in ("network", "beside"):
            hub.submit(made, path=hub.objects_of(alias))
        answer = self.repeat(f"/api/v1/indicators/{made['id']}/sightings", {"outcome": "suspected"})
        self.assertEqual((answer["outcome"], len(answer["collections"])), ("accepted", 2))
        self.assertEqual(len(sightings(made["id"])), 1)

    def test_every_native_write_answers_as_it_did(self):
        answer = self.repeat("/api/v1/indicators", [{"kind": "ip-range", "value": "203.0.113.3"}, {"kind": "ip-range", "value": "203.0.113.8"}])
        self.assertEqual((answer["accepted"], answer["unchanged"], answer["refused"]), (2, 0, 0))
        made = answer["items"][0]["id"]
        self.assertEqual(self.repeat("/api/v1/indicators", "kind,value\nip-range,203.0.113.4\n", headers=CSV)["accepted"], 1)
        self.assertEqual(self.repeat("/api/v1/campaigns?atomic=1", {"name": "Heron"})["accepted"], 1)
        self.assertEqual(self.repeat("/api/v1/infrastructures", {"name": "Net"})["accepted"], 1)
        self.assertEqual(self.repeat(f"/api/v1/indicators/{made}/opinions", {"opinion": "agree"}, hub.cloud)["outcome"], "accepted")
        self.assertEqual(self.repeat(f"/api/v1/indicators/{made}/retract", {"because": "wrong"})["outcome"], "retracted")

    def test_many_at_once_are_each_kept_before_they_are_answered(self):
        def send(i):
            body, key, connection = {"kind": "ip-range", "value": f"203.0.113.{i}"}, {"Idempotency-Key": new_key()}, hub.connect()
            first, again = (hub.call("POST", "/api/v1/indicators", hub.lab, body, key, connection) for _ in range(2))
            connection.close()
            return first.status, again.status, first.body == again.body, replayed(first), replayed(again)

        with ThreadPoolExecutor(16) as senders:
            for outcome in senders.map(send, range(128, 192)):
                self.assertEqual(outcome, (200, 200, True, None, "true"))

    def test_quotation_marks_are_not_of_the_key(self):
        made, key = share("203.0.113.5"), new_key()
        path = f"/api/v1/indicators/{made}/sightings"
        told(keyed(path, {"outcome": "confirmed"}, key))
        self.assertEqual(replayed(keyed(path, {"outcome": "confirmed"}, f'"{key}"')), "true")

    def test_what_was_stored_in_between_changes_no_answer(self):
        key, item = new_key(), {"kind": "ip-range", "value": "203.0.113.6"}
        first = told(keyed("/api/v1/indicators", item, key))
        told(hub.call("POST", f"/api/v1/indicators/{first['items'][0]['id']}/retract", hub.lab, {"because": "wrong"}))
        again = keyed("/api/v1/indicators", item, key)
        self.assertEqual((again.json, replayed(again)), (first, "true"))
        self.assertTrue(told(hub.call("GET", f"/api/v1/indicators/{first['items'][0]['id']}", hub.lab))["said"][0]["revoked"])

    def test_it_outlives_a_restart(self):
        made, key = share("203.0.113.7"), new_key()
        path = f"/api/v1/indicators/{made}/sightings"
        first = told(keyed(path, {"outcome": "confirmed"}, key))
        hub.kill()
        hub.start()
        again = keyed(path, {"outcome": "confirmed"}, key)
        self.assertEqual((again.json, replayed(again)), (first, "true"))

    def test_a_long_body_is_answered_as_it_was(self):
        lines = "".join(f"203.0.{i // 200}.{i % 200 + 1}\n" for i in range(6_000))
        headers = {"Content-Type": "text/plain"}
        path = "/api/v1/indicators?kind=ip-range&action=observe"
        if keyed(path, lines, new_key(), headers=headers).json["accepted"] < 1:
            raise AssertionError("nothing of it was stored")
        answer = self.repeat(path, lines, headers=headers)
        self.assertGreater(answer["left_out"], 0)


class Refused(unittest.TestCase):
    def test_another_request_under_the_same_key_is_refused(self):
        made, other, key = share("203.0.113.20"), share("203.0.113.21"), new_key()
        told(keyed(f"/api/v1/indicators/{made}/sightings", {"outcome": "confirmed"}, key))
        for path, body in ((f"/api/v1/indicators/{made}/sightings", {"outcome": "suspected"}),
                           (f"/api/v1/indicators/{other}/sightings", {"outcome": "confirmed"}),
                           (f"/api/v1/indicators/{made}/sightings?x=1", {"outcome": "confirmed"}),
                           ("/api/v1/indicators", {"kind": "ip-range", "value": "203.0.113.22"})):
            answer = keyed(path, body, key)
            self.assertEqual((answer.status, answer.json["code"]), (422, "idempotency-key-reused"), path)
        self.assertEqual((len(sightings(made)), sightings(other)), (1, []))

    def test_a_key_is_of_one_organisation_and_of_one_credential(self):
        made, key = share("203.0.113.23"), new_key()
        path = f"/api/v1/indicators/{made}/sightings"
        told(keyed(path, {"outcome": "confirmed"}, key, hub.cloud))
        other = keyed(path, {"outcome": "confirmed"}, key)
        self.assertEqual((other.status, replayed(other)), (200, None))
        self.assertEqual(len(sightings(made)), 2)
        colleague = keyed(path, {"outcome": "confirmed"}, key, hub.submitter)
        self.assertEqual((colleague.status, colleague.json["code"]), (422, "idempotency-key-reused"))

    def test_a_revoked_token_is_given_no_kept_answer(self):
        made, key = share("203.0.113.24"), new_key()
        token = hub.token("aurora", "analyst")
        path = f"/api/v1/indicators/{made}/sightings"
        told(keyed(path, {"outcome": "confirmed"}, key, token))
        hub.verb("token", "revoke", token.split("_")[1])
        self.assertEqual(keyed(path, {"outcome": "confirmed"}, key, token).status, 401)

    def test_a_key_has_a_length_and_characters(self):
        made = share("203.0.113.25")
        for key in ("", "a b", "k" * 129, "a,b", '"', "a'"):
            answer = keyed(f"/api/v1/indicators/{made}/sightings", {"outcome": "confirmed"}, key)
            self.assertEqual((answer.status, answer.json["code"]), (400, "idempotency-key-invalid"), key)
        self.assertEqual(sightings(made), [])
        told(keyed(f"/api/v1/indicators/{made}/sightings", {"outcome": "confirmed"}, "k" * 128))

    def test_a_refusal_takes_no_key(self):
        made, key = share("203.0.113.26"), new_key()
        path = f"/api/v1/indicators/{made}/sightings"
        self.assertEqual(keyed(path, {"outcome": "perhaps"}, key).status, 422)
        self.assertEqual(replayed(keyed(path, {"outcome": "confirmed"}, key)), None)
        self.assertEqual(len(sightings(made)), 1)

    def test_a_dry_run_takes_no_key(self):
        key, item = new_key(), {"kind": "ip-range", "value": "203.0.113.27"}
        self.assertEqual(told(keyed("/api/v1/indicators?dry_run=1", item, key))["dry_run"], True)
        self.assertEqual(told(keyed("/api/v1/indicators", item, key))["accepted"], 1)

    def test_a_request_is_not_begun_twice(self):
        key = new_key()
        body = "".join(f"198.51.100.{i % 250 + 1}\n" for i in range(40_000))
        first = hub.connect()
        first.putrequest("POST", "/api/v1/indicators?kind=ip-range")
        for name, value in (("Authorization", "Bearer " + hub.lab), ("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("Idempotency-Key", key),
                            ("Expect", "100-continue")):
            first.putheader(name, value)
        first.endheaders()
        self.assertTrue(first.sock.recv(1_000).startswith(b"HTTP/1.1 100 "))  # it has begun to read
        second = keyed("/api/v1/indicators?kind=ip-range", "203.0.113.1\n", key, headers={"Content-Type": "text/plain"})
        self.assertEqual((second.status, second.json["code"], second.headers["Retry-After"]), (409, "idempotency-key-under-way", "1"))
        first.send(body.encode())
        answer = first.getresponse()
        self.assertEqual(answer.status, 200)
        text = answer.read()
        third = keyed("/api/v1/indicators?kind=ip-range", body, key, headers={"Content-Type": "text/plain"})
        self.assertEqual((third.status, replayed(third), third.body), (200, "true", text))


class Kept(unittest.TestCase):
    def rows(self, columns="count(*)"):
        with sqlite3.connect(f"file:{hub.dir}/tocsin.db?mode=ro", uri=True) as database:
            return database.execute(f"SELECT {columns} FROM kept_answers").fetchall()

    def test_nothing_that_was_sent_is_in_it(self):
        key = new_key()
        told(keyed("/api/v1/indicators", {"kind": "ip-range", "value": "203.0.113.40", "description": "heron-on-the-lake"}, key))
        kept = str(self.rows("*"))
        for secret in ("203.0.113.40", "heron-on-the-lake", key):
            self.assertNotIn(secret, kept)

    def test_an_answer_that_refuses_items_quotes_them_and_is_not_kept(self):
        key, items = new_key(), [{"kind": "ip-range", "value": "203.0.113.42"}, {"kind": "heron-on-the-lake", "value": "x"}]
        first = keyed("/api/v1/indicators", items, key)
        self.assertEqual((told(first)["accepted"], first.json["refused"]), (1, 1))
        self.assertIn("heron-on-the-lake", first.body.decode())
        self.assertNotIn("heron-on-the-lake", str(self.rows("answer")))
        again = keyed("/api/v1/indicators", items, key)
        self.assertEqual((told(again)["unchanged"], again.json["refused"], replayed(again)), (1, 1, None))
        self.assertEqual(again.json["items"][0]["id"], first.json["items"][0]["id"])

    def test_what_is_erased_is_in_no_kept_answer_and_its_key_stays_taken(self):
        key, item = new_key(), {"kind": "ip-range", "value": "203.0.113.41"}
        made = told(keyed("/api/v1/indicators", item, key))["items"][0]["id"]
        self.assertIn(made, str(self.rows("answer")))
        hub.verb("erase", "--org", "aurora", made)
        self.assertNotIn(made, str(self.rows("answer")))
        answer = keyed("/api/v1/indicators", item, key)
        self.assertEqual((answer.status, answer.json["code"]), (422, "idempotency-key-reused"))


class Killed(unittest.TestCase):
    def test_no_kill_makes_two_of_one(self):
        """The server is killed at any moment of the request; it is sent again until it is answered."""
        place = Instance()
        self.addCleanup(place.close)
        place.organisation("aurora", "lab", "red")
        token = place.token("aurora", "analyst")
        place.start()
        made = indicator("198.51.100.7")
        place.call("POST", place.objects_of("network"), token, {"objects": [made]})
        path, answers, interrupted = f"/api/v1/indicators/{made['id']}/sightings", {}, 0
        for kill in range(KILLS):
            keys = [f"kill-{kill}-{i}" for i in range(200)]

            def send():
                connection = place.connect()
                for key in keys:
                    try:
                        answer = place.call("POST", path, token, {"outcome": "confirmed"}, {"Idempotency-Key": key}, connection)
                    except Exception:  # the server died under this request
                        return
                    answers[key] = told(answer)["id"]

            sender = threading.Thread(target=send)
            sender.start()
            threading.Event().wait(random.Random(kill).uniform(0.02, 0.2))  # the moment is the point of the test
            place.kill()
            sender.join(60)
            place.start()
            for key in keys[: keys.index(max((k for k in answers if k in keys), key=keys.index, default=keys[0])) + 2]:
                answer = place.call("POST", path, token, {"outcome": "confirmed"}, {"Idempotency-Key": key})
                if key in answers:
                    self.assertEqual((told(answer)["id"], replayed(answer)), (answers[key], "true"))
                else:
                    interrupted += replayed(answer) == "true"  # stored, and its answer lost
                    answers[key] = told(answer)["id"]
        page = place.call("GET", f"{place.objects_of('network')}?limit=10000&match[type]=sighting", token).json
        self.assertEqual(sorted(one["id"] for one in page["objects"]), sorted(answers.values()))
        self.assertEqual(len(set(answers.values())), len(answers))
        print(f"{KILLS} kills, {len(answers)} sightings, {interrupted} answers found that had been lost")
        place.stop()


if __name__ == "__main__":
    unittest.main(verbosity=1)
