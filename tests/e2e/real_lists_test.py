"""Whole public lists through `tocsin share`: how many values are taken and how many refused for which reason, to the number; and what the lists of clouds warn of."""
import bisect
import collections
import hashlib
import ipaddress
import json
import pathlib
import re
import subprocess
import tempfile
import unittest
from typing import NamedTuple

from community import Community
from instance import TOCSIN

DATA = pathlib.Path("../shared/data")
RANGES = ("--kind", "ip-range")
NUMBERS = ("--kind", "proxy-asn")


def as_it_is(text):
    return text


def without_remarks(text):
    """What `sed 's/ *#.*//'` leaves."""
    return re.sub(r" *#.*", "", text)


def as_templates(text):
    """A JSON object a line of the short form, of one with the parts of a prompt."""
    out = []
    for line in text.splitlines():
        prompt = json.loads(line)
        template = prompt["system_prompt"] + "\n\n" + prompt["prompt_template"]
        out.append(json.dumps({"kind": "prompt-template", "template": template, "template_sha256": hashlib.sha256(template.encode()).hexdigest(),
                               "normaliser": "none", "slot_count": len(re.findall(r"\{\w+\}", template)), "language": "en"}))
    return "\n".join(out) + "\n"


class List(NamedTuple):
    """A file as it was when its values were counted, how it is shared, and what becomes of it."""
    file: str
    digest: str  # SHA-256
    words: tuple
    accepted: int
    unchanged: int = 0
    refused: dict = {}
    revised: int = 0  # of the accepted: new versions of what an earlier list said otherwise
    prepare: object = as_it_is
    ending: str = ".txt"

    def text(self):
        content = (DATA / self.file).read_bytes()
        if hashlib.sha256(content).hexdigest() != self.digest:
            raise AssertionError(f"{self.file} is not the file whose values were counted here: count anew")
        return self.prepare(content.decode())

    def values(self):
        """By line; a value stands in a list as often as its author likes."""
        cell = as_it_is if self.ending == ".ndjson" else lambda line: line.split(",")[0].strip('" \t')
        lines = [cell(line) for line in self.text().splitlines()]
        return {number: value for number, value in enumerate(lines, 1) if value not in ("", "ASN")}


VPN4 = List("X4BNet+lists_vpn/output__vpn__ipv4.txt", "d9c11123704770e307f814d36c5bdbdd1997c65c9f3de7ca3a95aa9fa0d5d7e3", (*RANGES, "--set", "proxy_class=vpn"), 10_862)
VPN6 = List("X4BNet+lists_vpn/output__vpn__ipv6.txt", "5b91e26f6706d20307b4f329ce2f148cfa17d5939d9c367962e2b91b65333d0a", (*RANGES, "--set", "proxy_class=vpn"), 498)
HOSTS4 = List("X4BNet+lists_vpn/output__datacenter__ipv4.txt", "3d24d6e3c0b0aecea1d8eed1f91fc0d563bba6dd80b8e13383e13a562758a0c5",
              (*RANGES, "--set", "proxy_class=datacenter"), 42_535, refused={"value-too-broad": 31}, revised=4_270)
HOSTS6 = List("X4BNet+lists_vpn/output__datacenter__ipv6.txt", "fb1c6e465fed11612a620e54810891d877ba65d71b4d049759511a5d4273b7fc",
              (*RANGES, "--set", "proxy_class=datacenter"), 8_752, revised=475)
VPN_NUMBERS = List("X4BNet+lists_vpn/input__vpn__ASN.txt", "2fb144befefe05a8f24eaaff746a5f96784f5d8caabcec2b2489bdaa7b815d44", NUMBERS, 15, prepare=without_remarks)
HOST_NUMBERS = List("X4BNet+lists_vpn/input__datacenter__ASN.txt", "29d3ab2ffabd7b618ef8d386c5f2619ed666e07d15168f86972ecffaa9549dc7", NUMBERS, 889, 3,
                    prepare=without_remarks)
BAD_NUMBERS = List("brianhama+bad-asn-list/bad-asn-list.csv", "e2b93f431ece8ad49ed33155dbd4e43a5e10ed40c365dfff86b9c56e68684035", (*NUMBERS, "--map", "ASN:value"), 7, 714,
                   {"items-invalid": 2}, ending=".csv")
ADDRESSES = List("stamparm+ipsum/levels__3.txt", "f2d4f4c2da225847c2e7b9e0aa99a77fa5f2617e94b3258ff58976ad02195c44", RANGES, 14_217)
MAIL = List("disposable-email-domains+disposable-email-domains/disposable_email_blocklist.conf", "e22191c2af20697fc715a301e5d3ebeac795e55913bf1f68572abd308d5bf161",
            ("--kind", "account-pattern", "--columns", "email_domain"), 8_335, ending=".csv")
PROMPTS = List("lm-sys+FastChat/fastchat__llm_judge__data__judge_prompts.jsonl", "fd283293406d024f44c174b094ef48031d0687a4682fd3a56b29b138f80281b6", (), 8,
               prepare=as_templates, ending=".ndjson")
LISTS = (VPN4, VPN6, HOSTS4, HOSTS6, VPN_NUMBERS, HOST_NUMBERS, BAD_NUMBERS, ADDRESSES, MAIL, PROMPTS)


def setUpModule():
    global folder
    if not DATA.is_dir():
        print("SKIPPED: the public data sets are not here")
        raise unittest.SkipTest("the public data sets are not here")
    temporary = tempfile.TemporaryDirectory(prefix="tocsin-lists-")
    unittest.addModuleCleanup(temporary.cleanup)
    folder = pathlib.Path(temporary.name)


class Told(NamedTuple):
    """What `tocsin share` says: its summary, the lines that were refused by code, and how many objects it printed."""
    accepted: int
    unchanged: int
    refused: int
    lines: dict
    objects: int


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.hub = Community()
        cls.addClassCleanup(cls.hub.close)
        cls.hub.start()

    def tocsin(self, token, *words):
        env = {"TOCSIN_FORMAT": "table", "TOCSIN_URL": self.hub.url, "TOCSIN_CA": self.hub.ca, "TOCSIN_TOKEN": token, "HOME": str(folder)}
        with open(folder / "said", "w+") as said, subprocess.Popen([TOCSIN, *words], stdout=subprocess.PIPE, stderr=said, text=True, env=env) as process:
            count, last = 0, ""
            for last in process.stdout:
                count += 1
            status = process.wait()
            said.seek(0)
            return status, count, last, said.read()

    def share(self, kept, *words, text=None):
        file = folder / ("values" + kept.ending)
        file.write_text(text or kept.text())
        status, count, last, said = self.tocsin(self.hub.lab, "share", *kept.words, *words, str(file))
        summary = re.fullmatch(r"(\d+) (?:would be )?accepted, (\d+) unchanged, (\d+) refused\n", last)
        self.assertIsNotNone(summary, f"{status}: {said[-500:]}")
        lines = collections.defaultdict(set)
        for line, code in re.findall(r":(\d+)(?::\d+)?: refused: ([a-z-]+): ", said):
            lines[code].add(int(line))
        for code, ranges in re.findall(r": As line \d+, [\d,]+ more lines? (?:is|are) refused: ([a-z-]+): ([-\d, ]+)", said):
            for first, last in re.findall(r"(\d+)(?:-(\d+))?", ranges):
                lines[code].update(range(int(first), int(last or first) + 1))
        refused = int(summary[3])
        self.assertEqual(status, 2 if refused else 0)
        return Told(int(summary[1]), int(summary[2]), refused, lines, count - 1)


def counted(lines):
    return {code: len(each) for code, each in lines.items()}


class Lists(Case):
    def test_every_value_is_taken_or_refused_for_a_reason_and_nothing_is_lost(self):
        for kept in LISTS:
            with self.subTest(kept.file):
                dry, done, again = self.share(kept, "--dry-run"), self.share(kept), self.share(kept)
                print(f"{kept.file}: {done.accepted} accepted, {done.unchanged} unchanged, {counted(done.lines)} refused")
                self.assertEqual((done.accepted, done.unchanged, counted(done.lines)), (kept.accepted, kept.unchanged, kept.refused))
                self.assertEqual(done.accepted + done.unchanged + done.refused, len(set(kept.values().values())))
                self.assertEqual((dry.accepted, dry.unchanged, dry.lines), (done.accepted, done.unchanged, done.lines))
                self.assertEqual((again.accepted, again.unchanged, again.lines), (0, done.accepted + done.unchanged, done.lines))
        seen = self.tocsin(self.hub.cloud, "pull", "--type", "indicator")[1]
        self.assertEqual(seen, sum(kept.accepted - kept.revised for kept in LISTS))

    def test_what_is_too_wide_or_in_two_lists_is_what_it_is_by_another_count(self):
        wide = {number for number, value in HOSTS4.values().items() if ipaddress.ip_network(value).prefixlen < 12}
        self.assertEqual(self.share(HOSTS4, "--dry-run").lines, {"value-too-broad": wide})
        self.assertEqual(len(set(VPN4.values().values()) & set(HOSTS4.values().values())), HOSTS4.revised)
        self.assertEqual(len(set(VPN6.values().values()) & set(HOSTS6.values().values())), HOSTS6.revised)

    def test_a_remark_behind_a_value_is_no_part_of_a_list(self):
        told = self.share(HOST_NUMBERS, "--dry-run", text=(DATA / HOST_NUMBERS.file).read_text())
        self.assertEqual((told.accepted, counted(told.lines)), (0, {"property-value": 906}))


class Clouds(Case):
    """The lists of clouds as allow lists, against the ranges of the same and other hosts: what the server says overlaps is what Python's ipaddress says."""
    LISTS = {"amazon": "lord-alfred+ipranges/amazon__ipv4_merged.txt", "google": "lord-alfred+ipranges/google__ipv4_merged.txt",
             "microsoft": "lord-alfred+ipranges/microsoft__ipv4_merged.txt", "cloudflare": "lord-alfred+ipranges/cloudflare__ipv4_merged.txt",
             "github": "lord-alfred+ipranges/github__ipv4_merged.txt", "of-ipv6": "lord-alfred+ipranges/all__ipv6_merged.txt",
             "amazon-aws": "MISP+misp-warninglists/lists__amazon-aws__list.json", "google-gcp": "MISP+misp-warninglists/lists__google-gcp__list.json",
             "microsoft-azure": "MISP+misp-warninglists/lists__microsoft-azure__list.json"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        networks = []
        for name, file in cls.LISTS.items():
            cls.hub.verb("allow", "import", name, str(DATA / file))
            text = (DATA / file).read_text()
            networks += json.loads(text)["list"] if file.endswith(".json") else text.split()
        cls.covered = {version: intervals(networks, version) for version in (4, 6)}

    def overlaps(self, text):
        network = ipaddress.ip_network(text)
        firsts, lasts = self.covered[network.version]
        at = bisect.bisect_right(firsts, int(network.broadcast_address))
        return at > 0 and lasts[at - 1] >= int(network.network_address)

    def test_what_overlaps_a_list_of_a_cloud_is_warned_of_and_nothing_else(self):
        for kept, expected in ((VPN4, 0), (VPN6, 0), (HOSTS4, 2_518), (HOSTS6, 441), (ADDRESSES, 2_330)):
            with self.subTest(kept.file):
                told = self.share(kept, "--dry-run")
                warned = {number for number, value in kept.values().items() if self.overlaps(value)}
                print(f"{kept.file}: {len(warned)} of {len(kept.values())} overlap a list of a cloud")
                self.assertEqual(told.lines["value-allow-listed"], warned)
                self.assertEqual(len(warned), expected)

    def test_a_reason_takes_what_is_warned_of(self):
        told = self.share(HOSTS6, "--dry-run", "--override", "The exits of the campaign are in clouds.")
        self.assertEqual((told.accepted, told.refused), (HOSTS6.accepted, 0))


def intervals(networks, version):
    """The first and last addresses of what the networks cover, in order, none within or beside another."""
    covered = ipaddress.collapse_addresses(one for one in map(lambda text: ipaddress.ip_network(text, strict=False), networks) if one.version == version)
    firsts, lasts = zip(*((int(one.network_address), int(one.broadcast_address)) for one in covered))
    return firsts, lasts


if __name__ == "__main__":
    unittest.main()
