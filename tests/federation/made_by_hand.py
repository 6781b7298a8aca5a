"""Peers made by hand of a real instance: keys, logs and a server of their own, introduced as every peer is."""
import unittest

import origin_server
from log_maker import Origin


def peer_of(node, authority, name, **agreement):
    """A peer that the instance follows by its agreement, until the module's tests are done."""
    certificate = authority.issue(name, "IP:127.0.0.1", "serverAuth,clientAuth")
    server = origin_server.Server(certificate)
    origin = Origin(f"{name}.example", certificate, server.url)
    origin.name, origin.server, origin.certificate, origin.receiver = name, server, certificate, node
    server.serve(origin)
    unittest.addModuleCleanup(server.close)
    node.accept(origin.acceptance(node.verb("peer", "invite")), name)
    node.agree(name, **{"direction": "both", "identities": [origin.identity], "collections": ["network"], "max_tlp": "green"} | agreement)
    node.verb("peer", "resume", name)
    return origin
