"""The Debian package: what it installs, and that an instance outlives upgrades, going back, and removal."""
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import stat
import subprocess
import tempfile
import unittest
import urllib.request

from machine import Machine, in_namespace

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOME = "/var/lib/tocsin"
NEXT = "9.9.9"


def built(*words):
    return ROOT / subprocess.run(["scripts/build-package", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def another_version(package, folder, version):
    """The same package under another version."""
    tree = pathlib.Path(folder) / "tree"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"(?m)^Version: .*$", f"Version: {version}", control.read_text()))
    out = pathlib.Path(folder) / f"tocsin_{version}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", tree, out], check=True, capture_output=True)
    shutil.rmtree(tree)
    return out


def setUpModule():
    global folder, package, newer
    folder = tempfile.TemporaryDirectory(prefix="tocsin-package-")
    unittest.addModuleCleanup(folder.cleanup)
    package = built()
    newer = another_version(package, folder.name, NEXT)


class Service:
    """What tocsind.service starts, as its user, without systemd: until `stop`."""

    def __init__(self, machine):
        self.machine = machine
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(machine.path("/tmp/notify")))
        os.chmod(machine.path("/tmp/notify"), 0o777)
        self.socket.settimeout(60)
        unit = machine.path("/lib/systemd/system/tocsind.service").read_text()
        words = re.search(r"(?m)^ExecStart=(.*)$", unit)[1].replace("$TOCSIND_OPTIONS", "--listen 127.0.0.1:0").split()
        user = re.search(r"(?m)^User=(.*)$", unit)[1]
        self.process = subprocess.Popen(["chroot", f"--userspec={user}:{user}", machine.root, "env", "-i", "NOTIFY_SOCKET=/tmp/notify", *words],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        state = self.told()
        if not state.startswith("READY=1\n"):
            raise AssertionError(state)
        self.url = re.search(r"https://\S+", state)[0]

    def told(self):
        return self.socket.recv(4096).decode()

    def healthy(self):
        anybody = ssl._create_unverified_context()  # who is asked is known by its port
        return urllib.request.urlopen(self.url + "/healthz", context=anybody, timeout=30).status == 200

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        said = self.told()
        status = self.process.wait(60)
        self.process.stderr.close()
        self.socket.close()
        self.machine.path("/tmp/notify").unlink()
        return said, status


class Package(unittest.TestCase):
    def test_the_same_binaries_give_the_same_bytes(self):
        first = package.read_bytes()
        self.assertEqual(built().read_bytes(), first)

    def test_the_service_may_do_no_more_than_it_needs(self):
        if shutil.which("systemd-analyze") is None:
            print("SKIPPED: systemd is not here", flush=True)
            self.skipTest("systemd is not here")
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=15", "packaging/tocsind.service"], cwd=ROOT, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-400:] + done.stderr)

    def test_the_bill_of_materials_names_what_is_loaded(self):
        bill = json.loads(next(package.parent.glob("*.cdx.json")).read_text())
        self.assertEqual((bill["bomFormat"], bill["specVersion"]), ("CycloneDX", "1.5"))
        names = {one["name"] for one in bill["components"]}
        self.assertLessEqual({"libssl3", "libsqlite3-0", "libc6", "nlohmann-json3-dev", "react"}, names)
        for one in bill["components"]:
            self.assertTrue(one["version"] and one["purl"].endswith("@" + one["version"]), one)


class Life(unittest.TestCase):
    """One machine, from the first installation to the last byte."""

    def setUp(self):
        self.machine = Machine()
        self.addCleanup(self.machine.close)

    def install(self, file):
        return self.machine.do("dpkg", "--install", self.machine.take(file))

    def version(self):
        return self.machine.do("dpkg-query", "-W", "-f", "${Version} ${db:Status-Status}", "tocsin")

    def begin(self):
        """An instance, made as the package says."""
        said = self.install(package)
        command = re.search(r"runuser -u tocsin -- (tocsind init --dir \S+)", said)[1].split()
        self.machine.do("runuser", "-u", "tocsin", "--", *command, "--name", "hub", "--host", "localhost")

    def members(self):
        return self.machine.do("tocsind", "org", "list", "--dir", HOME)

    def test_what_is_installed_belongs_to_root_and_the_data_to_a_user_who_is_nobody_else(self):
        said = self.install(package)
        self.assertIn("tocsind init", said)
        user = self.machine.do("getent", "passwd", "tocsin").split(":")
        self.assertEqual((user[5], user[6].strip()), (HOME, "/usr/sbin/nologin"))
        home = self.machine.path(HOME).stat()
        self.assertEqual((stat.S_IMODE(home.st_mode), str(home.st_uid)), (0o700, user[2]))
        self.assertRaises(KeyError, pwd.getpwnam, "tocsin")  # this machine is as it was
        for name in self.machine.do("dpkg", "--listfiles", "tocsin").split():
            status = self.machine.path(name).lstat()
            if not stat.S_ISLNK(status.st_mode):
                self.assertEqual((status.st_uid, status.st_mode & 0o6022), (0, 0), name)
        self.assertEqual(self.machine.do("dpkg", "--verify", "tocsin"), "")

    def test_an_instance_outlives_an_upgrade_going_back_removal_and_purge(self):
        self.begin()
        settings = self.machine.path("/etc/default/tocsind")
        settings.write_text(settings.read_text() + "# ours\n")
        self.served()
        self.assertIn(NEXT, self.upgraded(newer))
        self.assertIn("# ours", settings.read_text())  # nobody was asked, nothing was overwritten
        self.served()
        self.upgraded(package)
        self.served()
        self.machine.do("dpkg", "--remove", "tocsin")
        self.assertTrue(self.version().endswith("config-files"))
        self.assertTrue(settings.exists() and not self.machine.path("/usr/bin/tocsind").exists())
        self.install(package)
        self.served()
        said = self.machine.do("dpkg", "--purge", "tocsin")
        self.assertIn(HOME, said)
        self.assertFalse(settings.exists())
        self.assertTrue(self.machine.path(HOME + "/tocsin.db").exists() and self.machine.path(HOME + "/keys/log.key").exists())

    def served(self):
        service = Service(self.machine)
        self.assertTrue(service.healthy())
        service.process.send_signal(signal.SIGHUP)
        self.assertRegex(service.told(), r"^RELOADING=1\nMONOTONIC_USEC=\d+$")
        self.assertEqual(service.told(), "READY=1")
        self.assertIn("hub", self.members())
        self.assertEqual(service.stop(), ("STOPPING=1", 0))

    def upgraded(self, file):
        """The version afterwards; a backup of the database was made before."""
        before = self.backups()
        self.install(file)
        [made] = self.backups() - before
        status = self.machine.path(made).stat()
        self.assertEqual((stat.S_IMODE(status.st_mode), status.st_uid), (0o600, self.machine.path(HOME).stat().st_uid))
        return self.version()

    def backups(self):
        folder = self.machine.path("/var/backups/tocsin")
        return {f"/var/backups/tocsin/{one.name}" for one in folder.glob("*.db")} if folder.exists() else set()

    def test_a_database_of_a_later_schema_is_not_touched_by_an_older_version(self):
        self.begin()
        with sqlite3.connect(self.machine.path(HOME + "/tocsin.db")) as database:
            database.execute("INSERT INTO schema_migrations VALUES (9999, 'later', 'x')")
        database.close()
        for side in ("-wal", "-shm"):
            file = self.machine.path(HOME + "/tocsin.db" + side)
            if file.exists():
                shutil.chown(file, self.machine.path(HOME).stat().st_uid, self.machine.path(HOME).stat().st_gid)
        before = self.machine.path(HOME + "/tocsin.db").read_bytes()
        self.assertIn("this version cannot use the database", self.install(newer))
        self.assertEqual(self.machine.path(HOME + "/tocsin.db").read_bytes(), before)


if __name__ == "__main__":
    in_namespace()
    unittest.main(verbosity=1)
