#!/usr/bin/env python3
"""Measures questions of what hits whom over HTTP: single ones of a gateway beside nginx's small file, and batches beside the engine in one process, on one thread.

usage: tests/bench/match_http.py [NETWORKS [TEMPLATES]]      how many there are (1,000,000; 10,000)

Takes about five minutes. TOCSIND names the server's program; without it the release build is measured."""
import hashlib
import json
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import load
import rows
import tables
from rows import Row
from servers import Nginx

ADDRESSES, PROMPTS, QUESTIONS, PROMPT_BYTES = 1_000, 100, 50, 1_024
WORDS, LONG, SHARED_TOGETHER = 3_000, 90, 500  # of the language, in a template, in a request
PATIENCE = 60


def address(chance, count):
    """One in a hundred is in a network that the reader sees: most traffic is honest."""
    number = chance.randrange(50 * count)
    return f"2a10:0:{number >> 16:x}:{number & 0xffff:x}::7"


def templates(chance, count):
    """With one slot in the middle, as they are shared."""
    for _ in range(count):
        words = [f"word{chance.randrange(WORDS)}" for _ in range(LONG)]
        words[LONG // 2] = "{slot}"
        yield " ".join(words)


def share(hub, texts):
    for first in range(0, len(texts), SHARED_TOGETHER):
        items = [{"kind": "prompt-template", "normaliser": "none", "template_sha256": hashlib.sha256(text.encode()).hexdigest(), "template": text, "tlp": "amber"}
                 for text in texts[first:first + SHARED_TOGETHER]]
        answer = hub.call("POST", "/api/v1/indicators", hub.writer, items)
        if answer.status != 200 or answer.json["refused"]:
            raise RuntimeError(f"{answer.status}: {answer.body[:500]}")


def prompt(chance, texts):
    """Every second one fills a template."""
    text = chance.choice(texts).replace("{slot}", "something") if chance.random() < 0.5 else ""
    while len(text) < PROMPT_BYTES:
        text += f" word{chance.randrange(WORDS)}"
    return text[:PROMPT_BYTES]


def ask(hub, items):
    answer = hub.call("POST", "/api/v1/match", hub.other_writer, {"items": items})
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {answer.body[:300]}")
    return answer.json["hits"]


def wait_for(hub, item):
    began = time.monotonic()
    while not ask(hub, [item]):
        if time.monotonic() > began + PATIENCE:
            raise RuntimeError("what was published is not matched")


def written(hub, name, lines):
    path = hub.dir / name
    path.write_text("".join(line + "\n" for line in lines))
    return path


def question(items):
    return json.dumps({"items": list(items)}, separators=(",", ":"))


def measure(count, template_count):
    """Questions a second: single ones, addresses in batches, prompts in batches; and nginx's."""
    chance = random.Random(70)
    with tables.Stored(count) as stored:
        hub, nginx = stored.hub, Nginx(stored.hub.dir / "certs")
        try:
            texts = list(templates(chance, template_count))
            share(hub, texts)
            wait_for(hub, {"ip": "2a10:0:0:0::7"})
            wait_for(hub, {"prompt": texts[-1]})
            singles = written(hub, "singles", (address(chance, count) for _ in range(1_000)))
            batches = written(hub, "batches", (question({"ip": address(chance, count)} for _ in range(ADDRESSES)) for _ in range(QUESTIONS)))
            prompts = written(hub, "prompts", (question({"prompt": prompt(chance, texts)} for _ in range(PROMPTS)) for _ in range(QUESTIONS)))
            file = nginx.put("small", b"x" * 58)
            asked = lambda path, which: load.match(hub.url + "/api/v1/" + path, hub.other_writer, which, path)
            single, small = load.alternating(lambda: asked("check", singles), lambda: load.get(file, hub.other_writer))
            return {"single": single, "nginx": small, "addresses": ADDRESSES * load.repeated(lambda: asked("match", batches)),
                    "prompts": PROMPTS * load.repeated(lambda: asked("match", prompts))}
        finally:
            nginx.close()


def table(count, found, ranges, prompted):
    """With what load.match_ranges and load.match_templates found in the same run."""
    yield Row(f"GET check of an address among {count:,} networks", "nginx, a file of 58 B", found["single"], found["nginx"], 0.3, 0.6)
    yield Row(f"addresses in POST match of {ADDRESSES:,}", "the engine in one process, one thread", found["addresses"], 1e9 / ranges["engine"]["batch_ns"], 0.3, 1)
    yield Row(f"prompts of 1 KB in POST match of {PROMPTS}", "the engine in one process, one thread", found["prompts"],
              1e6 / (prompted["normalise_us"] + prompted["lookup_us"]), 0.3, 1)


def main():
    count = int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 1_000_000
    template_count = int(sys.argv[2].replace(",", "")) if len(sys.argv) > 2 else 10_000
    ranges, prompted = rows.match_ranges(count, 1_000_000), load.match_templates(template_count, 20_000)
    for row in table(count, measure(count, template_count), ranges, prompted):
        print(f"{row.work}: {row.ours:,.0f}{row.unit} against {row.theirs:,.0f}{row.unit} ({row.reference}): {row.ratio:.2f}, must {row.bound(row.must)}, aim {row.bound(row.aim)}: {row.verdict()}")


if __name__ == "__main__":
    main()
