"""The load generators: wrk with the two scripts beside this file, and the reference programs. Each returns a dictionary of what it counted."""
import json
import os
import pathlib
import statistics
import subprocess

from servers import PROGRAMS, ROOT

ROUNDS = 3
PAIRS = 7  # of rounds in turn
HERE = pathlib.Path(__file__).resolve().parent
TAXII = "application/taxii+json;version=2.1"


def result_of(output):
    for line in output.splitlines():
        if line.startswith("result "):
            return json.loads(line[len("result "):])
    raise RuntimeError(f"no result in: {output[-2000:]}")


def wrk(script, url, token, threads, connections, seconds, *arguments):
    environment = dict(os.environ, BENCH_THREADS=str(threads), BENCH_SEED=str(os.getpid()))
    command = ["wrk", "-t", str(threads), "-c", str(connections), "-d", f"{seconds}s", "--timeout", "60s", "-s", str(HERE / script),
               "-H", f"Authorization: Bearer {token}", "-H", f"Accept: {TAXII}", url, "--", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)


def finish(process):
    output = process.communicate()[0]
    found = result_of(output)
    if found["broken"] or found["failed"]:
        raise RuntimeError(f"requests failed: {output[-2000:]}")
    return found


def get(url, token, seconds=3):
    """Requests a second over 16 keep-alive connections."""
    found = finish(wrk("get.lua", url, token, 2, 16, seconds))
    return found["requests"] / found["seconds"]


def search(url, token, networks, seconds=3):
    """Searches a second over 16 keep-alive connections, among so many networks of tables.py."""
    found = finish(wrk("search.lua", url, token, 2, 16, seconds, networks))
    return found["requests"] / found["seconds"]


def match(url, token, questions, which, seconds=3):
    """Requests a second over 16 keep-alive connections: the questions of a file, one a line, by POST match or by GET check."""
    found = finish(wrk("match.lua", url, token, 2, 16, seconds, questions, which))
    return found["requests"] / found["seconds"]


def start_submitting(url, token, connections, each, seconds, envelopes=None):
    return wrk("submit.lua", url, token, min(2, connections), connections, seconds, each, *([envelopes] if envelopes else []))


def start_pacing(url, token, connections, pause_ms, seconds):
    """Single objects, each connection sending its next one so long after the answer."""
    return wrk("submit.lua", url, token, 1, connections, seconds, 1, 0, pause_ms)


def submit(url, token, connections, each, seconds, envelopes=None):
    found = finish(start_submitting(url, token, connections, each, seconds, envelopes))
    if found["refused"]:
        raise RuntimeError(f"objects were refused: {found}")
    return found | {"rate": found["accepted"] / found["seconds"]}


def raw_sqlite(folder, rows, each, seconds=10**6):
    """Rows a second of the database alone; the file is removed."""
    file = pathlib.Path(folder) / "raw.db"
    output = subprocess.run([PROGRAMS / "raw_sqlite", file, str(rows), str(each), str(seconds)], capture_output=True, text=True, check=True).stdout
    for leftover in file.parent.glob("raw.db*"):
        leftover.unlink()
    found = result_of(output)
    return found["rows"] / found["seconds"]


def rare_classes(folder, rows):
    output = subprocess.run([PROGRAMS / "rare_classes", folder, str(rows)], capture_output=True, text=True, check=True).stdout
    for leftover in pathlib.Path(folder).glob("rare.db*"):
        leftover.unlink()
    return result_of(output)


def search_scale(folder, few, many):
    output = subprocess.run([PROGRAMS / "search_scale", folder, str(few), str(many)], capture_output=True, text=True, check=True).stdout
    for leftover in pathlib.Path(folder).glob("search-*.db*"):
        leftover.unlink()
    return result_of(output)


def verify_scale(entries):
    return result_of(subprocess.run([PROGRAMS / "verify_scale", str(entries)], capture_output=True, text=True, check=True).stdout)


def follow_scale(directory, entries):
    found = result_of(subprocess.run([PROGRAMS / "follow_scale", directory, str(entries)], capture_output=True, text=True, check=True).stdout)
    return found["rows"] / found["seconds"]


def guard_scale(entries, questions):
    output = subprocess.run([PROGRAMS / "guard_scale", str(entries), str(questions)], capture_output=True, text=True, check=True).stdout
    return result_of(output)


def match_ranges(folder, ranges, lookups):
    output = subprocess.run([PROGRAMS / "match_ranges", folder, str(ranges), str(lookups)], capture_output=True, text=True, check=True).stdout
    return result_of(output)


def match_literals(literals, subjects):
    output = subprocess.run([PROGRAMS / "match_literals", str(literals), str(subjects)], capture_output=True, text=True, check=True).stdout
    return result_of(output)


def match_templates(templates, prompts):
    output = subprocess.run([PROGRAMS / "match_templates", str(templates), str(prompts)], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return result_of(output)


def repeated(measure):
    """The median of what is measured in every round."""
    return statistics.median(measure() for _ in range(ROUNDS))


def alternating(first, second):
    """Both, measured in turn, of the pair with the median ratio: what else the machine does meets both alike, or that pair not."""
    pairs = sorted(((first(), second()) for _ in range(PAIRS)), key=lambda pair: pair[0] / pair[1])
    return pairs[PAIRS // 2]
