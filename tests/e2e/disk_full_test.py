"""A full disk: submissions are refused, reads go on, and when there is room again everything goes on, without a restart.

Each instance lives on a small disk of its own, which is filled by submissions and by a foreign file."""
import contextlib
import os
import pathlib
import re
import subprocess
import tempfile
import time
import unittest
import uuid
from concurrent.futures import ThreadPoolExecutor

from instance import TAXII, Instance, indicator

MIB = 1 << 20


def mount(folder, mib):
    return subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mib}m,mode=0700", "tocsin-e2e", str(folder)], capture_output=True)


def unmount(folder):
    if subprocess.run(["umount", str(folder)], capture_output=True).returncode != 0:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def setUpModule():
    with tempfile.TemporaryDirectory(prefix="tocsin-e2e-") as folder:
        if mount(folder, 1).returncode != 0:
            print("SKIPPED: a small disk cannot be mounted here", flush=True)
            raise unittest.SkipTest("mounting needs root")
        unmount(folder)


class SmallDisk(Instance):
    """An instance whose directory is on a disk of `mib` MiB. Its log is elsewhere, so that it tells what happens."""

    def __init__(self, mib, settings=""):
        self.folder = tempfile.TemporaryDirectory(prefix="tocsin-e2e-")
        self.disk = pathlib.Path(self.folder.name) / "disk"
        self.disk.mkdir()
        mount(self.disk, mib).check_returncode()
        self.dir = self.disk / "d"
        self.process, self.port, self.connections = None, None, {}
        self.acknowledged, self.refused = set(), []
        try:
            self.verb("init", "--name", "hub")
            (self.dir / "serve.log").symlink_to(pathlib.Path(self.folder.name) / "serve.log")
            file = self.dir / "tocsin.toml"
            file.write_text(file.read_text().replace("[store]\n", "[store]\n" + settings, 1))
            self.organisation("aurora", "lab", "red")
            self.lab = self.token("aurora", "analyst")
            self.objects = self.objects_of("network")
            self.admin = (self.dir / "admin.token").read_text().strip()
        except BaseException:
            self.close()
            raise

    def close(self):
        try:
            if self.process is not None and self.process.poll() is None:
                self.kill()
        finally:
            unmount(self.disk)
            self.folder.cleanup()

    @property
    def foreign(self):
        return self.disk / "foreign"

    def free(self):
        facts = os.statvfs(self.disk)
        return facts.f_bavail * facts.f_frsize

    def take_all_but(self, left):
        """A foreign file takes the room, but for `left` bytes."""
        with open(self.foreign, "ab") as file:
            more = self.free() - left
            if more > 0:
                os.posix_fallocate(file.fileno(), file.tell(), more)

    def submit(self, batch, connection=None):
        """The answer; what it acknowledges is remembered, and so is a submission that was refused as a whole."""
        answer = self.call("POST", self.objects, self.lab, {"objects": batch}, connection=connection)
        if answer.status == 202:
            self.acknowledged |= {one["id"] for one in answer.json["successes"]}
        else:
            self.refused.append(batch)
        return answer

    def submit_until_full(self, make, connection=None, most=400):
        for _ in range(most):
            answer = self.submit(make(), connection)
            if answer.status != 202:
                return answer
        raise AssertionError(f"the disk never became full: {self.free()} bytes are free")

    def pull(self, limit):
        seen, query = [], f"limit={limit}"
        while True:
            answer = self.call("GET", f"{self.objects}?{query}", self.lab)
            if answer.status != 200:
                raise AssertionError(answer.body)
            seen += [one["id"] for one in answer.json["objects"]]
            if not answer.json["more"]:
                return seen
            query = f"limit={limit}&next={answer.json['next']}"


def batch(count, kib):
    return [indicator(f"198.51.100.{i % 256}", "green", description=uuid.uuid4().hex[:8] * (kib << 7)) for i in range(count)]


class FullDisk(unittest.TestCase):
    def small_disk(self, *words, **options):
        hub = SmallDisk(*words, **options)
        self.addCleanup(hub.close)
        return hub

    def assert_full(self, answer):
        self.assertEqual(answer.status, 503, answer.body)
        self.assertEqual(answer.headers["Content-Type"], TAXII)
        self.assertRegex(answer.headers["Retry-After"], r"^[1-9][0-9]*$")
        document = answer.json
        self.assertEqual((document["error_code"], document["http_status"]), ("storage-full", "503"))
        for member in ("title", "description", "error_id"):
            self.assertTrue(document[member], member)

    def assert_reads_are_exact(self, hub, limit):
        """Everything acknowledged, once, and nothing else. The limits differ, so that no page is from memory."""
        stored = hub.pull(limit)
        self.assertEqual(len(stored), len(set(stored)), "an object is there twice")
        self.assertEqual(len(hub.acknowledged - set(stored)), 0, "acknowledged objects are lost")
        self.assertEqual(len(set(stored) - hub.acknowledged), 0, "objects are stored that no answer acknowledged")

    def withdraw_until_full(self, hub, objects):
        """A withdrawal is smaller than what was refused: a few may find room."""
        for one in objects:
            answer = hub.call("DELETE", f"{hub.objects}{one['id']}/", hub.lab)
            if answer.status != 200:
                return answer
            hub.acknowledged.discard(one["id"])
        raise AssertionError(f"the disk never became full: {hub.free()} bytes are free")

    def assert_server_answers(self, hub):
        self.assertEqual(hub.call("GET", "/healthz").status, 200)
        ready = hub.call("GET", "/readyz").status
        metrics = hub.call("GET", "/metrics", hub.admin)
        self.assertEqual(metrics.status, 200)
        values = dict(line.rsplit(" ", 1) for line in metrics.body.decode().splitlines() if not line.startswith("#"))
        # What was stored last may be signed only when there is room again.
        self.assertIn(ready, (200, 503) if values['tocsin_log_unsigned{log="data"}'] == "1" else (200,))
        self.assertGreater(int(values["tocsin_commit_failures_total"]), 0)
        self.assertEqual(int(values["tocsin_commit_waiting_objects"]), 0)
        self.assertEqual(hub.call("GET", hub.objects.replace("objects", "manifest") + "?limit=3", hub.lab).status, 200)
        one = next(iter(hub.acknowledged))
        self.assertEqual(hub.call("GET", f"{hub.objects}{one}/", hub.lab).json["objects"][0]["id"], one)
        refused = hub.refused[-1][0]["id"]
        self.assertEqual(hub.call("GET", f"{hub.objects}{refused}/", hub.lab).status, 404)

    def assert_recovers(self, hub):
        """Room again: the submission that was refused is accepted within 5 s, by the same process."""
        hub.foreign.unlink()
        again, deadline = hub.refused[-1], time.monotonic() + 5
        while True:
            answer = hub.submit(again)
            if answer.status == 202 or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        self.assertEqual(answer.status, 202, answer.body)
        self.assertEqual((answer.json["success_count"], answer.json["failure_count"]), (len(again), 0))
        self.assertIsNone(hub.process.poll())

    def assert_stops_sound(self, hub):
        self.assertEqual(hub.stop(), 0)
        done = hub.verb("check", check=False)
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1:]), (0, ["ok"]), done.stdout + done.stderr)

    def assert_ends_well(self, hub):
        """Room again, and then nothing is missing, nothing is there that was refused, and the database is sound."""
        self.assert_recovers(hub)
        self.assert_reads_are_exact(hub, 23)
        self.assert_stops_sound(hub)

    def test_below_the_configured_free_space_submissions_are_refused_and_reads_go_on(self):
        hub = self.small_disk(88).start()  # 64 MiB must stay free
        self.assert_full(hub.submit_until_full(lambda: batch(20, 64)))
        self.assertGreater(hub.free(), 55 * MIB, "the reserve was used up")
        self.assert_reads_are_exact(hub, 17)
        self.assert_server_answers(hub)
        hub.stop()
        hub.take_all_but(63 * MIB)
        hub.start()  # with the disk below its reserve
        self.assert_full(hub.submit(batch(1, 1)))
        self.assert_reads_are_exact(hub, 19)
        self.assert_stops_sound(hub)

    def test_a_foreign_file_below_the_configured_free_space_does_the_same_until_it_goes(self):
        hub = self.small_disk(88).start()
        hub.submit(batch(20, 8))
        hub.take_all_but(63 * MIB)
        for limit in (17, 18):
            self.assert_full(hub.submit(batch(3, 8)))
            self.assert_reads_are_exact(hub, limit)
        hub.take_all_but(0)  # not even the reserve is left
        self.assert_full(hub.submit(batch(3, 8)))
        self.assert_reads_are_exact(hub, 19)
        self.assert_server_answers(hub)
        self.assert_ends_well(hub)

    def test_without_a_reserve_the_databases_own_limit_refuses_and_nothing_is_half_written(self):
        hub = self.small_disk(24, "free_space_mib = 0\n").start()
        hub.take_all_but(14 * MIB)
        for kib in (64, 8, 1):  # ever smaller ones, until nothing fits
            self.assert_full(hub.submit_until_full(lambda: batch(10, kib)))
        hub.take_all_but(0)
        self.assert_full(hub.submit(batch(10, 1)))
        for limit in (17, 19):
            self.assert_reads_are_exact(hub, limit)
            self.assert_server_answers(hub)
        self.assert_ends_well(hub)

    def test_a_checkpoint_that_finds_no_room_loses_nothing_and_is_made_up_for(self):
        hub = self.small_disk(24, "free_space_mib = 0\nwal_checkpoint_mib = 2\n").start()
        for _ in range(2):
            self.assertEqual(hub.submit(batch(10, 64)).status, 202)
        log, database = hub.dir / "tocsin.db-wal", hub.dir / "tocsin.db"
        before = database.stat().st_size
        self.assertLess(log.stat().st_size, 2 * MIB)
        hub.take_all_but(2 * MIB)  # the log may grow beyond its 2 MiB, the database may not take them
        full = hub.submit_until_full(lambda: batch(4, 64))
        self.assert_full(full)
        self.assertGreater(log.stat().st_size, 2 * MIB, "no checkpoint was due")
        self.assert_reads_are_exact(hub, 17)
        self.assert_server_answers(hub)
        self.assert_recovers(hub)
        hub.submit(batch(4, 64))
        self.assertGreater(database.stat().st_size, before + MIB, "the log was not moved into the database")
        self.assert_reads_are_exact(hub, 19)
        hub.kill()
        hub.start()
        self.assert_reads_are_exact(hub, 23)
        self.assert_stops_sound(hub)

    def test_submissions_that_share_a_commit_are_each_stored_whole_or_refused_whole(self):
        hub = self.small_disk(24, "free_space_mib = 0\n").start()
        hub.take_all_but(10 * MIB)

        def write(kib):
            with contextlib.closing(hub.connect()) as connection:
                return hub.submit_until_full(lambda: batch(5, kib), connection, 2_000)

        with ThreadPoolExecutor(8) as pool:
            for answer in pool.map(write, (1, 4, 16, 64) * 2):
                self.assert_full(answer)
        self.assert_reads_are_exact(hub, 17)
        self.assert_server_answers(hub)
        hub.foreign.unlink()
        for refused in list(hub.refused):
            self.assertEqual(hub.submit(refused).json["success_count"], len(refused))
        self.assert_reads_are_exact(hub, 19)
        self.assert_stops_sound(hub)

    def test_a_refused_submission_of_several_commits_says_how_much_of_it_is_stored(self):
        hub = self.small_disk(24, "free_space_mib = 0\n").start()
        hub.submit(batch(1, 1))
        hub.take_all_but(4 * MIB)
        many = batch(1_500, 4)
        answer = hub.submit(many)
        self.assert_full(answer)
        said = re.search(r"Before that, ([0-9]+) objects of this submission were stored", answer.json["description"])
        self.assertIsNotNone(said, answer.json["description"])
        count = int(said[1])
        self.assertGreater(count, 0)
        hub.acknowledged |= {one["id"] for one in many[:count]}  # the first ones, in order
        self.assert_reads_are_exact(hub, 17)
        self.assert_ends_well(hub)  # with all of it again

    def test_a_withdrawal_and_a_new_member_are_refused_with_a_sentence_and_undo_nothing(self):
        hub = self.small_disk(24, "free_space_mib = 0\n").start()
        made = batch(200, 1)
        hub.submit(made)
        hub.take_all_but(0)
        self.assert_full(hub.submit_until_full(lambda: batch(1, 1)))
        self.assert_full(self.withdraw_until_full(hub, made))
        for words in (["org", "add", "borealis", "--type", "cloud", "--clearance", "green"],
                      ["token", "add", "--org", "aurora", "--role", "feed"]):
            refused = hub.verb(*words, check=False)
            self.assertEqual((refused.returncode, refused.stdout), (1, ""), words)
            self.assertIn("full", refused.stderr)
        self.assert_reads_are_exact(hub, 17)
        self.assertNotIn("borealis", hub.verb("org", "list"))
        hub.foreign.unlink()
        self.assertTrue(hub.organisation("borealis", "cloud", "green").startswith("identity--"))
        self.assertEqual(hub.call("DELETE", f"{hub.objects}{made[0]['id']}/", hub.lab).status, 200)
        self.assert_stops_sound(hub)

    def test_after_a_kill_on_a_full_disk_the_server_starts_with_and_without_room(self):
        hub = self.small_disk(24, "free_space_mib = 0\n").start()
        hub.take_all_but(8 * MIB)
        self.assert_full(hub.submit_until_full(lambda: batch(10, 32)))
        hub.take_all_but(0)
        hub.kill()
        hub.start()  # no room at all: what was acknowledged is read all the same
        self.assert_reads_are_exact(hub, 17)
        hub.submit_until_full(lambda: batch(1, 1))
        self.assert_reads_are_exact(hub, 18)
        hub.take_all_but(0)
        hub.kill()
        hub.start()
        self.assert_full(hub.submit_until_full(lambda: batch(1, 1)))
        self.assert_recovers(hub)
        self.assert_reads_are_exact(hub, 19)
        hub.kill()
        hub.start()
        self.assert_reads_are_exact(hub, 23)
        self.assert_stops_sound(hub)


if __name__ == "__main__":
    unittest.main(verbosity=1)
