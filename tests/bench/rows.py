"""What is measured: each function gives rows of the table, or lines of the report beside it."""
import tempfile
import time
import urllib.parse

import load
from servers import Hub, Nginx
from instance import indicator  # found by the path that servers adds


class Row:
    def __init__(self, work, reference, ours, theirs, must, aim, unit="/s", lower_is_better=False):
        self.work, self.reference, self.ours, self.theirs = work, reference, ours, theirs
        self.must, self.aim, self.unit, self.lower_is_better = must, aim, unit, lower_is_better
        self.ratio = ours / theirs

    def held(self):
        """What the bounds are bounds of."""
        return self.ratio

    def bound(self, value):
        return f"{'≤' if self.lower_is_better else '≥'} {value}"

    def verdict(self):
        reached = (lambda bound: self.held() <= bound) if self.lower_is_better else (lambda bound: self.held() >= bound)
        return "aim" if reached(self.aim) else "must" if reached(self.must) else "**missed**"


class Within(Row):
    """A figure that has bounds of its own, in its unit: people wait for it. The reference tells what the machine adds."""

    def __init__(self, work, reference, ours, theirs, must, aim, unit):
        super().__init__(work, reference, ours, theirs, must, aim, unit, True)

    def held(self):
        return self.ours

    def bound(self, value):
        return super().bound(value) + self.unit


class AtLeast(Row):
    """A rate that has bounds of its own: a log of so many lines is there every day. The reference tells what the machine is."""

    def held(self):
        return self.ours

    def bound(self, value):
        return f"≥ {value:,}{self.unit}"


def fetch(hub, token, path):
    answer = hub.call("GET", path, token)
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return answer


def pull_against_nginx(hub):
    """1,000 objects: pages of 100 and of 1,000, and a small resource; nginx has the same bytes as files."""
    nginx = Nginx(hub.dir / "certs")
    try:
        targets = [("GET objects, limit 100", hub.path + "objects/?limit=100", 0.9, 1.2),
                   ("GET objects, limit 1000", hub.path + "objects/?limit=1000", 0.9, 1.2),
                   ("small GET (a collection)", hub.path, 0.7, 1.0)]
        for number, (work, path, must, aim) in enumerate(targets):
            body = fetch(hub, hub.writer, path).body if "objects" in path else b"x" * 58
            file = nginx.put(f"{number}.json", body)
            ours, theirs = load.alternating(lambda: load.get(hub.url + path, hub.writer), lambda: load.get(file, hub.writer))
            yield Row(work, f"nginx, a file of {len(body):,} B", ours, theirs, must, aim)
    finally:
        nginx.close()


def bulk(hub, objects):
    """Envelopes of 100 over 4 connections, against the same number of rows without a server."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        theirs = load.raw_sqlite(folder, objects, 1_000)
    ours = load.submit(hub.url + hub.path + "objects/", hub.writer, 4, 100, 3_600, objects // 100)
    yield Row(f"POST envelopes of 100, 4 connections, {objects:,} in all", "SQLite alone, 1,000 rows a transaction", ours["rate"], theirs, 0.4, 2.0)


def middle(hub, objects):
    """Where a puller is after half of the collection: the cursor of the page there."""
    path, seen, following = hub.path + "objects/?limit=10000", 0, ""
    while seen < objects // 2:
        page = fetch(hub, hub.writer, path + following).json
        seen += len(page["objects"])
        following = "&next=" + urllib.parse.quote(page["next"], safe="")
    return hub.path + "objects/?limit=100" + following


def pull_from_many(small, hub, objects, words):
    path, first = middle(hub, objects), small.path + "objects/?limit=100"
    ours, theirs = load.alternating(lambda: load.get(hub.url + path, hub.writer), lambda: load.get(small.url + first, small.writer))
    yield Row(f"GET limit 100 in the middle of {objects:,}{words}", f"first page of 1,000 objects{words}", ours, theirs, 0.8, 1.0)


def rare_reader(hub, objects, words):
    """One object in 10,000 is marked CLEAR, and one reader is cleared for no more."""
    limit = objects // 10_000 // 2
    path = hub.path + f"objects/?limit={limit}"
    ours, theirs = load.alternating(lambda: load.get(hub.url + path, hub.rare_reader), lambda: load.get(hub.url + path, hub.writer))
    yield Row(f"GET limit {limit}, seeing 1 in 10,000{words}", f"seeing all{words}", ours, theirs, 0.5, 0.9)


def rare_classes(objects):
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        found = load.rare_classes(folder, objects)
    yield Row(f"a page of {found['limit']} from the store, 16 rare classes, seeing 1 in 10,000", "seeing all", found["rare"], found["all"], 0.5, 0.9)


def search_scale(objects, few=10_000):
    """In one process, without HTTP; tables.py searches over it."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        found = load.search_scale(folder, few, objects)
    yield Row(f"searches of the store among {objects:,} indicators", f"among {few:,}", found["many"], found["few"], 0.5, 0.9)


def overlap(entries, found):
    """What load.guard_scale found: questions to allow lists of so many entries, each answered as a pass over every entry answers it."""
    for work, one in (("of networks and AS numbers to ranges", found["ranges"]), ("of names to domains and mail", found["names"])):
        yield Within(f"a question {work}, {entries:,} entries", "std::map and std::set", one["lists_us"], one["maps_us"], 10, 2, " µs")


def overlap_note(entries, questions, found):
    ranges, names = found["ranges"], found["names"]
    return (f"Allow lists of {entries:,} ranges, as many domains and half as many of mail are built in {found['build_ms']:.0f} ms. Of {questions:,} questions "
            f"{ranges['found'] + names['found']:,} found something; a pass over every entry took {ranges['pass_us']:,.0f} µs for ranges, {names['pass_us']:,.0f} µs for names.")


def match_ranges(entries, lookups):
    """Of the engines of server/match; the program holds its references against them before it measures."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        return load.match_ranges(folder, entries, lookups)


def matching(entries, found):
    """Look-ups a second, of what match_ranges found."""
    for family, name in (("v4", "IPv4"), ("v6", "IPv6")):
        for reference, theirs, must, aim in (("libmaxminddb", "maxminddb_ns", 5, 10), ("a binary trie", "trie_ns", 5, 10)):
            yield Row(f"all ranges around an address, {entries:,} of {name}", f"{reference}: the narrowest", 1e9 / found[family]["together_ns"],
                      1e9 / found[family][theirs], must, aim)
    yield Row(f"exact keys, {entries:,}, half of them found", "std::unordered_map of strings", 1e9 / found["keys"]["index_ns"], 1e9 / found["keys"]["map_ns"], 1.5, 3)


def matching_note(entries, found):
    four, six, keys, whole = (found[name] for name in ("v4", "v6", "keys", "engine"))
    each = lambda one: f"{one['bytes'] / entries:.0f} bytes"
    return (f"Of {entries:,} ranges, an address among many takes {four['together_ns']:.0f} ns (IPv4) and {six['together_ns']:.0f} ns (IPv6), one alone {four['single_ns']:.0f} and "
            f"{six['single_ns']:.0f}; a range takes {each(four)} and {each(six)}, all are indexed in {four['build_s'] * 1e3:.0f} and {six['build_s'] * 1e3:.0f} ms. A key takes "
            f"{each(keys)} with its text. An engine with as many indicators answers batches of 1,000 addresses in {whole['batch_ns']:.0f} ns an address with every hit's row, half "
            f"of the classes visible, holds {each(whole)} an indicator, takes 1,000 changes in {whole['apply_ms']:.1f} ms and folds them in {whole['fold_s'] * 1e3:.0f} ms.")


def literals(count, found):
    """What load.match_literals found, which asks with user agents, a quarter of them met."""
    yield Row(f"user agents against {count:,} with wildcards", "RE2::Set", 1e6 / found["literals_us"], 1e6 / found["re2_us"], 2, 5)
    yield Row(f"user agents against {count:,} with wildcards and a text of all browsers", "RE2::Set", 1e6 / found["shared_literals_us"], 1e6 / found["shared_re2_us"], 2, 5)


def literals_note(count, found):
    return (f"{count:,} user agents with wildcards are compiled in {found['compile_s'] * 1e3:.0f} ms (RE2::Set: {found['re2_compile_s'] * 1e3:.0f}) and take "
            f"{found['bytes'] / count:,.0f} bytes each; one of an item is looked up in {found['literals_us']:.1f} µs.")


def prompts(templates, found):
    """What load.match_templates found, which asks with prompts of 1 KB, half of them made of a template."""
    whole = found["normalise_us"] + found["lookup_us"]
    yield Row(f"prompts of 1 KB against {templates:,} templates", "TLSH, a digest and as many distances", 1e6 / whole, 1e6 / found["tlsh_us"], 5, 20)
    yield Within(f"a prompt of 1 KB against {templates:,} templates", "TLSH", whole, found["tlsh_us"], 100, 25, " µs")


def prompts_note(templates, found):
    of = lambda name: f"{found[name]['containment']:.0f} % and {found[name]['tlsh']:.0f} %"
    return (f"Of a prompt's time {found['normalise_us']:.1f} µs go into its fingerprints and {found['lookup_us']:.1f} µs into the look-up; a template takes {found['bytes'] / templates:,.0f} bytes. "
            f"Containment and TLSH, at a distance of 100, find {of('short')} of the prompts with short slots, {of('long')} of those with long ones, and {of('changed')} where a quarter of the words was changed.")


def singles():
    """One object a request over 64 connections, each acknowledged when it is on disk."""
    hub, stub = Hub(), Hub()
    hub.start()
    stub.start_without("commit_stub")
    try:
        with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
            raw = load.repeated(lambda: load.raw_sqlite(folder, 10**9, 1, 5))
        post = lambda which: load.submit(which.url + which.path + "objects/", which.writer, 64, 1, 5)["rate"]
        ours, stubbed = load.alternating(lambda: post(hub), lambda: post(stub))
    finally:
        hub.close()
        stub.close()
    name = "SQLite alone, one row a transaction" if raw < stubbed / 2 else "half of the same with nothing stored"
    yield Row("POST of single objects, 64 connections", name, ours, min(raw, stubbed / 2), 1.0, 3.0)


def audit_on_and_off():
    """The same work with the audit trail and without."""
    on, off = Hub(), Hub()
    on.start()
    off.start_without("audit_off")
    try:
        for hub in (on, off):
            load.submit(hub.url + hub.path + "objects/", hub.writer, 1, 100, 60, 10)
        page = lambda hub: load.get(hub.url + hub.path + "objects/?limit=100", hub.writer)
        posts = lambda connections, each: lambda hub: load.submit(hub.url + hub.path + "objects/", hub.writer, connections, each, 5)["rate"]
        for work, rate in (("GET objects, limit 100", page), ("POST envelopes of 100, 4 connections", posts(4, 100)),
                           ("POST of single objects, 64 connections", posts(64, 1))):
            ours, theirs = load.alternating(lambda: rate(on), lambda: rate(off))
            yield Row(f"{work}, audited", "not audited", ours, theirs, 0.9, 1.0)
    finally:
        on.close()
        off.close()


def bell_during_flood(hub):
    """One connection that submits single objects, alone and while another organisation floods over 4 connections."""
    url, seconds = hub.url + hub.path + "objects/", 20
    idle = load.submit(url, hub.other_writer, 1, 1, seconds)
    flood = load.start_submitting(url, hub.writer, 4, 100, seconds + 4)
    time.sleep(2)
    busy = load.submit(url, hub.other_writer, 1, 1, seconds)
    load.finish(flood)
    yield Row("p99 of one submission while another organisation loads", "the same, idle", busy["p99_us"] / 1e3, idle["p99_us"] / 1e3, 10, 3, " ms", True)


def visible_at_once(hub):
    """How often an acknowledged object is in the answer to the next request, of how many times, and how many seconds both take."""
    found, times, began = 0, 200, time.monotonic()
    for number in range(times):
        made = indicator(f"192.0.2.{number}", tlp="green")
        if hub.call("POST", hub.path + "objects/", hub.writer, {"objects": [made]}).status != 202:
            raise RuntimeError("a submission failed")
        page = fetch(hub, hub.writer, hub.path + f"objects/?match[id]={made['id']}").json
        found += len(page.get("objects", []))
    return found, times, (time.monotonic() - began) / times
