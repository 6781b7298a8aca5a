"""How somebody gets in: `tocsind invite` and `tocsin login`, and who cannot."""
import contextlib
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

from cli_case import BARE, Case, set_up_module, tocsin, write
from instance import Instance

ME, LOGIN = "/api/v1/me", "/api/v1/login"
LINE = re.compile(r"^https://127\.0\.0\.1:\d+#(tocsin_[0-9a-f]{16}_[A-Za-z0-9_-]{43})\.[0-9a-f]{64}$")


def setUpModule():
    global hub, folder
    hub, folder, _, _, _ = set_up_module()


def invite(*words, role="analyst"):
    return hub.verb("invite", "--org", "aurora", "--role", role, "--url", hub.url, *words)


class Login(Case):
    def setUp(self):
        made = tempfile.TemporaryDirectory(dir=folder)
        self.addCleanup(made.cleanup)
        self.config = pathlib.Path(made.name) / "tocsin"
        self.env = BARE | {"XDG_CONFIG_HOME": made.name}

    def files(self):
        return sorted(path.name for path in self.config.iterdir()) if self.config.exists() else []

    def test_a_line_becomes_a_profile_that_every_command_uses(self):
        line = invite("--label", "Ada")
        self.assertRegex(line, LINE)
        done = self.assert_done(tocsin("login", "-", stdin=line + "\n", **self.env))
        self.assertIn("aurora", done.stdout)
        self.assertEqual(self.files(), ["default.ca.crt", "default.token", "profiles.toml"])
        self.assertEqual([(self.config / name).stat().st_mode & 0o777 for name in ("default.token", "profiles.toml")], [0o600, 0o600])
        self.assertEqual((self.config / "default.ca.crt").read_text(), pathlib.Path(hub.ca).read_text())
        me = json.loads(self.assert_done(tocsin("--json", "whoami", **self.env)).stdout)
        self.assertEqual((me["organisation"], me["roles"], me["credential"]["label"]), ("aurora", ["analyst"], "Ada"))
        token = (self.config / "default.token").read_text().strip()
        self.assertNotIn(token, done.stdout + done.stderr + line)

    def test_a_line_works_once_and_its_token_is_not_the_invitation(self):
        line = invite()
        invitation = LINE.match(line)[1]
        self.assert_done(tocsin("login", line, **self.env))
        self.assert_fails(tocsin("login", line, "--profile", "again", **self.env), 3, "used")
        self.assertEqual(self.files(), ["default.ca.crt", "default.token", "profiles.toml"])
        self.assertEqual([hub.call("GET", ME, invitation).status, hub.call("POST", LOGIN, invitation, {}).status], [401, 401])
        self.assertEqual(hub.call("POST", LOGIN, (self.config / "default.token").read_text().strip(), {}).status, 403)

    def test_an_invitation_opens_nothing_else_and_can_be_taken_back(self):
        line = invite(role="admin")
        invitation = LINE.match(line)[1]
        for path in (ME, "/taxii2/", "/api/v1/admin/credentials", "/metrics", hub.objects_of("network")):
            self.assertEqual(hub.call("GET", path, invitation).status, 403, path)
        rows = [row.split("\t") for row in hub.verb("token", "list").splitlines()]
        self.assertEqual(next(row for row in rows if row[0] == invitation[7:23])[6], "invitation")
        hub.verb("token", "revoke", invitation[7:23])
        self.assert_fails(tocsin("login", line, **self.env), 3, "invitation")
        self.assertNotIn("default.token", self.files())

    def test_of_many_who_use_a_line_at_once_one_gets_a_token(self):
        line = invite()
        asked = [subprocess.Popen(["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", "-H", f"Authorization: Bearer {LINE.match(line)[1]}",
                                   "-H", "Content-Type: application/json", "-d", "{}", hub.url + LOGIN], stdout=subprocess.PIPE, text=True) for _ in range(8)]
        self.assertEqual(sorted(each.communicate(timeout=60)[0] for each in asked), ["201"] + ["401"] * 7)

    def test_what_is_in_the_way_is_found_before_the_line_is_used(self):
        line = invite()
        self.config.mkdir()
        (self.config / "profiles.toml").write_text('# mine\n[default]\nurl = "https://elsewhere.example"')
        self.assert_fails(tocsin("login", line, **self.env), 1, "default already", "--profile")
        self.assert_fails(tocsin("login", line, "--profile", "a b", **self.env), 1, "letters")
        self.assert_fails(tocsin("login", line, **(BARE | {"HOME": None, "XDG_CONFIG_HOME": None})), 1, "HOME")
        for broken in ("", "hello", line.split("#")[0], line.replace("https", "http"), line[:-1], line + "0", line.split("#")[0] + "#hello", "@/absent"):
            with self.subTest(broken):
                done = tocsin("login", broken, "--profile", "new", **self.env)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertNotIn("tocsin_", done.stderr)
        self.assert_done(tocsin("login", f"@{write('line', line)}", "--profile", "new", **self.env))
        text = (self.config / "profiles.toml").read_text()
        self.assertTrue(text.startswith('# mine\n[default]\nurl = "https://elsewhere.example"\n\n[new]\n'), text)
        self.assert_done(tocsin("whoami", "--profile", "new", **self.env))

    def test_a_server_with_another_authority_learns_nothing(self):
        line = invite()
        with contextlib.closing(Instance()) as other:
            other.start()
            turned = line.replace(hub.url, other.url)
            self.assert_fails(tocsin("login", turned, **self.env), 4, "certificate")
            self.assert_fails(tocsin("login", turned.split(".")[0] + "." + ".".join(turned.split(".")[1:-1]), **self.env), 4, "certificate")
        self.assertEqual(self.files(), [])
        self.assert_done(tocsin("login", line, **self.env))

    def test_who_made_an_invitation_and_that_it_was_used_stands_in_the_trail(self):
        line = invite()
        used = LINE.match(line)[1][7:23]
        self.assert_done(tocsin("login", line, **self.env))
        trail = [row.split("\t") for row in hub.verb("audit", "list").splitlines()]
        said = [(row[1], row[3]) for row in trail if used in "\t".join(row) and row[3].startswith("invitation.")]
        self.assertEqual([what for _, what in said], ["invitation.add", "invitation.redeem"])
        self.assertEqual([who for who, _ in said], ["operator", "aurora"])


class Invite(Case):
    def test_a_server_whose_authority_is_not_sent_is_told_how_to_mend_it(self):
        with contextlib.closing(Instance()) as old:
            old.organisation("aurora")
            chain = old.dir / "certs" / "server.crt"
            chain.write_text(chain.read_text().split("-----END CERTIFICATE-----\n")[0] + "-----END CERTIFICATE-----\n")
            words = ("invite", "--org", "aurora", "--role", "feed")
            refused = old.verb(*words, check=False)
            self.assertEqual((refused.returncode, refused.stdout), (1, ""))
            self.assertIn("tocsind key rotate --tls", refused.stderr)
            old.verb("key", "rotate", "--tls")
            self.assertTrue(old.verb(*words).startswith("https://localhost:8443#tocsin_"))
            for url in ("http://a", "https://", "https://a/b", "https://a#b", 'https://a"b'):
                self.assertEqual(old.verb(*words, "--url", url, check=False).returncode, 1, url)


if __name__ == "__main__":
    unittest.main()
