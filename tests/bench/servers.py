"""The servers that are measured: an instance in a directory of its own, and nginx with the same certificate beside it."""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "release"
os.environ.setdefault("TOCSIND", str(BUILD / "bin" / "tocsind"))
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from instance import Instance  # noqa: E402  (needs the path above)
from ports import free_port  # noqa: E402

PROGRAMS = BUILD / "tests" / "bench"


class Hub(Instance):
    """An instance with two labs and a reader; its server is restarted, killed or replaced by a stub at will."""

    def __init__(self):
        super().__init__()
        self.organisation("aurora", "lab", "red")
        self.organisation("borealis", "lab", "red")
        self.organisation("civic", "cloud", "clear")
        self.writer = self.token("aurora", "analyst")
        self.other_writer = self.token("borealis", "analyst")
        self.rare_reader = self.token("civic", "feed")
        self.path = f"/taxii2/root/collections/{self.collection('network')}/"

    def start_without(self, program):
        """The same server without what the program leaves out: `commit_stub` stores nothing, `audit_off` keeps no trail."""
        self.log = open(self.dir / "serve.log", "ab")
        self.process = subprocess.Popen([PROGRAMS / program, self.dir, "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])

    def seconds_to_listen_after_kill(self):
        self.kill()
        started = time.monotonic()
        self.start()
        return time.monotonic() - started

    def resident_bytes(self, name="VmRSS"):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
        raise RuntimeError(f"the server has no {name}")

    def most_resident_bytes(self):
        """Since it was started."""
        return self.resident_bytes("VmHWM")


class Nginx:
    """Serves the files of a folder over TLS with two workers, tuned for files that do not change."""

    CONFIGURATION = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 2;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; server_tokens off;
  keepalive_timeout 75s; keepalive_requests 1000000000;
  open_file_cache max=100; open_file_cache_valid 1h;
  client_body_temp_path {folder}/t; proxy_temp_path {folder}/t; fastcgi_temp_path {folder}/t; uwsgi_temp_path {folder}/t; scgi_temp_path {folder}/t;
  default_type application/taxii+json;
  server {{
    listen 127.0.0.1:{port} ssl; root {folder}/files;
    ssl_protocols TLSv1.3; ssl_certificate {certificates}/server.crt; ssl_certificate_key {certificates}/server.key;
  }}
}}
"""

    def __init__(self, certificates):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tocsin-bench-"))
        os.chmod(self.folder, 0o755)
        (self.folder / "files").mkdir()
        port = free_port()
        self.url = f"https://127.0.0.1:{port}"
        file = self.folder / "nginx.conf"
        file.write_text(self.CONFIGURATION.format(folder=self.folder, port=port, certificates=certificates))
        program = ROOT / "build" / "tools" / "nginx"
        command = program if program.exists() else "nginx"
        self.process = subprocess.Popen([command, "-c", file, "-e", self.folder / "error.log"])
        self.wait(port)

    def wait(self, port):
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.01)
        raise RuntimeError(f"nginx did not start: {(self.folder / 'error.log').read_text()[-500:]}")

    def put(self, name, content):
        (self.folder / "files" / name).write_bytes(content)
        return f"{self.url}/{name}"

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder)
