"""The judges of scanners' results: each finds what it must, and nothing is explained by accident."""
import json
import pathlib
import sys
import tempfile
import types
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import answers
import findings
import tls

CERTIFICATE = """<certificates><certificate><signature-algorithm>ecdsa-with-SHA256</signature-algorithm><pk error="false" bits="128"/>
<self-signed>false</self-signed><expired>false</expired></certificate></certificates>"""
SSLSCAN = """<document><ssltest><protocol type="tls" version="1.1" enabled="{old}"/><protocol type="tls" version="1.3" enabled="1"/>
<heartbleed sslversion="TLSv1.3" vulnerable="{bleeds}"/><cipher sslversion="TLSv1.3" bits="256" cipher="TLS_AES_256_GCM_SHA384"/>
<cipher sslversion="TLSv1.2" bits="{bits}" cipher="{cipher}"/><group name="{group}"/>{certificate}</ssltest></document>"""
GOOD = {"old": 0, "bleeds": 0, "bits": 128, "cipher": "ECDHE-ECDSA-AES128-GCM-SHA256", "group": "x25519", "certificate": CERTIFICATE}


class Case(unittest.TestCase):
    def report(self, tool="a tool", bar="LOW"):
        return findings.Report(tool, f"{tool} 1", bar)

    def found(self, judge, text):
        """Names of what is above the bar, when the tool left this text for a listener with TLS 1.3 only."""
        report = self.report()
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "out"
            file.write_text(text)
            judge(report, "https", {"1.3"}, file)
        return {each.name for each in findings.unexplained(report)}


class Tls(Case):
    def test_sslscan_is_judged_by_protocol_suite_group_and_certificate(self):
        found = lambda **changed: self.found(tls.judge_sslscan, SSLSCAN.format(**{**GOOD, **changed}))
        self.assertEqual(found(), set())
        self.assertEqual(found(old=1), {"protocol-tls1.1"})
        self.assertEqual(found(bleeds=1), {"heartbleed"})
        for cipher in ("ECDHE-ECDSA-AES128-SHA256", "AES128-GCM-SHA256", "DES-CBC3-SHA"):
            self.assertEqual(found(cipher=cipher), {f"cipher-{cipher}"})
        self.assertEqual(found(bits=112), {"cipher-ECDHE-ECDSA-AES128-GCM-SHA256"})
        self.assertEqual(found(group="secp224r1"), {"group-secp224r1"})
        for good, bad, name in (("SHA256", "SHA1", "signature"), ('bits="128"', 'bits="80"', "key"), ("<expired>false", "<expired>true", "validity")):
            self.assertEqual(found(certificate=CERTIFICATE.replace(good, bad)), {f"certificate-{name}"})

    def test_a_scan_that_saw_nothing_is_no_good_scan(self):
        for judge, text in ((tls.judge_sslscan, "<document><ssltest/></document>"), (tls.judge_nmap, "<nmaprun/>"), (tls.judge_testssl, "[]")):
            with self.assertRaises(ValueError):
                self.found(judge, text)

    def test_nmap_is_judged_by_grade_protocol_and_warning(self):
        found = lambda key, grade, warning="": self.found(tls.judge_nmap, f"""<r><script id="ssl-enum-ciphers"><table key="{key}"><table key="ciphers"><table>
            <elem key="name">X</elem><elem key="strength">{grade}</elem></table></table>{warning}</table></script></r>""")
        self.assertEqual(found("TLSv1.3", "A"), set())
        self.assertEqual(found("TLSv1.3", "B"), {"cipher-X"})
        self.assertEqual(found("TLSv1.2", "A"), {"protocol-TLSv1.2"})
        self.assertEqual(found("TLSv1.3", "A", '<table key="warnings"><elem>w</elem></table>'), {"warning-TLSv1.3"})

    def test_testssl_may_find_what_is_low_and_no_more(self):
        row = lambda severity: [{"id": "thing", "severity": severity, "finding": "x"}, {"id": "scanTime", "severity": "INFO", "finding": "9"}]
        for severity, names in (("OK", set()), ("INFO", set()), ("LOW", set()), ("MEDIUM", {"thing"}), ("CRITICAL", {"thing"}), ("WARN", {"thing"}), ("FATAL", {"thing"})):
            self.assertEqual(self.found(tls.judge_testssl, json.dumps(row(severity))), names, severity)


class Answers(Case):
    def test_an_address_answers_as_the_document_says_or_refuses(self):
        route = lambda path, public=False, *roles: types.SimpleNamespace(path=path, method="GET", public=public, roles=roles)
        known = [route("/healthz", True), route("/a/{id}/b", False, "analyst")]

        def level(url, status, who="nobody", method="GET"):
            report = self.report(bar="INFO")
            answers.judge(report, who, known, {"url": "https://127.0.0.1" + url, "status": status}, method)
            return [each.level for each in report.findings]
        for fine in (("/healthz", 200), ("/health%7a", 200), ("/healthz", 200, "nobody", "HEAD"), ("/a/x/b/", 200, "analyst"), ("/a/x/b", 401), ("/a/x/b", 403, "admin"),
                     ("/none", 404), ("/%00", 400), ("/a/x/b", 204, "nobody", "OPTIONS"), ("/healthz", 405, "nobody", "POST")):
            self.assertEqual(level(*fine), [], fine)
        for bad, expected in ((("/a/x/b", 200), "CRITICAL"), (("/a/x/b", 200, "admin"), "CRITICAL"), (("/none", 500), "CRITICAL"), (("/none", 200), "HIGH"),
                              (("/none", 302), "HIGH"), (("/none", 401), "MEDIUM"), (("/a/x/y/b", 200, "analyst"), "HIGH"), (("/healthz", 200, "nobody", "DELETE"), "HIGH"),
                              (("/none", 204, "nobody", "OPTIONS"), "HIGH")):
            self.assertEqual(level(*bad), [expected], bad)


class Verdicts(Case):
    def test_a_finding_fails_unless_it_is_below_the_bar_or_explained_and_so_does_an_idle_explanation(self):
        report = self.report("testssl")
        for name in ("engine_problem", "cert_revocation"):
            self.assertFalse(findings.passed(report))
            report.find("https", name, "HIGH", "x")
        self.assertTrue(findings.passed(report))
        report.find("https", "HSTS", "LOW", "x")
        self.assertTrue(findings.passed(report))
        report.find("https", "else", "MEDIUM", "x")
        self.assertFalse(findings.passed(report))


if __name__ == "__main__":
    unittest.main(verbosity=1)
