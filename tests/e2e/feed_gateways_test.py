"""Feeds at work: nginx with the lines of docs/feeds.md limits who is in a network and nobody beside it; nft takes what is pulled."""
import http.client
import ipaddress
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from cli_case import Case, set_up_module, tocsin
from ports import free_port

PATIENCE = 30
PLACES = "/usr/sbin:/sbin:/usr/bin:/usr/local/bin"


def setUpModule():
    global hub, folder, lab, feed, lab_file
    hub, folder, lab, feed, lab_file = set_up_module(init=["--demo"])  # which takes what is reserved for documentation


def share(value, action):
    got = hub.call("POST", "/api/v1/indicators?override=A%20test", lab, {"kind": "ip-range", "value": value, "action": action})
    if got.status != 200 or got.json["refused"]:
        raise AssertionError(got.body)


def documented():
    """The blocks below the heading of nginx: for `http`, for `server`, and the commands."""
    text = pathlib.Path("docs/feeds.md").read_text().split("\n## nginx\n")[1].split("\n## ")[0]
    blocks = ["".join(line[4:] + "\n" for line in block.splitlines()) for block in re.findall(r"(?m)(?:^    .*\n)+", text)]
    if len(blocks) != 3:
        raise AssertionError(blocks)
    return blocks


class Nginx(Case):
    def setUp(self):
        own = pathlib.Path("build/tools/nginx")
        self.nginx = str(own.resolve()) if own.exists() else shutil.which("nginx", path=PLACES)
        if self.nginx is None:
            self.skipTest("nginx is not here")
        self.at = pathlib.Path(tempfile.mkdtemp(dir=folder))
        self.port = free_port()
        (self.at / "tocsin").mkdir()
        self.here = lambda text: text.replace("/etc/nginx/tocsin", str(self.at / "tocsin"))
        in_http, in_server, self.commands = map(self.here, documented())
        temporary = "".join(f"{name}_temp_path {self.at}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.at / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {self.at}/pid; error_log {self.at}/error.log; events {{}}\n"
            f"http {{ access_log off; {temporary}\n{in_http}\n"
            f"server {{ listen 127.0.0.1:{self.port}; set_real_ip_from 127.0.0.1; real_ip_header Visitor;\n{in_server}\n"
            f"location / {{ empty_gif; }} }} }}\n")
        self.command = [self.nginx, "-p", str(self.at), "-e", str(self.at / "error.log"), "-c", str(self.at / "nginx.conf")]

    def pull(self):
        for line in self.commands.splitlines():
            program, *words = line.split()
            self.assertEqual(program, "tocsin")
            self.assert_done(tocsin(*words))

    def start(self):
        process = subprocess.Popen(self.command, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait, PATIENCE)
        self.addCleanup(process.terminate)
        self.eventually(self.is_there)

    def is_there(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def eventually(self, true):
        end = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > end:
                raise AssertionError((self.at / "error.log").read_text())
            time.sleep(0.02)  # between looks at what another program does by itself

    def answers(self, visitor, count=10):
        """The statuses of so many requests of this visitor, at once one after another."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        out = set()
        for _ in range(count):
            connection.request("GET", "/", headers={"Visitor": visitor})
            response = connection.getresponse()
            response.read()
            out.add(response.status)
        connection.close()
        return out

    def test_who_is_in_a_network_to_limit_gets_429_and_the_neighbour_does_not(self):
        share("198.51.100.16/28", "rate-limit")
        share("198.51.100.64", "block")
        share("2001:db8:7::/48", "rate-limit")
        self.pull()
        self.start()
        for limited in ("198.51.100.16", "198.51.100.31", "2001:db8:7::1"):
            self.assertEqual(self.answers(limited), {200, 429}, limited)
        for neighbour in ("198.51.100.15", "198.51.100.32", "2001:db8:8::1"):
            self.assertEqual(self.answers(neighbour), {200}, neighbour)
        self.assertEqual(self.answers("198.51.100.64"), {403, 429})  # limited, too
        share("198.51.100.200", "rate-limit")
        reload = f"{' '.join(self.command)} -t && {' '.join(self.command)} -s reload"
        self.assert_done(tocsin("feed", "pull", "observe-v4", "--format", "nginx-geo", "--to", self.at / "tocsin" / "observe-v4.geo", "--exec", "sh", "-c", reload))
        self.eventually(lambda: self.answers("198.51.100.200") == {200, 429})
        self.assertEqual(self.answers("198.51.100.201"), {200})

    def test_a_list_that_nginx_refuses_is_put_back(self):
        share("198.51.100.128", "block")
        self.pull()
        listed = self.at / "tocsin" / "block-v4.conf"
        before = listed.read_text()
        with (self.at / "nginx.conf").open("a") as config:
            config.write(f"include {listed}.asked;\n")  # where nginx wants no list
        (self.at / "tocsin" / "block-v4.conf.asked").write_text("")
        refused = tocsin("feed", "pull", "block-v4", "--format", "nginx", "--to", f"{listed}.asked", "--exec", *self.command, "-t")
        self.assertEqual(refused.returncode, 1, refused.stderr)
        self.assertIn("is not allowed here", refused.stderr)
        self.assertEqual((listed.read_text(), pathlib.Path(f"{listed}.asked").read_text()), (before, ""))
        self.assertEqual(subprocess.run([*self.command, "-t"], capture_output=True).returncode, 0)


class Nft(Case):
    def test_nft_loads_what_is_pulled(self):
        alone = ["unshare", "--net"]  # a namespace of its own: the machine's tables stay as they are
        nft = shutil.which("nft", path=PLACES)
        if nft is None or subprocess.run([*alone, nft, "list", "ruleset"], capture_output=True).returncode != 0:
            self.skipTest("nft cannot change a table here")
        share("198.51.100.240/29", "block")
        file = pathlib.Path(tempfile.mkdtemp(dir=folder)) / "block-v4.nft"
        done = tocsin("feed", "pull", "block-v4", "--format", "nftables", "--to", file, "--exec", *alone, "sh", "-c",
                      f"{nft} -c -f {file} && {nft} -f {file} && {nft} -j list set inet tocsin block_v4", PATH=os.environ["PATH"])
        self.assert_done(done)
        [stored] = [one["set"] for one in json.loads(done.stderr)["nftables"] if "set" in one]
        networks = [ipaddress.ip_network(f"{one['prefix']['addr']}/{one['prefix']['len']}" if isinstance(one, dict) else one) for one in stored["elem"]]
        self.assertIn(ipaddress.ip_network("198.51.100.240/29"), networks)


if __name__ == "__main__":
    unittest.main(verbosity=1)
