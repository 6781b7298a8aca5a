"""Nothing acknowledged is ever lost: the server is killed again and again while clients write, and their own journals decide."""
import os
import random
import threading
import unittest

from instance import Instance, indicator

KILLS = int(os.environ.get("TOCSIN_KILLS", "100"))


class Writer(threading.Thread):
    """Submits until the connection breaks; keeps what was sent and what was acknowledged."""

    def __init__(self, hub, path, token, seed):
        super().__init__()
        self.hub, self.path, self.token, self.random = hub, path, token, random.Random(seed)
        self.sent, self.acknowledged = [], set()

    def run(self):
        connection = self.hub.connect()
        try:
            while True:
                batch = [indicator(f"198.51.100.{self.random.randrange(256)}", "green") for _ in range(self.random.choice((1, 1, 5, 40)))]
                self.sent += batch
                answer = self.hub.call("POST", self.path, self.token, {"objects": batch}, connection=connection)
                if answer.status != 202:
                    return
                self.acknowledged |= {one["id"] for one in answer.json["successes"]}
        except Exception:  # the server died under this request: it was not acknowledged
            return


class Durability(unittest.TestCase):
    def test_no_kill_loses_an_acknowledged_object_or_stores_one_twice(self):
        hub = Instance()
        self.addCleanup(hub.close)
        hub.organisation("aurora", "lab", "red")
        token = hub.token("aurora", "analyst")
        path = hub.objects_of("network")
        sent, acknowledged = {}, set()
        for kill in range(KILLS):
            hub.start()
            writers = [Writer(hub, path, token, kill * 10 + i) for i in range(3)]
            for writer in writers:
                writer.start()
            killer = threading.Event()
            killer.wait(random.Random(kill).uniform(0.01, 0.12))  # the moment is the point of the test, nothing is waited for
            hub.kill()
            for writer in writers:
                writer.join(60)
                sent.update((one["id"], one) for one in writer.sent)
                acknowledged |= writer.acknowledged
        hub.start()
        stored, query = [], "limit=1000"
        while True:
            document = hub.call("GET", f"{path}?{query}", token).json
            stored += [one["id"] for one in document["objects"]]
            if not document["more"]:
                break
            query = f"limit=1000&next={document['next']}"
        self.assertEqual(len(stored), len(set(stored)), "an object is there twice")
        self.assertLessEqual(acknowledged, set(stored), "an acknowledged object is lost")
        self.assertLessEqual(set(stored), set(sent), "an object that nobody sent")
        self.assertGreater(len(acknowledged), KILLS)
        self.assertEqual(hub.verb("check").splitlines()[-1], "ok")
        print(f"{KILLS} kills, {len(acknowledged)} acknowledged, {len(stored)} stored of {len(sent)} sent")


if __name__ == "__main__":
    unittest.main(verbosity=1)
