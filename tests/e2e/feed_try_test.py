"""`tocsin feed try`: whom a feed would have hit in a log, and for how many of them the address alone would have spoken."""
import json
import unittest

from cli_case import Case, set_up_module, tocsin, write

JA4 = "t13d1516h2_8daaf6152771_02713d6af862"


def setUpModule():
    global hub, folder, lab, feed, lab_file
    hub, folder, lab, feed, lab_file = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    holds = {"valid_from": "2026-11-01T00:00:00Z", "valid_until": "2099-01-01T00:00:00Z"}  # at the time of the logs
    got = hub.call("POST", "/api/v1/indicators?override=A%20test", lab, [one | holds for one in [
        {"kind": "ip-range", "value": "198.51.100.0/28", "action": "block"}, {"kind": "ip-range", "value": "2001:db8:7::/48", "action": "block"},
        {"kind": "user-agent", "value": "harvest/1.0"}, {"kind": "tls-fingerprint", "algorithm": "ja4", "value": JA4}]])
    if got.status != 200 or got.json["refused"]:
        raise AssertionError(got.body)


def request(address, account=None, **members):
    line = {"time": "2026-11-22T10:00:00Z", "ip": address, "account": account} | members
    return json.dumps({name: value for name, value in line.items() if value is not None}) + "\n"


class Trying(Case):
    def tried(self, log, *words, name="block-v4", **options):
        return json.loads(self.assert_done(tocsin("feed", "try", name, write("access.log", log), "--json", *words, **options)).stdout)

    def test_requests_and_accounts_are_counted_and_those_without_a_second_kind(self):
        said = self.tried(
            request("198.51.100.3", "anna", user_agent="curl/8") + request("203.0.113.9", "anna", user_agent="harvest/1.0")  # her client is known from elsewhere
            + request("198.51.100.4", "bert", user_agent="curl/8") * 3 + request("198.51.100.16", "cleo", user_agent="harvest/1.0")  # a neighbour
            + request("198.51.100.5", user_agent="harvest/1.0") + request("198.51.100.5", time="2026-11-22T11:00:00Z"))
        self.assertEqual((said["requests"], said["hit"], said["of_one_kind"]), (8, {"requests": 6, "accounts": 2}, {"requests": 4, "accounts": 1}))
        self.assertEqual(said["accounts"], [{"account": "bert", "requests": 3, "hit": 3, "second_kind": False},
                                            {"account": "anna", "requests": 2, "hit": 1, "second_kind": True}])
        self.assertEqual((said["first_seen"], said["last_seen"]), ("2026-11-22T10:00:00Z", "2026-11-22T11:00:00Z"))

    def test_whatever_else_a_line_tells_is_a_second_kind_and_names_may_be_mapped(self):
        said = self.tried(request("198.51.100.3", "anna", ja4=JA4))
        self.assertEqual((said["hit"], said["of_one_kind"]), ({"requests": 1, "accounts": 1}, {"requests": 0, "accounts": 0}))
        other = json.dumps({"time": 1763805600, "from": "2001:db8:7::1", "who": "anna", "ip": "198.51.100.3"}) + "\r\n"
        said = self.tried(other, "--map", "address=from", "--map", "account=who", name="block-v6")
        self.assertEqual(said["accounts"], [{"account": "anna", "requests": 1, "hit": 1, "second_kind": False}])

    def test_what_is_no_request_is_counted_and_hits_nothing(self):
        said = self.tried(request("198.51.100.3") + "not a line\n\n{\"ip\":\n" + request(None, "dora").rstrip("\n"))
        self.assertEqual((said["requests"], said["bad_lines"], said["without_address"], said["hit"]["requests"]), (2, 2, 1, 1))

    def test_it_reads_standard_input_and_tells_people(self):
        done = self.assert_done(tocsin("feed", "try", "block-v4", "-", stdin=request("198.51.100.3", "anna"), TOCSIN_FORMAT="table"))
        for text in ("would have hit 1 of 1 request, of 1 account", "without a second kind of evidence: 1 request, of 1 account", "anna  1 of 1 request"):
            self.assertIn(text, done.stdout)

    def test_nothing_of_the_log_is_told_to_the_server(self):
        self.tried(request("198.51.100.3", "untold-account", user_agent="untold-agent"))
        log = (hub.dir / "serve.log").read_text()
        for word in ("untold", "198.51.100.3"):
            self.assertNotIn(word, log)

    def test_mistakes_are_named(self):
        log = write("access.log", request("198.51.100.3"))
        got = hub.call("POST", "/api/v1/indicators?override=A%20test", lab, {"kind": "proxy-asn", "value": 64496, "action": "block"})
        self.assertEqual(got.json["refused"], 0, got.body)
        for words, text in ((["block-v4"], "No log"), (["block-v4", log, "--map", "x"], "FIELD=NAME"), (["block-v4", log, "--to", "y"], "--to"),
                            (["block-asn", log], "no list of networks"), (["block-v4", folder / "absent"], "absent")):
            with self.subTest(words):
                self.assert_fails(tocsin("feed", "try", *words), 1, text)


if __name__ == "__main__":
    unittest.main(verbosity=1)
