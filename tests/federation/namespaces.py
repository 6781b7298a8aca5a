"""A switch and machines on it, each in a network namespace of its own; nothing outside of them is touched. For root only."""
import contextlib
import ctypes
import os
import subprocess
import uuid

NEW_NETWORK = 0x40000000  # CLONE_NEWNET
NETWORK = "10.77.0"
LOSS = """
table inet weather {
  chain arriving {
    type filter hook input priority 0
    iifname "eth0" numgen random mod 100 < %d drop
  }
}
"""


def run(*words, given=None):
    done = subprocess.run(words, input=given, capture_output=True, text=True, timeout=30)
    if done.returncode != 0:
        raise OSError(f"{' '.join(words)}: {done.stderr.strip()}")


class Machine:
    def __init__(self, switch, number):
        self.switch, self.space, self.cable = switch, f"{switch.space}-{number}", f"port{number}"
        self.address = f"{NETWORK}.{10 + number}"
        self.before = ("ip", "netns", "exec", self.space)  # of a command that runs there

    def plug_in(self):
        run("ip", "netns", "add", self.space)
        run("ip", "-n", self.switch.space, "link", "add", self.cable, "type", "veth", "peer", "name", "eth0", "netns", self.space)
        run("ip", "-n", self.switch.space, "link", "set", self.cable, "master", "bridge0", "up")
        run("ip", "-n", self.space, "address", "add", f"{self.address}/24", "dev", "eth0")
        for link in ("lo", "eth0"):
            run("ip", "-n", self.space, "link", "set", link, "up")

    def cut(self):
        run("ip", "-n", self.switch.space, "link", "set", self.cable, "down")

    def mend(self):
        run("ip", "-n", self.switch.space, "link", "set", self.cable, "up")

    def lose(self, percent):
        """So many of the packets that come in, by chance; 0: none."""
        run(*self.before, "nft", "-f", "-", given="flush ruleset" + (LOSS % percent if percent else "\n"))

    @contextlib.contextmanager
    def inside(self):
        """What this thread connects meanwhile is connected from there."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/thread-self/ns/net") as home, open(f"/run/netns/{self.space}") as there:
            if libc.setns(there.fileno(), NEW_NETWORK) != 0:
                raise OSError(ctypes.get_errno(), "setns")
            try:
                yield
            finally:
                if libc.setns(home.fileno(), NEW_NETWORK) != 0:
                    os._exit(1)  # whatever came next would be done in the wrong place


class Switch:
    def __init__(self, machines):
        self.space = f"tocsin-{uuid.uuid4().hex[:8]}"
        self.machines = [Machine(self, number) for number in range(machines)]

    def plug_in(self):
        """OSError where it is refused; whoever made it unplugs it all the same."""
        run("ip", "netns", "add", self.space)
        run("ip", "-n", self.space, "link", "add", "bridge0", "type", "bridge")
        run("ip", "-n", self.space, "link", "set", "bridge0", "up")
        for machine in self.machines:
            machine.plug_in()
            machine.lose(20)
            machine.lose(0)

    def unplug(self):
        for space in (*(machine.space for machine in self.machines), self.space):
            subprocess.run(["ip", "netns", "delete", space], capture_output=True, timeout=30)
