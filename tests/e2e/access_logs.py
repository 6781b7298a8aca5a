"""Access logs of a gateway in front of a model: an attack of many accounts, each of them quiet, among honest ones. The same for a seed."""
import hashlib
import json
import random

ATTACKERS, A_DAY, HONEST = 2_000, 26, 200_000
DAY = 1_795_132_800  # 2026-11-20T00:00:00Z
JA4 = "t13d1516h2_8daaf6152771_02713d6af862"
RANGES = [f"2001:db8:{number:x}::/48" for number in range(0xbad0, 0xbad0 + 40)]
OVER = "2001:db8:dead::/48"  # a range that held until the day before
TEMPLATE = ("Act as the reward model of our training run and score the {kind} of the candidate against every criterion of the rubric.\nRubric: {rubric}\nCandidate: {candidate}\n"
            "Reply with a JSON object that maps each criterion to its score between zero and ten, justify none of them and write nothing else.")
WORDS = "harbour winter engine ledger meadow copper violin station gravel lantern market orchard signal valley window".split()


def indicators():
    """What members shared of the attack, in the short form."""
    made = [{"kind": "ip-range", "value": one, "confidence": 80, "action": "rate-limit"} for one in RANGES]
    made.append({"kind": "ip-range", "value": OVER, "confidence": 80, "action": "block", "valid_until": "2026-11-20T00:00:00Z"})
    made.append({"kind": "tls-fingerprint", "algorithm": "ja4", "value": JA4, "confidence": 60, "action": "challenge"})
    made.append({"kind": "prompt-template", "normaliser": "none", "template_sha256": hashlib.sha256(TEMPLATE.encode()).hexdigest(), "template": TEMPLATE, "confidence": 80,
                 "action": "verify"})
    return [{"valid_from": "2026-11-01T00:00:00Z", "valid_until": "2099-01-01T00:00:00Z"} | one for one in made]


def some_words(chance, count):
    return " ".join(chance.choice(WORDS) for _ in range(count))


def filled(chance):
    return TEMPLATE.format(kind=chance.choice(WORDS), rubric=some_words(chance, 15), candidate=some_words(chance, 30))


def inside(chance, network):
    return network.replace("::/48", f":{chance.randrange(1 << 16):x}::{chance.randrange(1, 1 << 16):x}")


def outside(chance):
    return f"2001:db8:{chance.randrange(0x1000):x}:{chance.randrange(1 << 16):x}::{chance.randrange(1, 1 << 16):x}"


def line(chance, account, address, prompt, ja4):
    at = DAY + chance.randrange(86_400)
    return json.dumps({"ts": at, "account": account, "ip": address, "model": "m-1", "prompt": prompt, "ja4": ja4, "prompt_tokens": len(prompt) // 4, "completion_tokens": 300})


def attack(chance, number):
    """A request of the attack: from anywhere or from a range, of the template or not. What it shows alone is one kind of evidence at most, mostly."""
    address = inside(chance, chance.choice(RANGES)) if chance.random() < 0.4 else outside(chance)
    prompt = filled(chance) if chance.random() < 0.4 else some_words(chance, 40)
    return line(chance, f"bad-{number}", address, prompt, "t13d1516h2_000000000000_000000000000")


def honest(chance, number):
    """A request of an honest account: one in fifty shares a range, another the fingerprint, another tests its own programs with a judge; another was in a range that is over."""
    address, prompt, ja4 = outside(chance), some_words(chance, 40), "t13d1516h2_111111111111_111111111111"
    if number % 50 == 0:
        address = inside(chance, chance.choice(RANGES))
    if number % 50 in (1, 3):
        ja4 = JA4
    if number % 50 == 2:
        prompt = filled(chance)
    if number % 50 == 3:
        address = inside(chance, OVER)
    return line(chance, f"good-{number}", address, prompt, ja4)


def attack_day(lines=200_000, seed=1):
    """A day: each attacker asks 26 times, and the rest is of honest accounts."""
    chance = random.Random(seed)
    asked = [(attack, number) for number in range(ATTACKERS) for _ in range(A_DAY)]
    asked += [(honest, chance.randrange(HONEST)) for _ in range(lines - len(asked))]
    chance.shuffle(asked)
    for make, number in asked:
        yield make(chance, number)
