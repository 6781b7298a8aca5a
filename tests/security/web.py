"""wapiti, ffuf and sqlmap over every route of the document, with a token and without. Whatever they find must be explained.

They ask the listener that also hears TLS 1.2: sqlmap cannot speak TLS 1.3 alone."""
import collections
import json
import pathlib
import re
import tempfile

import doors
import words
from answers import REFUSALS, judge
from findings import Report
from routes import routes

ATTACKS = "backup,blindsql,buster,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,xss,xxe"
SQLMAP_SECONDS = 300  # for one route
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "MOVE", "DEBUG", "TRACK", "get")


def callers(hub):
    return (("nobody", None), *hub.tokens.items())


def bearer(token):
    return [] if token is None else ["-H", f"Authorization: Bearer {token}"]


def wapiti(_, hub):
    report = Report("wapiti", doors.version("wapiti"), "INFO")
    gets = [route for route in routes(hub) if route.method == "GET"]
    for who, token in callers(hub):
        if who == "auditor":
            continue  # an administrator reads what it reads
        with tempfile.TemporaryDirectory(prefix="tocsin-security-") as folder:
            command = ["wapiti", "-u", f"{hub.url}/", "--scope", "domain", "-d", 0, "-m", ATTACKS, "--max-attack-time", 20, "--verify-ssl", 0, "--flush-session",
                       "--no-bugreport", "--store-session", folder, "--store-config", folder, "-v", 0, "-f", "json", "-o", f"{folder}/out", *bearer(token)]
            starts = [word for route in gets for word in ("-s", hub.url + route.url())]
            report.asked.append(hub.plain(" ".join(map(str, command))).replace(folder, "OUT") + " -s … (every GET of the document)")
            doors.run([*command, *starts], 600, env={"PATH": "/usr/bin:/bin", "HOME": folder, "LANG": "C.UTF-8"})
            file = pathlib.Path(folder) / "out"
            if not file.exists():
                report.find(who, "unfinished", "CRITICAL", "no end within 600 s, or no result")
                continue
            said = json.loads(file.read_text())
        for kind, rows in (*said["vulnerabilities"].items(), *said["anomalies"].items()):
            for row in rows:
                name = row["info"] if row["path"] == "/" else f"{kind}: {row['method']} {row['path']}"
                report.find(who, hub.plain(name), "MEDIUM", hub.plain(f"{row['info']} ({row['method']} {row['path']}, {row['parameter'] or 'no parameter'})"))
        report.seen.append(f"{who}: {len(gets)} addresses, {len(ATTACKS.split(','))} kinds of attacks")
    return report


def fuzz(report, hub, who, token, method, file, lines, seconds):
    # One at a time: ffuf 1.1 loses results that come together.
    command = ["ffuf", "-s", "-t", 1, "-mc", "all", "-X", method, "-w", file, "-u", f"{hub.url}/FUZZ", "-of", "json", "-o", f"{file}.out", *bearer(token)]
    report.asked.append(hub.plain(" ".join(map(str, command))).replace(str(file), "OUT/METHOD").replace(f"-X {method}", "-X METHOD"))
    file.write_text("\n".join(lines) + "\n")
    doors.run(command, seconds)
    try:
        rows = json.loads(pathlib.Path(f"{file}.out").read_text())["results"]
    except (OSError, ValueError):
        rows = []
    if len(rows) != len(lines):
        report.find(who, "unfinished", "CRITICAL", f"{method}: {len(rows)} of {len(lines)} addresses were answered")
    return rows


def ffuf(_, hub):
    report = Report("ffuf", doors.version("ffuf"), "INFO")
    known = routes(hub)
    ours = list(dict.fromkeys(route.url().split("?")[0] for route in known))
    with tempfile.TemporaryDirectory(prefix="tocsin-security-") as folder:
        for who, token in callers(hub):
            counts = collections.Counter()
            for method, lines in (("GET", words.paths(ours)), *((verb, [path.lstrip("/") for path in ours]) for verb in VERBS)):
                if who != "nobody" and method in ("POST", "DELETE"):
                    continue  # these would be heard, and are what sqlmap sends
                for row in fuzz(report, hub, who, token, method, pathlib.Path(folder) / method, lines, 180):
                    counts[row["status"]] += 1
                    judge(report, who, known, row, method)
            report.seen.append(f"{who}: {sum(counts.values())} answers, " + ", ".join(f"{number} × {status}" for status, number in sorted(counts.items())))
    report.asked = list(dict.fromkeys(report.asked))
    return report


def raw(hub, route, token, mark):
    """The request as sqlmap reads it: `mark` stands behind each value that is attacked."""
    body = route.document(mark)
    fields = [f"{route.method} {route.url(mark)} HTTP/1.1", f"Host: 127.0.0.1:{hub.port}"]
    fields += [] if token is None else [f"Authorization: Bearer {token}"]
    fields += ["Accept: application/taxii+json;version=2.1" if route.path.startswith("/taxii2/") else "Accept: application/json"]
    fields += [f"Content-Type: {route.media}"] if body else []
    return "\r\n".join(fields) + "\r\n\r\n" + (body or "")


def inject(report, hub, who, name, request, level, folder):
    """The number of places that were attacked. Nothing to attack is nothing to run."""
    places = request.split("\r\n", 1)[0].count("*") + request.count('*"') + request.count("Bearer tocsin_*")
    if not places:
        return 0
    file = pathlib.Path(folder) / "request"
    file.write_text(request)
    command = ["sqlmap", "-r", file, "--ignore-stdin", "--force-ssl", "--batch", "--flush-session", "--dbms", "sqlite", "--level", level, "--risk", 2, "--time-sec", 2,
               "--ignore-code", ",".join(map(str, sorted(REFUSALS))), "--disable-coloring", "--output-dir", f"{folder}/out"]
    report.asked.append(" ".join(map(str, command)).replace(folder, "OUT"))
    said = doors.run(command, SQLMAP_SECONDS, env={"PATH": "/usr/bin:/bin", "HOME": folder, "LANG": "C.UTF-8"})
    if said is None or "all tested parameters do not appear to be injectable" not in said:
        injectable = said is not None and "identified the following injection point" in said
        last = f"no end within {SQLMAP_SECONDS} s" if said is None else next((line for line in reversed(said.splitlines()) if "[CRITICAL]" in line or "[ERROR]" in line), "no verdict")
        report.find(who, name, "CRITICAL", "can be injected" if injectable else re.sub(r"^\[[\d:]+\] ", "", last))
    for line in (said or "").splitlines():
        if "might be vulnerable" in line or "might be injectable" in line:
            report.find(who, name, "MEDIUM", re.sub(r"^\[[\d:]+\] \[\w+\] ", "", line))
    if said and (errors := re.search(r"\b5\d\d \([^)]*\) - \d+ times", said)):
        report.find(who, name, "HIGH", f"the server failed: {errors[0]}")
    return places


def sqlmap(_, hub):
    report = Report("sqlmap", doors.version("sqlmap"), "INFO")
    attacked = sorted(routes(hub), key=lambda route: route.method == "DELETE")
    for level, whose in ((1, lambda route: ("nobody", None)), (2, lambda route: (route.role(hub.tokens), hub.tokens.get(route.role(hub.tokens))))):
        places = collections.Counter()
        with tempfile.TemporaryDirectory(prefix="tocsin-security-") as folder:
            for route in attacked:
                who, token = whose(route)
                places[who] += inject(report, hub, who or "nobody", f"{route.method} {route.path}", raw(hub, route, token, "*"), level, folder)
            if level == 2:
                me = next(route for route in attacked if route.path == "/api/v1/me")
                places["nobody"] += inject(report, hub, "nobody", "Authorization", raw(hub, me, "tocsin_*", ""), level, folder)
        report.seen += [f"{who}, level {level}: {number} places" for who, number in places.items() if number]
    report.asked = list(dict.fromkeys(report.asked))
    return report
