"""Signing in to the console, over real TLS: what a browser is given, what it opens, and what ends it at once."""
import contextlib
import unittest

from community import set_up_module

SESSION, ME = "/console/session", "/api/v1/me"
PAGE = {"Sec-Fetch-Site": "same-origin", "X-Tocsin-Console": "1"}


def setUpModule():
    global hub
    hub = set_up_module()


def sign_in(token):
    """The headers of the page's requests from then on."""
    answer = hub.call("POST", SESSION, token)
    if answer.status != 201:
        raise AssertionError(answer.body)
    given = answer.headers["Set-Cookie"]
    return PAGE | {"Cookie": given.partition(";")[0]}


def ask(headers, method="GET", path=ME, body=None):
    return hub.call(method, path, body=body, headers=headers)


class Stream:
    """Live events of the overview, until the server ends them."""

    def __init__(self, headers):
        self.connection = hub.connect()
        self.connection.request("GET", "/api/v1/stream", headers=headers)
        self.answer = self.connection.getresponse()
        if self.answer.status != 200:
            raise AssertionError(self.answer.read())

    def rest(self):
        with contextlib.closing(self.connection):
            return self.answer.read().decode()


class Console(unittest.TestCase):
    def test_the_page_is_handed_to_anybody_and_holds_nothing(self):
        for path in ("/console/", "/console/indicators"):
            page = hub.call("GET", path)
            self.assertEqual((page.status, page.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
            self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
            self.assertEqual(page.headers["Cache-Control"], "no-store")

    def test_a_session_is_as_its_credential_and_no_program_is_let_in_by_it(self):
        page = sign_in(hub.lab)
        self.assertEqual(ask(page).json, hub.call("GET", ME, hub.lab).json)
        self.assertEqual(ask(page, path=hub.objects).status, 200)
        self.assertEqual(ask({"Cookie": page["Cookie"]}).status, 403)
        self.assertEqual(ask(page | {"Sec-Fetch-Site": "cross-site"}).status, 403)
        self.assertEqual(ask(page | {"Cookie": page["Cookie"][:-1] + ("B" if page["Cookie"][-1] == "A" else "A")}).status, 401)
        self.assertEqual(ask(page, "DELETE", SESSION).status, 204)
        self.assertEqual(ask(page).status, 401)

    def test_signing_out_ends_the_streams_of_the_session_and_of_no_other(self):
        page, other = sign_in(hub.lab), sign_in(hub.lab)
        stream, kept = Stream(page), Stream(other)
        self.assertEqual(ask(page, "DELETE", SESSION).status, 204)
        self.assertIn("signed in to the console no more", stream.rest())
        self.assertEqual(ask(other, "DELETE", SESSION).status, 204)
        self.assertIn("signed in to the console no more", kept.rest())

    def test_revoking_the_credential_ends_its_sessions_and_their_streams(self):
        token = hub.token("aurora", "analyst")
        page = sign_in(token)
        stream = Stream(page)
        hub.verb("token", "revoke", token[7:23])
        self.assertIn("The credential was revoked.", stream.rest())
        self.assertEqual(ask(page).status, 401)

    def test_a_restart_signs_everybody_out_and_nothing_of_a_session_is_kept(self):
        page = sign_in(hub.lab)
        secret = page["Cookie"].partition("=")[2].encode()
        hub.stop()
        hub.start()
        self.assertEqual(ask(page).status, 401)
        kept = [path.name for path in hub.dir.rglob("*") if path.is_file() and secret in path.read_bytes()]
        self.assertEqual(kept, [])


if __name__ == "__main__":
    unittest.main()
