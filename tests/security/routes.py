"""Every route of schema/openapi.yaml as a request that the server understands: what scanners begin with."""
import dataclasses
import json
import re
import urllib.parse
import uuid

import yaml

from doors import ROOT, indicator

METHODS = ("get", "post", "put", "patch", "delete")
QUERY = {"limit": "5", "next": "x", "added_after": "2026-01-01T00:00:00Z", "match[type]": "indicator", "match[version]": "last",
         "match[spec_version]": "2.1", "first": "0", "organisation": "aurora", "since": "2026-01-01T00:00:00Z", "until": "2036-01-01T00:00:00Z",
         "kind": "ip-range", "tlp": "green", "confidence": "50", "min_confidence": "10", "active_at": "2026-01-01T00:00:00Z", "dry_run": "1", "q": "proxy"}
ITEM = {"kind": "ip-range", "value": "198.51.100.250", "confidence": 50, "description": "scanned", "labels": ["scanned"]}
BODY = {"organisation": "aurora", "members": ["aurora"], "releasable_to": ["XA"], "clearance": "amber", "type": "lab", "authority": "XA",
        "roles": ["feed"], "expires": "2036-01-01T00:00:00Z", "networks": ["192.0.2.0/24"], "collections": ["network"], "kinds": ["ip-range"],
        "max_tlp": "green", "dialect": "tlp2", "certificate": "URI:urn:scanned", "default_tlp": "amber", "pin": "5f" * 32}


@dataclasses.dataclass(frozen=True)
class Route:
    """`path` as the document writes it; `parts` are the values of what stands in braces, `body` is None where nothing is sent."""

    method: str
    path: str
    roles: tuple[str, ...]
    public: bool
    parts: dict
    query: dict
    body: object
    media: str

    def url(self, mark=""):
        """Path and query, with `mark` behind every value."""
        path = re.sub(r"{(\w+)}", lambda found: self.parts[found[1]] + mark, self.path)
        query = "&".join(f"{urllib.parse.quote(name, safe='')}={urllib.parse.quote(value, safe=':')}{mark}" for name, value in self.query.items())
        return path + (f"?{query}" if query else "")

    def document(self, mark=""):
        """The body, with `mark` behind every text in it."""
        def marked(value):
            if isinstance(value, dict):
                return {name: marked(each) for name, each in value.items()}
            if isinstance(value, list):
                return [marked(each) for each in value]
            return value + mark if isinstance(value, str) else value
        return None if self.body is None else json.dumps(marked(self.body))

    def role(self, tokens):
        """Who may ask: the first of those who have a token."""
        return next((role for role in tokens if role in self.roles), None)


class Document:
    def __init__(self):
        self.root = yaml.safe_load((ROOT / "schema" / "openapi.yaml").read_text())

    def resolve(self, node):
        while "$ref" in node:
            name, node = node["$ref"], self.root
            for step in name.removeprefix("#/").split("/"):
                node = node[step]
        return node

    def parts(self, path, method, hub):
        if "/releases/" in path:
            return {"id": str(uuid.UUID(int=7))}
        if "/campaigns/" in path:
            return {"id": f"campaign--{uuid.UUID(int=7, version=4)}"}
        if "/indicators/" in path:
            return {"id": hub.spare if "/retract" in path else hub.kept}
        ends = "spare" if method == "delete" or "/disable" in path or "/enable" in path else None
        if "/status/" in path:
            return {"id": hub.status}
        if "/credentials/" in path:
            return {"id": hub.spare_credential}
        if "/audience-proposals/" in path:
            return {"id": str(uuid.UUID(int=7))}
        return {"id": "network", "object": hub.spare if ends else hub.kept, "name": "spare"}

    def body(self, operation):
        if "requestBody" not in operation:
            return None, ""
        media, content = next(iter(operation["requestBody"]["content"].items()))
        if "taxii" in media:
            return {"objects": [indicator(tlp="green")]}, media
        schema = self.resolve(content["schema"])
        if "items" in schema:
            return [ITEM], media
        return {name: BODY.get(name, f"scanned {name}") for name in schema.get("properties", {})}, media

    def routes(self, hub):
        for path, item in self.root["paths"].items():
            for method in METHODS:
                if method not in item:
                    continue
                operation = item[method]
                asked = [self.resolve(each) for each in item.get("parameters", []) + operation.get("parameters", [])]
                query = {each["name"]: QUERY.get(each["name"], hub.kept) for each in asked if each["in"] == "query"}
                body, media = self.body(operation)
                yield Route(method.upper(), path, tuple(operation["x-roles"]), operation["security"] == [], self.parts(path, method, hub), query, body, media)


def routes(hub):
    return list(Document().routes(hub))
