"""Peers made by hand of a real instance: keys, logs and a server of their own, introduced as every peer is."""
import base64
import pathlib
import re
import subprocess
import unittest

import notes
import origin_server
from instance import TOCSIN
from log_maker import Log, Origin


def peer_of(node, authority, name, host="127.0.0.1", **agreement):
    """A peer that the instance follows by its agreement, until the module's tests are done. Its manifest says that it is at `host`."""
    certificate = authority.issue(name, "IP:127.0.0.1,DNS:localhost", "serverAuth,clientAuth")
    server = origin_server.Server(certificate)
    origin = Origin(f"{name}.example", certificate, f"https://{host}:{server.server_address[1]}")
    origin.name, origin.server, origin.certificate, origin.receiver = name, server, certificate, node
    server.serve(origin)
    unittest.addModuleCleanup(server.close)
    node.accept(origin.acceptance(node.verb("peer", "invite")), name)
    node.agree(name, **{"direction": "both", "identities": [origin.identity], "collections": ["network"], "max_tlp": "green"} | agreement)
    node.verb("peer", "resume", name)
    return origin


def met_by_both(mesh, name, **agreement):
    """The same origin twice, keys and all, each with a log and a server of its own: how one of two instances meets it and how the other does."""
    first, second = mesh.nodes
    one = peer_of(first, mesh.authority, name, **agreement)
    server = origin_server.Server(one.certificate)
    unittest.addModuleCleanup(server.close)
    other = Origin(f"{name}.example", one.certificate, server.url)
    for part in ("root", "log", "freshness", "witness", "applied", "identity", "token", "terms", "certificate", "name"):
        setattr(other, part, getattr(one, part))
    other.data, other.control = Log(one.log, one.freshness), Log(one.control.key, one.freshness)
    server.serve(other)
    second.accept(other.acceptance(second.verb("peer", "invite")), name)
    second.agree(name, **{"direction": "both", "identities": [other.identity], "collections": ["network"], "max_tlp": "green"} | agreement)
    second.verb("peer", "resume", name)
    return one, other


def evidence_against(origin, node):
    """The two checkpoints of a file of evidence, which `tocsin verify` takes; both are signed by the log's own key."""
    text = node.verb("peer", "evidence", origin.name) + "\n"
    file = pathlib.Path(node.folder.name) / "evidence.txt"
    file.write_text(text)
    said = [base64.b64decode(re.search(rf"(?m)^{name} (.*)$", text)[1]).decode() for name in ("first", "second")]
    log = origin.control if said[0].startswith(origin.control.origin + "\n") else origin.data
    for note in said:
        if notes.signed_by(note, log.key.text) is None:
            raise AssertionError(f"the log did not sign {note}")
    done = subprocess.run([TOCSIN, "verify", str(file), "--vkey", log.key.text], capture_output=True, text=True, timeout=60,
                          env={"PATH": "/usr/bin:/bin", "TOCSIN_FORMAT": "table", "HOME": node.folder.name})
    if done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return [notes.split(note)[0] for note in said]
