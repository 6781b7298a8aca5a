"""A machine over this one: what is installed there is gone with the test, and this one is as it was. Root only, with overlayfs."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest



def in_namespace():
    """Begins the test's program again where what it mounts is its own."""
    if os.environ.get("TOCSIN_OWN_MOUNTS") is None:
        os.environ["TOCSIN_OWN_MOUNTS"] = "1"
        allowed = os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode == 0
        if allowed:
            os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])
        os.environ["TOCSIN_OWN_MOUNTS"] = "refused"


class Machine:
    def __init__(self):
        if os.environ["TOCSIN_OWN_MOUNTS"] != "1":
            raise refused()
        self.folder = tempfile.TemporaryDirectory(prefix="tocsin-machine-")
        base = pathlib.Path(self.folder.name)
        mount("-t", "tmpfs", "tmpfs", base)
        for name in ("upper", "scratch", "root"):
            (base / name).mkdir()
        self.root = base / "root"
        try:
            mount("-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={base}/upper,workdir={base}/scratch", self.root)
        except subprocess.CalledProcessError:
            self.close()
            raise refused() from None
        mount("--rbind", "/dev", self.root / "dev")
        mount("-t", "proc", "proc", self.root / "proc")
        mount("-t", "tmpfs", "tmpfs", self.root / "run")  # no systemd there, as in a container
        mount("-t", "tmpfs", "tmpfs", self.root / "tmp")

    def close(self):
        subprocess.run(["umount", "--recursive", "--lazy", self.folder.name], capture_output=True)
        self.folder.cleanup()

    def do(self, *words, status=0):
        """What a command prints there; fails the test unless it ends with the status."""
        done = subprocess.run(["chroot", self.root, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", *words],
                              capture_output=True, text=True, timeout=300)
        if done.returncode != status:
            raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def path(self, name):
        return self.root / name.lstrip("/")

    def take(self, file):
        """Puts a file into /tmp there; its path."""
        name = f"/tmp/{pathlib.Path(file).name}"
        self.path(name).write_bytes(pathlib.Path(file).read_bytes())
        return name


def refused():
    print("SKIPPED: a machine over this one cannot be mounted here", flush=True)
    return unittest.SkipTest("no mounts")


def mount(*words):
    subprocess.run(["mount", *map(str, words)], check=True, capture_output=True)
