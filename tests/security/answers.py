"""What an address may answer to whom, by the document: what ffuf's results are held against."""
import re
import urllib.parse

REFUSALS = {400, 401, 403, 404, 405, 406, 409, 411, 413, 414, 415, 422, 431, 501}


def fits(template, path):
    """Whether an address is what the document calls `template`; one slash at the end is no difference."""
    pattern = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"({\w+})", template.rstrip("/")))
    return re.fullmatch(pattern, path.removesuffix("/")) is not None


def judge(report, who, known, row, method):
    """An address may answer with more than a refusal if the document has it, for this method and this caller; OPTIONS lists the methods."""
    status, path = row["status"], urllib.parse.unquote(urllib.parse.urlsplit(row["url"]).path)
    there = [route for route in known if fits(route.path, path)]
    where = next((route for route in there if route.method == ("GET" if method == "HEAD" else method)), None)
    name = f"{method} {there[0].path if there else path[:80]}"
    if status >= 500 and status != 501:
        report.find(who, name, "CRITICAL", f"answers with {status}")
    elif not there and status in (401, 403):
        report.find(who, name, "MEDIUM", f"answers with {status}, and is not in the document")
    elif status in REFUSALS or (method == "OPTIONS" and status == 204 and there):
        return
    elif where is None:
        report.find(who, name, "HIGH", f"answers with {status}, and is not in the document")
    elif not where.public and who not in where.roles:
        report.find(who, name, "CRITICAL", f"answers with {status} to who may not ask")
