"""Pictures of the console's pages, of two instances that are peers: clients/console/browser/pictures.mjs makes them in the folder SHOTS.

No test: `SHOTS=docs/screenshots scripts/test-console` makes those of docs/console.md again."""
import os
import pathlib
import re
import subprocess

from mesh import Mesh

CLIENT = pathlib.Path(__file__).resolve().parents[2] / "clients" / "console"


def fill(aurora, heron):
    """What there is to see: of documentation's addresses, and from both."""
    aurora.share(*[{"kind": "ip-range", "value": f"203.0.113.{16 * i}/28", "tlp": "green", "confidence": 50 + 5 * i, "proxy_class": "residential",
                    "labels": ["distillation"], "description": "Exits of one reseller, seen with accounts that share a payment card."} for i in range(7)])
    aurora.share(*[{"kind": "proxy-asn", "value": f"AS{64_496 + i}", "tlp": "green", "confidence": 40 + 10 * i} for i in range(4)])
    seen = heron.share(*[{"kind": "ip-range", "value": f"198.51.100.{16 * i}/28", "tlp": "green", "confidence": 60 + 5 * i} for i in range(6)])
    for name, count in (("Grey Heron", 13_000_000), ("Little Egret", 150_000)):
        answer = aurora.call("POST", "/api/v1/campaigns", aurora.analyst, [{"name": name, "exchange_count": count, "exchange_count_basis": "lower-bound",
                             "tlp": "amber", "description": "Chains of thought are asked for in bulk, through accounts bought from resellers."}])
        if answer.status != 200 or answer.json["refused"]:
            raise AssertionError(answer.body)
    for identifier in seen:
        aurora.wait_object(identifier)


def main():
    folder = pathlib.Path(os.environ["SHOTS"]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    mesh = Mesh(aurora="lab", heron="cloud")
    try:
        aurora, heron = mesh.join()
        fill(aurora, heron)
        [key] = re.findall(r"(?m)^log-key\tdata\t(\S+)$", aurora.verb("check"))
        world = {"TOCSIN_URL": aurora.url, "LAB": aurora.analyst, "ADMIN": (aurora.dir / "admin.token").read_text().strip(), "LOG_KEY": key,
                 "NODE_EXTRA_CA_CERTS": aurora.ca, "SHOTS": str(folder)}
        subprocess.run(["node", "browser/pictures.mjs"], cwd=CLIENT, env=os.environ | world, timeout=600, check=True)
    finally:
        mesh.close()


if __name__ == "__main__":
    main()
