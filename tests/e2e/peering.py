"""An instance that has peers: with a listener for them, a certificate to show them, and what it takes to introduce it to them."""
import json
import pathlib
import time

from instance import Instance
from ports import free_port


def wait_for(answer, why, patience=90):
    """The first answer that is true; it is asked for until then, for whoever is asked has no event for it."""
    end = time.monotonic() + patience
    while not (found := answer()):
        if time.monotonic() > end:
            raise AssertionError(why() if callable(why) else why)
        time.sleep(0.02)
    return found


def toml(values):
    table = lambda pairs: "{" + ", ".join(f"{json.dumps(key)} = {json.dumps(value)}" for key, value in pairs.items()) + "}"
    return "".join(f"{key} = {table(value) if isinstance(value, dict) else json.dumps(value)}\n" for key, value in values.items())


class PeeringInstance(Instance):
    def __init__(self, name, authority):
        super().__init__(init=["--demo", "--host", f"{name}.example"])
        self.name, self.origin = name, f"{name}.example/log"
        self.certificate = authority.issue(name)
        (self.dir / "certs" / "clients-ca.crt").write_text(authority.file.read_text())
        mtls = free_port()
        self.configure(listen__mtls=f'"127.0.0.1:{mtls}"', federation__private_addresses="true",
                       federation__certificate=json.dumps(str(self.certificate.file)), federation__key=json.dumps(str(self.certificate.key)))
        self.mtls_url = f"https://127.0.0.1:{mtls}"

    def make_manifest(self, *identities):
        named = [word for identity in identities for word in ("--identity", identity)]
        self.verb("manifest", "make", "--url", self.mtls_url, "--pin", self.certificate.pin, *named)

    def accept(self, line, name):
        file = pathlib.Path(self.folder.name) / "line"
        file.write_text(line + "\n")
        return self.verb("peer", "accept", str(file), "--name", name)

    def agree(self, peer, **agreement):
        """What the verb says of the agreement, which is in force unless there is a mistake in it."""
        (self.dir / "peers" / f"{peer}.toml").write_text(toml(agreement))
        return self.verb("peer", "reload")

    def tail(self):
        return (self.dir / "serve.log").read_text()[-3000:]


def introduce(one, other):
    """Lines carried between two of them."""
    reply = other.accept(one.verb("peer", "invite"), one.name)
    one.accept(reply, other.name)
