"""What is scanned: the real server, with the doors it can have, members of every kind, and something to read."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.setdefault("TOCSIND", str(ROOT / "build" / "release" / "bin" / "tocsind"))
os.environ.setdefault("TOCSIN", str(ROOT / "build" / "release" / "bin" / "tocsin"))
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from authority import Authority  # noqa: E402  (needs the path above)
from community import Community  # noqa: E402
from instance import indicator  # noqa: E402


class Target(Community):
    """A community with a second door for client certificates. `spare` are things that a scanner may end."""

    def __init__(self, **values):
        super().__init__()
        self.client_folder = tempfile.TemporaryDirectory(prefix="tocsin-security-")
        authority = Authority(self.client_folder.name)
        (self.dir / "certs" / "clients-ca.crt").write_text(authority.file.read_text())
        self.client = authority.issue("scanner", "URI:urn:scanner")
        self.configure(listen__mtls='"127.0.0.1:0"', **values)
        self.organisation("spare", "other", "clear")
        self.spare_credential = self.token("spare", "feed").split("_")[1]
        self.tokens = {"analyst": self.lab, "auditor": self.token("cassini", "auditor"), "admin": (self.dir / "admin.token").read_text().strip()}
        self.start()
        self.verb("certificate", "add", "--org", "aurora", "--role", "analyst", "--san", "URI:urn:scanner")
        kept, spare = indicator(tlp="green"), indicator(tlp="green")
        self.status = self.submit(kept, spare)["id"]
        self.kept, self.spare = kept["id"], spare["id"]

    def close(self):
        super().close()
        self.client_folder.cleanup()

    def words(self):
        """What differs from run to run, and what is said in its place."""
        return [(str(self.client_folder.name), "CLIENT"), (str(self.dir), "DIR"), (str(self.port), "PORT"), (str(self.mtls_port), "MTLS_PORT"),
                (self.kept, "OBJECT"), (self.spare, "SPARE_OBJECT"), (self.status, "STATUS"), (self.spare_credential, "SPARE_CREDENTIAL")] + [
            (token, f"{role.upper()}_TOKEN") for role, token in self.tokens.items()]

    def plain(self, text):
        for word, name in self.words():
            text = text.replace(word, name)
        return text


def version(package):
    """As Debian names it."""
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True)
    return f"{package} {done.stdout}" if done.returncode == 0 else f"{package}, not Debian's"


def run(words, seconds, **options):
    """What it printed, or None when it did not end in time. Scanners are polite: lowest priority, nothing to read."""
    # A session of its own, so that what a scanner starts ends with it.
    started = subprocess.Popen(["nice", "-n", "19", *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace", start_new_session=True, **options)
    try:
        return started.communicate(timeout=seconds)[0]
    except BaseException as ended:
        os.killpg(started.pid, signal.SIGKILL)
        started.communicate()
        if isinstance(ended, subprocess.TimeoutExpired):
            return None
        raise
