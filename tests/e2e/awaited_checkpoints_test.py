"""Checkpoints of a log that a peer waits for until there is more."""
import http.client
import queue
import re
import threading
import time
import unittest

from instance import indicator
from peered import PeeredCase

UNANSWERED = (http.client.HTTPException, OSError)


class Poll(threading.Thread):
    """Asks, and has the answer or why there was none."""

    def __init__(self, heron, query, log="data", ended=None):
        super().__init__(daemon=True)
        self.heron, self.path, self.answer, self.failure, self.took = heron, f"/log/{log}/checkpoint?{query}", None, None, None
        self.ended = ended or queue.SimpleQueue()  # where it is put when it has ended
        self.start()

    def run(self):
        begun = time.monotonic()
        try:
            self.answer = self.heron.ask(self.path)
        except UNANSWERED as failure:
            self.failure = failure
        self.took = time.monotonic() - begun
        self.ended.put(self)

    def end(self):
        self.join(60)
        if self.is_alive():
            raise AssertionError("a request that does not end")
        return self

    @property
    def size(self):
        return int(self.end().answer.body.split(b"\n")[1])


class Waiting(PeeredCase):
    def test_a_wait_ends_as_soon_as_the_log_is_longer_or_when_its_time_is_over(self):
        size = self.heron.size()
        waited = Poll(self.heron, f"after={size}&wait=1").end()
        self.assertEqual((waited.answer.status, waited.size), (200, size))
        self.assertGreaterEqual(waited.took, 1)
        waits = [Poll(self.heron, f"after={size}&wait=30"), Poll(self.heron, f"after={size}&control=0&wait=30")]
        self.heron.submit(indicator("198.51.100.1", "green"))
        for wait in waits:
            self.assertEqual(wait.size, size + 1)
            self.assertLess(wait.took, 20)
        self.assertLess(Poll(self.heron, f"after={size}&wait=30").end().took, 20)  # there is more already

    def test_who_waits_for_data_is_told_of_a_longer_control_log_too(self):
        made, = self.heron.submit(indicator("198.51.100.1", "green"))
        size, control = self.heron.size(above=0), self.heron.size("control")
        both, data = Poll(self.heron, f"after={size}&control={control}&wait=30"), Poll(self.heron, f"after={size}&wait=2")
        of_control = Poll(self.heron, f"after={control}&wait=30", "control")
        self.heron.verb("erase", "--org", "aurora", made["id"])
        self.assertEqual((both.size, of_control.size, data.size), (size, control + 1, size))
        self.assertLess(both.took, 20)
        self.assertGreaterEqual(data.took, 2)

    def full(self, size):
        """As many waits as a peer may have: 16 are under way when the other four were refused."""
        ended = queue.SimpleQueue()
        waits = [Poll(self.heron, f"after={size}&wait=30", ended=ended) for _ in range(20)]
        refused = [ended.get(timeout=25) for _ in range(4)]
        for poll in refused:
            self.assertEqual((poll.answer.status, poll.answer.json["code"]), (503, "unavailable"))
        return [poll for poll in waits if poll not in refused]

    def test_a_peer_has_so_many_waits_at_a_time_and_other_requests_besides(self):
        size = self.heron.size()
        waits = self.full(size)
        self.assertEqual(self.heron.size(), size)
        self.heron.submit(indicator("198.51.100.1", "green"))
        self.assertEqual({wait.size for wait in waits}, {size + 1})
        self.assertEqual(self.heron.size(above=size), size + 1)
        self.assertEqual(Poll(self.heron, f"after={size + 1}&wait=1").end().answer.status, 200)

    def test_a_stop_of_the_server_ends_all_waits_at_once(self):
        waits = self.full(self.heron.size())
        begun = time.monotonic()
        self.assertEqual(self.heron.stop(), 0)
        for wait in waits:
            self.assertIsNotNone(wait.end().failure)
        self.assertLess(time.monotonic() - begun, 15)

    def test_who_is_stopped_while_waiting_gets_no_answer(self):
        waits = self.full(self.heron.size())
        self.heron.verb("peer", "pause", "ibis.example")
        self.heron.submit(indicator("198.51.100.1", "green"))
        for wait in waits:
            self.assertIsNotNone(wait.end().failure)

    def test_what_is_no_wait_is_refused_with_a_sentence(self):
        for query, part in (("after=0", "both"), ("wait=3", "both"), ("control=0", "both"), ("after=0&wait=0", "1 to 30"), ("after=0&wait=31", "1 to 30"),
                            ("after=-1&wait=3", "whole number"), ("after=0&wait=3&after=1", "more than once"), ("after=0&wait=3&x=1", "does not have")):
            answer = self.heron.ask(f"/log/data/checkpoint?{query}")
            self.assertEqual((answer.status, answer.json["code"]), (400, "bad-parameter"), query)
            self.assertTrue(re.search(part, answer.json["detail"]), answer.json)
        self.assertEqual(self.heron.ask("/log/control/checkpoint?after=0&control=0&wait=3").status, 400)


if __name__ == "__main__":
    unittest.main(verbosity=1)
