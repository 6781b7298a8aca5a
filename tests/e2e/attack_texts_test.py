"""Attacks that other systems of this kind fell to, by the numbers of our list: what becomes of texts that mean something to another program.

Over HTTPS, against the real binary."""
import contextlib
import http.client
import json
import pathlib
import subprocess
import unittest
import urllib.parse
import uuid

from attack import admin_of, raw, tables
from community import set_up_module
from data_directory import listed
from instance import TOCSIN, indicator

MARKUP = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'-alert(1)-'", "javascript:alert(1)", "<svg onload=alert(1)>", "</script><script>alert(1)//",
          "{{7*7}}", "${7*7}", "<!--", "]]>", "<iframe srcdoc=\"<script>1</script>\">", "data:text/html,<script>1</script>", "<a href=javascript:1>x</a>",
          "\u2028alert(1)\u2029", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "<math><mtext><script>1</script>", "&lt;script&gt;", "%3Cscript%3E"]
TERMINAL = ["\x1b[2J\x1b]0;owned\x07", "\x1b[31mred", "a\rb", "a\nb", "\x9b31m", "\u2028", "\u202egnp.exe", "\x00", "\x7f"]
FORMATS = ["%n%n%n%n", "%s%s%s", "{}", "{0}{1}", "{:>99999999}", "%x" * 50, "$(id)", "`id`"]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x.example\")"]
PATHS = ["../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "..%252f..%252fetc%252fpasswd", "....//....//etc/passwd", "/etc/passwd", "%2fetc%2fpasswd",
         "..\\..\\..\\etc\\passwd", "%2e%2e/%2e%2e/admin.token", "../admin.token", "..%2fadmin.token", "..%2ftocsin.toml", "tocsin.db", "admin.token", "file:///etc/passwd",
         "..%c0%af..%c0%afetc%c0%afpasswd", "%00admin.token", "admin.token%00.json", "~/.ssh/id_ed25519", "/proc/self/environ", "CON", ".", "..", "%2e%2e"]


def setUpModule():
    global hub, admin
    hub = set_up_module()
    admin = admin_of(hub)


def reads_of(identifier):
    manifest = hub.objects.replace("/objects/", "/manifest/")
    return [f"{hub.objects}{identifier}/", f"{hub.objects}{identifier}/versions/", f"{hub.objects}?match[id]={identifier}", f"{manifest}?match[id]={identifier}"]


class Markup(unittest.TestCase):
    def is_no_page(self, answer):
        """A browser that is led here shows no page and runs nothing."""
        self.assertRegex(answer.headers["Content-Type"], r"^application/(taxii\+json;version=2\.1|json|problem\+json)")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])

    def test_a16_what_was_stored_is_shown_as_it_was_and_never_as_a_page(self):
        for text in MARKUP + FORMATS + FORMULAS:
            made = indicator(tlp="green", name=text, description=text, labels=[text], external_references=[{"source_name": text, "url": text}], x_more={text: [text]})
            self.assertEqual(hub.submit(made)["success_count"], 1, text)
            for path in reads_of(made["id"]):
                answer = hub.call("GET", path, hub.cloud)
                with self.subTest(text, path=path):
                    self.assertEqual(answer.status, 200)
                    self.is_no_page(answer)
            self.assertEqual(hub.call("GET", f"{hub.objects}{made['id']}/", hub.cloud).json["objects"], [made])

    def test_a16_what_the_short_form_says_is_no_page_either(self):
        for text in MARKUP:
            shared = hub.call("POST", "/api/v1/indicators", hub.lab, {"kind": "proxy-domain", "value": f"p{uuid.uuid4().hex[:8]}.net", "description": text, "labels": [text], "tlp": "green"})
            self.is_no_page(shared)
            [item] = shared.json["items"]
            for path in (f"/api/v1/indicators/{item['id']}", f"/api/v1/indicators/{item['id']}/history", "/api/v1/indicators?kind=proxy-domain"):
                answer = hub.call("GET", path, hub.cloud)
                self.assertEqual(answer.status, 200, answer.body)
                self.is_no_page(answer)

    def test_a16_what_a_request_says_is_not_given_back_as_a_page(self):
        for text in MARKUP:
            quoted = urllib.parse.quote(text, safe="")
            for path in (f"/{quoted}", f"/taxii2/root/collections/{quoted}/objects/", f"{hub.objects}?{quoted}={quoted}", f"{hub.objects}?match[type]={quoted}",
                         f"/api/v1/indicators?kind={quoted}", f"/api/v1/indicators/{quoted}"):
                answer = hub.call("GET", path, hub.lab, headers={"Accept": "text/html"})
                with self.subTest(path):
                    self.assertTrue(200 <= answer.status < 500, answer.status)
                    self.is_no_page(answer)
            for path in ("/api/v1/indicators", hub.objects):
                answer = hub.call("POST", path, hub.lab, {text: text, "kind": text})
                self.assertTrue(200 <= answer.status < 500, answer.status)
                self.is_no_page(answer)


class Interpreters(unittest.TestCase):
    def lines(self):
        """Of the log so far, each of which is printable, and one JSON document where it looks like one."""
        text = (hub.dir / "serve.log").read_bytes().decode()
        for line in text.removesuffix("\n").split("\n"):
            self.assertNotRegex(line, "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e]")
            if line.startswith("{"):
                json.loads(line)
        return text

    def test_a19_no_text_breaks_a_line_of_the_log_or_is_a_format_of_it(self):
        for text in TERMINAL + FORMATS:
            quoted = urllib.parse.quote(text, safe="")
            for path in (f"/{quoted}", f"/taxii2/root/collections/{quoted}/objects/", f"{hub.objects}?match[type]={quoted}", f"/api/v1/indicators?kind={quoted}"):
                self.assertTrue(hub.call("GET", path, hub.lab).status < 500)
            for body in ({"kind": "ip-range", "value": text}, {"kind": text}, {text: text}):
                self.assertTrue(hub.call("POST", "/api/v1/indicators", hub.lab, body).status < 500)
            self.assertTrue(hub.call("POST", hub.objects, hub.lab, {"objects": [indicator(name=text), {"type": text, "id": text}]}).status < 500)
            self.assertTrue(hub.call("POST", "/api/v1/admin/organisations", admin, {"name": text, "type": "lab", "clearance": "red"}).status < 500)
            with contextlib.suppress(http.client.HTTPException, OSError):
                raw(hub, "GET", "/healthz", f"User-Agent: {text}", f"X-Request-Id: {text}")
            with contextlib.suppress(http.client.HTTPException, OSError):
                raw(hub, "GET", "/" + text)
        self.assertEqual(hub.call("GET", "/healthz").status, 200)
        self.assertNotIn("owned", self.lines())

    def test_a19_a_cell_that_a_spreadsheet_would_run_is_a_text_or_a_refusal(self):
        for cell in FORMULAS:
            quoted = '"' + cell.replace('"', '""') + '"'
            table = f"kind,value,description\nproxy-domain,{quoted},x\nproxy-domain,s{uuid.uuid4().hex[:8]}.net,{quoted}\n"
            answer = hub.call("POST", "/api/v1/indicators", hub.lab, table, headers={"Content-Type": "text/csv"})
            self.assertEqual(answer.status, 200, answer.body)
            first, second = answer.json["items"]
            self.assertEqual((first["outcome"], second["outcome"]), ("refused", "accepted"), cell)
            shown = hub.call("GET", f"{hub.objects}{second['id']}/", hub.lab).json["objects"]
            self.assertEqual([one["description"].strip() for one in shown], [cell.strip()])

    def test_a19_no_command_writes_to_the_terminal_what_moves_its_cursor(self):
        for text in ("\x1b[2J\x1b]0;owned\x07", "\x9b31m", "\u202egnp.exe"):
            made = hub.call("POST", "/api/v1/indicators", hub.lab, {"kind": "proxy-domain", "value": f"t{uuid.uuid4().hex[:8]}.net", "description": text, "labels": ["t"]}).json["items"][0]
            for words in (("search", "--kind", "proxy-domain"), ("show", made["id"])):
                done = subprocess.run([TOCSIN, "--url", hub.url, "--ca", hub.ca, "--token", hub.lab, *words], capture_output=True, timeout=60)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertNotRegex(done.stdout.decode() + done.stderr.decode(), "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]")


class Paths(unittest.TestCase):
    def test_a20_no_name_leads_to_a_file(self):
        secret = [admin.encode(), b"root:x:", *(line.encode() for line in (hub.dir / "tocsin.toml").read_text().splitlines() if len(line) > 30)]
        before, rows = listed(hub.dir), tables(hub)
        for name in PATHS:
            for target in (f"/{name}", f"/clients/python/{name}", f"/api/v1/{name}", f"/taxii2/{name}", f"/taxii2/root/collections/{name}/objects/", f"{hub.objects}{name}/",
                           f"/taxii2/root/status/{name}/", f"/api/v1/indicators/{name}", f"/api/v1/releases/{name}"):
                for credential in (hub.lab, admin):
                    with contextlib.suppress(http.client.HTTPException, OSError):
                        answer = raw(hub, "GET", target, f"Authorization: Bearer {credential}")
                        with self.subTest(target):
                            self.assertTrue(answer.status < 500, answer.status)
                            self.assertFalse(any(one in answer.body for one in secret))
            for path in ("/api/v1/admin/collections", "/api/v1/admin/allow-lists/import", "/api/v1/admin/audiences", "/api/v1/admin/organisations"):
                body = {"name": name, "alias": name, "file": name, "entries": [name]}
                self.assertTrue(400 <= hub.call("POST", path, admin, body).status < 500, path)
        self.assertEqual((listed(hub.dir), tables(hub)), (before, rows))

    def test_a20_an_id_or_a_name_in_an_object_makes_no_file(self):
        before = listed(hub.dir)
        for name in PATHS:
            made = {"type": "artifact", "spec_version": "2.1", "id": f"artifact--{uuid.uuid4()}", "mime_type": "text/plain", "payload_bin": "cm9vdA=="}
            file = {"type": "file", "spec_version": "2.1", "id": f"file--{uuid.uuid4()}", "name": name, "content_ref": made["id"]}
            self.assertEqual(hub.submit(made, file)["success_count"], 2)
            self.assertEqual(hub.submit(dict(made, id=name))["failure_count"], 1)
            self.assertEqual(hub.call("GET", f"{hub.objects}{file['id']}/", hub.lab).json["objects"], [file])
        self.assertEqual(listed(hub.dir), before)
        self.assertFalse(pathlib.Path("etc/passwd").exists())


if __name__ == "__main__":
    unittest.main()
