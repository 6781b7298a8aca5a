"""`tocsin scan`: a member's own logs held against what it sees, on its own machine. The real server and the real client."""
import gzip
import html.parser
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import access_logs
from community import set_up_module
from instance import TOCSIN

HOLDS = {"valid_from": "2026-11-01T00:00:00Z", "valid_until": "2099-01-01T00:00:00Z"}
LINES = int(os.environ.get("TOCSIN_SCAN_LINES", "200000"))


def setUpModule():
    global hub, folder, ids, other
    hub = set_up_module(init=["--demo"])  # which takes what is reserved for documentation
    temporary = tempfile.TemporaryDirectory(prefix="tocsin-scan-")
    unittest.addModuleCleanup(temporary.cleanup)
    folder = pathlib.Path(temporary.name)
    hub.organisation("delphi", "lab", "amber")
    other = hub.token("delphi", "analyst")
    networks, rest = ([one for one in access_logs.indicators() if (one["kind"] == "ip-range") == wanted] for wanted in (True, False))
    ids = share(*networks) + share(*rest, token=other)  # nobody alone makes two kinds of evidence


def share(*items, token=None):
    answer = hub.call("POST", "/api/v1/indicators", token or hub.lab, list(items))
    if answer.status != 200 or answer.json["refused"]:
        raise AssertionError(answer.body)
    return [one["id"] for one in answer.json["items"]]


def environment(token=None):
    return {"HOME": str(folder), "TOCSIN_FORMAT": "table", "TOCSIN_URL": hub.url, "TOCSIN_CA": hub.ca, "TOCSIN_TOKEN": token or hub.cloud}


def scan(*words, stdin="", token=None, code=0):
    done = subprocess.run([TOCSIN, "scan", *map(str, words)], input=stdin, capture_output=True, text=True, timeout=500, env=environment(token))
    if done.returncode != code:
        raise AssertionError((done.returncode, done.stdout[-2000:], done.stderr))
    return done


def found(*words, **more):
    """The lines for programs, by type."""
    out = {}
    for line in scan("--ndjson", *words, **more).stdout.splitlines():
        one = json.loads(line)
        out.setdefault(one["type"], []).append(one)
    return out


def request(**members):
    return json.dumps({"ts": access_logs.DAY, "account": "a-1", "ip": "192.0.2.1"} | members)


def written(name, *lines):
    path = folder / name
    path.write_text("".join(line + "\n" for line in lines))
    return path


class Tags(html.parser.HTMLParser):
    """The tags of a page, and whatever in them may refer to something outside."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.refers = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.refers += [name for name, _ in attributes if name in ("src", "href", "xlink:href", "data", "action", "srcset") or name.startswith("on")]


class Attack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = folder / "gateway.ndjson"
        with cls.log.open("w") as file:
            file.writelines(one + "\n" for one in access_logs.attack_day(LINES))
        cls.page = folder / "scan.html"
        cls.found = found(cls.log, "--html", cls.page)

    def test_every_account_of_the_attack_is_found_and_no_honest_one_is_blamed(self):
        acted = {one["account"] for one in self.found["account"] if one["action"] != "none"}
        attack = {f"bad-{number}" for number in range(access_logs.ATTACKERS)}
        self.assertEqual((len(attack - acted), sorted(acted - attack)[:5]), (0, []))
        suspects = [one for one in self.found["account"] if len(one["evidence"]) > 1]
        self.assertEqual(len(suspects), len(acted))
        self.assertEqual({one["action"] for one in suspects}, {"verify"})  # the lighter of what the two kinds want
        self.assertTrue(all(one["evidence"] == ["network", "content"] for one in suspects))

    def test_honest_accounts_with_one_kind_of_evidence_are_told_apart(self):
        others = [one for one in self.found["account"] if one["account"].startswith("good-")]
        self.assertEqual({len(one["evidence"]) for one in others}, {1})
        kinds = {(int(one["account"][5:]) % 50, one["evidence"][0]) for one in others}
        self.assertEqual(kinds, {(0, "network"), (1, "client"), (2, "content"), (3, "client")})

    def test_the_attack_is_one_cluster(self):
        [cluster] = self.found["cluster"]
        self.assertEqual((cluster["accounts"], len(cluster["indicators"])), (access_logs.ATTACKERS, len(access_logs.RANGES) + 1))
        self.assertTrue(cluster["first_seen"].startswith("2026-11-20T00:") and cluster["last_seen"].startswith("2026-11-20T23:"), cluster)

    def test_the_summary_counts_everything(self):
        [summary] = self.found["summary"]
        self.assertEqual((summary["requests"], summary["bad_lines"], summary["indicators"]), (LINES, 0, len(ids)))
        self.assertEqual((summary["suspects"], summary["clusters"]), (access_logs.ATTACKERS, 1))

    def test_the_page_needs_nothing_from_outside_and_shows_charts(self):
        text = self.page.read_text()
        self.assertEqual(self.page.stat().st_mode & 0o777, 0o600)  # it names accounts
        tags = Tags(text)
        self.assertEqual(tags.refers, [])
        self.assertTrue({"svg", "rect", "table"} <= tags.tags)
        self.assertFalse(tags.tags & {"script", "link", "img", "iframe", "object", "base"})
        self.assertIn("default-src 'none'", text)
        self.assertTrue("<b>2,000</b>suspects" in text)


class Rules(unittest.TestCase):
    def evidence(self, *lines, **more):
        return {one.get("account", one.get("address")): one["evidence"] for kind in ("account", "address") for one in found("-", stdin="\n".join(lines), **more).get(kind, [])}

    def test_a_line_is_judged_at_its_own_time(self):
        inside = access_logs.OVER.replace("::/48", "::1")
        lines = [request(account=name, ip=inside, ts=access_logs.DAY + at) for name, at in (("before", -20 * 86_400), ("then", -1), ("after", 0))]
        self.assertEqual(self.evidence(*lines), {"then": ["network"]})

    def test_two_hits_of_one_kind_count_once(self):
        one, other = (value.replace("::/48", "::1") for value in access_logs.RANGES[:2])
        [hit] = found("-", stdin=request(ip=one) + "\n" + request(ip=other))["account"]
        self.assertEqual((hit["evidence"], hit["action"], hit["requests"], len(hit["indicators"])), (["network"], "none", 2, 2))

    def test_one_member_alone_has_nobody_acted_against_but_by_herself(self):
        share({"kind": "ip-range", "value": "2001:db8:a10e::/48", "action": "block", **HOLDS}, {"kind": "user-agent", "value": "alone/1", "action": "block", **HOLDS})
        log = request(ip="2001:db8:a10e::1", user_agent="alone/1")
        action = lambda token=None: [(one["evidence"], one["action"]) for one in found("-", stdin=log, token=token)["account"]]
        self.assertEqual(action(), [(["network", "client"], "none")])
        self.assertEqual(action(hub.lab), [(["network", "client"], "block")])
        share({"kind": "user-agent", "value": "alone/1", "action": "challenge", **HOLDS}, token=other)
        self.assertEqual(action(), [(["network", "client"], "challenge")])

    def test_what_is_of_another_class_hits_nobody_who_does_not_see_it(self):
        [hidden] = share({"kind": "ip-range", "value": "2001:db8:beef::/48", "tlp": "red", **HOLDS})
        lines = [request(ip="2001:db8:beef::1")]
        self.assertEqual(self.evidence(*lines), {})
        self.assertEqual(self.evidence(*lines, token=hub.lab), {"a-1": ["network"]})
        self.assertNotIn(hidden, scan("--ndjson", "-", stdin=lines[0]).stdout)

    def test_what_is_retracted_or_muted_hits_nothing(self):
        gone, muted = share(*({"kind": "ip-range", "value": f"2001:db8:bee{number}::/48", **HOLDS} for number in (1, 2)))
        lines = [request(account="gone", ip="2001:db8:bee1::1"), request(account="muted", ip="2001:db8:bee2::1")]
        self.assertEqual(set(self.evidence(*lines)), {"gone", "muted"})
        self.assertEqual(hub.call("POST", f"/api/v1/indicators/{gone}/retract", hub.lab, {"because": "wrong"}).status, 200)
        self.assertEqual(hub.call("POST", "/api/v1/mutes", hub.cloud, {"kind": "ip-range", "value": "2001:db8:bee2::/48", "because": "ours"}).status, 200)
        self.assertEqual(self.evidence(*lines), {})
        self.assertEqual(set(self.evidence(*lines, token=hub.lab)), {"muted"})
        self.assertEqual(hub.call("POST", "/api/v1/mutes/remove", hub.cloud, {"kind": "ip-range", "value": "2001:db8:bee2::/48"}).status, 200)

    def test_where_the_log_knows_no_account_an_address_is_the_suspect(self):
        entry = ('https 2026-11-20T12:00:00.123456Z app/lb/1 [2001:db8:bad0::7]:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "POST https://api.example:443/ HTTP/1.1" "curl/7" '
                 'TLS TLSv1.2 arn "Root=1" "api.example" "arn" 1 2026-11-20T12:00:00.000000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-" TID_1')
        self.assertEqual(self.evidence(entry), {"2001:db8:bad0::7": ["network"]})

    def test_nobody_is_told_what_the_traffic_is(self):
        scan("--ndjson", "-", stdin=request(account="untold-account", ip="2001:db8:bad0::77", prompt="untold prompt"))
        log = (hub.dir / "serve.log").read_text()
        for word in ("untold", "bad0::77"):
            self.assertNotIn(word, log)


class Output(unittest.TestCase):
    def test_bad_lines_are_told_by_number_and_reason_and_stop_nothing(self):
        path = written("bad.ndjson", request(ip="2001:db8:bad0::1"), "{", "", '{"ts":1,"account":""}', request())
        text = scan(path).stdout
        self.assertIn("2 requests, and 2 lines that are none", text)
        self.assertRegex(text, r"(?m)^  line 2: \S")
        self.assertIn("  line 4: It has neither an account nor an address.\n", text)

    def test_a_log_of_which_nothing_is_read_is_no_clean_log(self):
        path = written("strange.log", "a line", "another")
        done = scan("--format", "alb", path, code=1)
        self.assertIn("None of the 2 lines is a request.", done.stderr)
        self.assertEqual(scan(written("empty.log")).returncode, 0)

    def test_a_log_may_be_packed_and_has_to_be_whole(self):
        packed = gzip.compress((request(ip="2001:db8:bad0::1") + "\n").encode() * 2)
        (folder / "log.gz").write_bytes(packed)
        self.assertEqual(found(folder / "log.gz")["summary"][0]["requests"], 2)
        (folder / "cut.gz").write_bytes(packed[:-4])
        done = scan(folder / "cut.gz", code=1)
        self.assertIn("cut.gz is not whole: Its gzip data has no end. 2 lines came before that.", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_a_log_may_be_csv_packed_or_not_and_rows_have_to_end(self):
        text = f'when,Customer ID,client_ip,prompt\n{access_logs.DAY},a-7,2001:db8:bad0::1,"Why,\n""so""?"\n{access_logs.DAY},a-8,192.0.2.1,\n'
        words = ("--map", "time=when", "--map", "account=Customer ID")
        (folder / "log.csv.gz").write_bytes(gzip.compress(text.encode()))
        for lines in (found("-", *words, stdin=text), found(folder / "log.csv.gz", *words), found("-", "--format", "csv", *words, stdin=text)):
            self.assertEqual([one["account"] for one in lines["account"]], ["a-7"])
            self.assertEqual((lines["summary"][0]["requests"], lines["summary"][0]["bad_lines"]), (2, 0))
        done = scan("-", *words, stdin=text + f'{access_logs.DAY},"a-9', code=1)
        self.assertIn("standard input is not whole: The row that begins in line 5 has a quote that nothing closes. 2 lines came before that.", done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertIn("None of the 3 lines is a request.", scan("-", stdin=text.partition("\n")[2], code=1).stderr)

    def test_people_get_a_table_and_programs_a_line_for_each(self):
        lines = [request(ip="2001:db8:bad0::1", ja4=access_logs.JA4)]
        text = scan("-", stdin=lines[0]).stdout
        self.assertRegex(text, r"(?m)^challenge +\d+% +network, client +1 +2026-11-20T00:00:00Z +2026-11-20T00:00:00Z +1 +a-1$")
        self.assertIn("1 suspect with evidence of two kinds or more, in 1 cluster", text)
        for words in (("--ndjson",), ("--json",)):
            self.assertEqual([json.loads(line)["type"] for line in scan(*words, "-", stdin=lines[0]).stdout.splitlines()],
                             ["account", "cluster", "indicator", "indicator", "summary"])

    def test_what_a_log_says_is_text_in_every_form(self):
        name = "<script>alert('1')</script>\x1b[2J\"&"
        page = folder / "hostile.html"
        text = scan("-", "--html", page, stdin=request(account=name, ip="2001:db8:bad0::1", ja4=access_logs.JA4)).stdout
        self.assertNotIn("\x1b", text)
        shown = page.read_text()
        self.assertIn("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;?[2J&quot;&amp;", shown)
        self.assertNotIn("script", Tags(shown).tags)

    def test_members_are_mapped_by_name(self):
        line = json.dumps({"when": access_logs.DAY, "who": {"id": "a-7"}, "from": "2001:db8:bad0::1"})
        words = ("--map", "time=when", "--map", "account=who.id", "--map", "address=from")
        self.assertEqual([one["account"] for one in found("-", *words, stdin=line)["account"]], ["a-7"])

    def test_a_mapped_member_that_no_request_has_is_told(self):
        done = scan("-", "--map", "account=custmer.id", "--map", "address=from", stdin=json.dumps({"ts": access_logs.DAY, "customer": {"id": "a-7"}, "from": "192.0.2.7"}))
        self.assertEqual(done.stderr, 'tocsin: warning: standard input: no request has "custmer.id", which --map names for account\n')

    def test_what_cannot_be_scanned_is_one_sentence(self):
        for words in (("absent.log",), ("--map", "colour=x", "-"), ("--format", "clf", "-"), ("--asn-database", __file__, "-")):
            with self.subTest(words):
                done = scan(*words, code=1)
                self.assertRegex(done.stderr, r"^tocsin: \S")
                self.assertEqual(done.stdout, "")


class Memory(unittest.TestCase):
    """Measures memory: for release builds."""

    def peak(self, times):
        """Of the client, in KiB, while the same lines come so many times."""
        text = "".join(one + "\n" for one in access_logs.attack_day(60_000)).encode()
        with subprocess.Popen([TOCSIN, "scan", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
            with process.stdin as file:
                for _ in range(times):
                    file.write(text)
                file.flush()
                peak = int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text())[1])
            self.assertIn(f"{60_000 * times:,} requests".encode(), process.stdout.read())
        self.assertEqual(process.returncode, 0)
        return peak

    def test_memory_does_not_follow_the_length_of_the_log(self):
        few, many = self.peak(1), self.peak(10)
        print(f"60,000 lines: {few / 1024:.0f} MiB; ten times as many: {many / 1024:.0f} MiB")
        self.assertLess(many - few, 8 * 1024)


if __name__ == "__main__":
    unittest.main(verbosity=1)
