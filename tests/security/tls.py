"""testssl, sslscan and nmap against every door of the server. Their bar is LOW.

sslscan and nmap tell what they saw and grade little of it, so what is above the bar is said here."""
import json
import pathlib
import re
import tempfile
import xml.etree.ElementTree as xml

import doors
from findings import Report

GROUPS = {"x25519", "secp256r1 (NIST P-256)", "secp384r1 (NIST P-384)", "X25519MLKEM768"}
AEAD = ("GCM", "CHACHA20_POLY1305", "CHACHA20-POLY1305")


def listeners(strict, lenient):
    """Name, instance, port, and the protocols that may be heard there."""
    return (("https", strict, strict.port, {"1.3"}), ("mtls", strict, strict.mtls_port, {"1.3"}),
            ("https, tls12", lenient, lenient.port, {"1.2", "1.3"}), ("mtls, tls12", lenient, lenient.mtls_port, {"1.2", "1.3"}))


def scan(report, strict, lenient, seconds, words, judge):
    """Runs `words(hub, port, file)` at every door and has `judge` read the file that the tool leaves."""
    asked = []
    for door, hub, port, protocols in listeners(strict, lenient):
        with tempfile.TemporaryDirectory(prefix="tocsin-security-") as folder:
            file = pathlib.Path(folder) / "out"
            command = words(hub, door, port, file)
            printed = doors.run(command, seconds)
            asked.append(hub.plain(" ".join(map(str, command))).replace(folder, "OUT").replace("MTLS_PORT", "PORT"))
            try:
                judge(report, door, protocols, file)
            except (OSError, ValueError, xml.ParseError) as problem:
                how = f"no end within {seconds} s" if printed is None else f"no readable result: {type(problem).__name__}"
                report.find(door, "unfinished", "CRITICAL", how)
    report.asked = list(dict.fromkeys(asked))
    return report


def judge_testssl(report, door, protocols, file):
    rows = json.loads(file.read_text())
    if not any(row["id"] == "scanTime" for row in rows):
        raise ValueError("not at its end")
    for row in rows:
        if row["severity"] not in ("OK", "INFO", "DEBUG"):  # WARN: it could not be tested
            level = {"WARN": "MEDIUM", "FATAL": "CRITICAL"}.get(row["severity"], row["severity"])
            report.find(door, row["id"], level, re.sub(r"\S*/openssl\b", "openssl", row["finding"]))
    good = sum(row["severity"] == "OK" for row in rows)
    offered = [row["id"] for row in rows if row["id"].startswith(("SSL", "TLS1")) and row["id"][3:4] in "v123_" and row["finding"].startswith("offered")]
    report.seen.append(f"{door}: {good} checks well; offered: {', '.join(offered)}")


def openssl_for_testssl(certificate, folder):
    """The openssl that testssl calls, mended: it presents a certificate, which testssl cannot; and where it is to keep a session it stays for a
    second, since with TLS 1.3 the ticket comes after the handshake, and testssl's input ends at once."""
    file = folder / "openssl"
    file.write_text(f"""#!/bin/sh
[ "$1" = s_client ] || exec /usr/bin/openssl "$@"
shift
case " $* " in
  *" -sess_out "*) sleep 1 | /usr/bin/openssl s_client {certificate} "$@" ;;
  *) exec /usr/bin/openssl s_client {certificate} "$@" ;;
esac
""")
    file.chmod(0o755)
    return file


def testssl(strict, lenient):
    report = Report("testssl", doors.version("testssl.sh"), "LOW")

    def words(hub, door, port, file):
        certificate = f"-cert {hub.client.file} -key {hub.client.key}" if door.startswith("mtls") else ""
        return ["testssl", "--quiet", "--color", 0, "--warnings", "batch", "--openssl", openssl_for_testssl(certificate, file.parent), "--nodns", "none",
                "--ip", "127.0.0.1", "--add-ca", hub.ca, "--jsonfile", file, f"https://localhost:{port}/healthz"]
    return scan(report, strict, lenient, 300, words, judge_testssl)


def judge_sslscan(report, door, protocols, file):
    test = xml.parse(file).find("ssltest")
    if test is None:
        raise ValueError("no test")
    heard = {each.get("type") + each.get("version") for each in test.iter("protocol") if each.get("enabled") == "1"}
    for name in heard - {f"tls{each}" for each in protocols}:
        report.find(door, f"protocol-{name}", "HIGH", f"{name} is heard")
    ciphers = [(each.get("sslversion"), each.get("cipher"), int(each.get("bits"))) for each in test.iter("cipher")]
    for version, cipher, bits in ciphers:
        forward = version == "TLSv1.3" or cipher.startswith("ECDHE-")
        if bits < 128 or not forward or not any(mode in cipher for mode in AEAD):
            report.find(door, f"cipher-{cipher}", "HIGH", f"{cipher}, {bits} bits, with {version}")
    groups = {each.get("name") for each in test.iter("group")}
    for name in groups - GROUPS:
        report.find(door, f"group-{name}", "MEDIUM", f"keys are exchanged on {name}")
    for each in test.iter("heartbleed"):
        if each.get("vulnerable") != "0":
            report.find(door, "heartbleed", "CRITICAL", f"with {each.get('sslversion')}")
    for each in test.iter("renegotiation"):
        if each.get("supported") != "0":
            report.find(door, "renegotiation", "LOW" if each.get("secure") == "1" else "HIGH", "a session can be renegotiated")
    for each in test.iter("compression"):
        if each.get("supported") != "0":
            report.find(door, "compression", "HIGH", "TLS compresses")
    for each in test.iter("certificate"):
        algorithm, key = each.findtext("signature-algorithm", ""), each.find("pk")
        if not algorithm.endswith(("SHA256", "SHA384", "SHA512")):
            report.find(door, "certificate-signature", "HIGH", algorithm or "unknown")
        if key is None or key.get("error") != "false" or int(key.get("bits", 0)) < 112:
            report.find(door, "certificate-key", "HIGH", "the key is weak")
        if each.findtext("expired") != "false" or each.findtext("self-signed") != "false":
            report.find(door, "certificate-validity", "HIGH", "expired, or self-signed")
    if not ciphers or not groups or test.find(".//certificate") is None:
        raise ValueError("nothing was seen")
    report.seen.append(f"{door}: {', '.join(sorted(heard))}; " + ", ".join(sorted({cipher for _, cipher, _ in ciphers})) + "; groups " + ", ".join(sorted(groups)))


def sslscan(strict, lenient):
    report = Report("sslscan", doors.version("sslscan"), "LOW")

    def words(hub, door, port, file):
        certificate = [f"--certs={hub.client.file}", f"--pk={hub.client.key}"] if door.startswith("mtls") else []
        return ["sslscan", "--no-colour", "--show-sigs", f"--xml={file}", *certificate, f"127.0.0.1:{port}"]
    return scan(report, strict, lenient, 60, words, judge_sslscan)


def judge_nmap(report, door, protocols, file):
    script = xml.parse(file).find(".//script[@id='ssl-enum-ciphers']")
    if script is None:
        raise ValueError("the script saw nothing")
    seen = []
    for version in script.findall("table"):
        name = version.get("key")
        if name.removeprefix("TLSv") not in protocols:
            report.find(door, f"protocol-{name}", "HIGH", f"{name} is heard")
        for cipher in version.findall("table[@key='ciphers']/table"):
            suite, grade = cipher.findtext("elem[@key='name']"), cipher.findtext("elem[@key='strength']")
            seen.append(f"{suite} {grade}")
            if grade != "A":
                report.find(door, f"cipher-{suite}", "MEDIUM", f"graded {grade}")
        for each in version.findall("table[@key='compressors']/elem"):
            if each.text != "NULL":
                report.find(door, "compression", "HIGH", each.text)
        for each in version.findall("table[@key='warnings']/elem"):
            report.find(door, f"warning-{name}", "MEDIUM", each.text)
    if not seen:
        raise ValueError("no cipher was seen")
    report.seen.append(f"{door}: " + ", ".join(sorted(seen)))


def nmap(strict, lenient):
    report = Report("nmap", doors.version("nmap"), "LOW")
    return scan(report, strict, lenient, 60, lambda hub, door, port, file: [
        "nmap", "-Pn", "-sT", "-p", port, "--script", "ssl-enum-ciphers", "-oX", file, "127.0.0.1"], judge_nmap)
