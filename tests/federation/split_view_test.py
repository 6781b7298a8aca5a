"""An origin that shows each of two peers another log is found out when they compare what they saw, as peers do all the time."""
import copy
import unittest

import origin_server
from made_by_hand import evidence_against, introduce, peer_of
from mesh import set_up_mesh, wait_for


def setUpModule():
    global mesh, heron, ibis, magpie
    mesh = set_up_mesh(heron="lab", ibis="cloud")
    heron, ibis = mesh.nodes
    magpie = peer_of(heron, mesh.authority, "magpie", mesh.authority.file)
    introduce(magpie, ibis)


class SplitView(unittest.TestCase):
    def show_two_logs(self):
        """From now on ibis is shown another object than heron, at the same place of what is said to be one log."""
        twin, bodies = copy.copy(magpie), [magpie.indicator(name=f"for {node.name}") for node in (heron, ibis)]
        with magpie.changed:
            twin.data = magpie.data.fork(len(magpie.data.entries))
            twin.data.entries.append(magpie.entry(bodies[1]))
            magpie.play(lambda ask, honest: origin_server.truth(twin, ask) if ask.who == "ibis" else honest())
            magpie.share(bodies[0])
        return [body["id"] for body in bodies]

    def test_A23_who_shows_two_peers_two_logs_is_found_out_when_they_compare(self):
        [before] = magpie.share(magpie.indicator())
        for node in mesh.nodes:
            node.wait_object(before)
        for node, identifier in zip(mesh.nodes, self.show_two_logs()):
            node.wait_object(identifier)
        convinced = wait_for(lambda: [node for node in mesh.nodes if node.shown("magpie") == "quarantined"],
                             lambda: "nobody noticed" + heron.tail() + ibis.tail())
        for node in convinced:
            first, second = evidence_against(magpie, node)
            self.assertEqual(first.split("\n")[:2], second.split("\n")[:2])  # one log, one size
            self.assertNotEqual(first, second)
            self.assertEqual(node.shown("ibis" if node is heron else "heron"), "active")


if __name__ == "__main__":
    unittest.main(verbosity=1)
