#!/usr/bin/env python3
"""Checks the text of the project against the rules of the house; exits 1 and names file and line of every breach.

usage: house_rules.py ROOT

The include table is rooms.txt, beside this file. What a rule is for is in CONTRIBUTING.md.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterator

CODE = {".cpp", ".hpp"}
TEXT = CODE | {".def", ".txt", ".cmake", ".md", ".py", ".sql", ".yaml", ".json", ".ts", ".tsx", ""}
SKIPPED_FOLDERS = {".git", ".cache", "build", "var", "node_modules", "__pycache__"}
FOREIGN = ("tests/fuzz/seeds/", "tests/golden/", "tests/cases/", "LICENSE")  # text that is data, or not ours
LONGEST, LONG = 400, 300


@dataclass(frozen=True)
class Only:
    """What `pattern` finds may stand in files below one of `places` only."""

    pattern: re.Pattern[str]
    places: tuple[str, ...]
    what: str


def only(pattern: str, places: str, what: str) -> Only:
    return Only(re.compile(pattern, re.M), tuple(places.split()), what)


INCLUDE = r"^[ \t]*#[ \t]*include[ \t]*"
ONLY = [
    only(INCLUDE + r"<sqlite3\.h>", "server/store/sqlite tests", "sqlite3.h is for server/store/sqlite"),
    only(INCLUDE + r"<(postgresql/)?libpq-fe\.h>", "server/store/postgres tests", "libpq-fe.h is for server/store/postgres"),
    only(INCLUDE + r"<boost/beast", "server/http cmake tests", "Beast is for server/http"),
    only(INCLUDE + r"<boost/asio/ssl", "server/http cmake tests", "Asio's SSL is for server/http"),
    only(INCLUDE + r"<openssl/ssl\.h>", "server/http tests", "openssl/ssl.h is for server/http"),
    only(INCLUDE + r"<catch2/", "tests/support", "Catch2 is included through tests/support/catch.hpp"),
    only(INCLUDE + r"<regex>", "", "<regex> is used nowhere: it recurses, and is slow"),
    only(r"\bsystem_clock\s*::\s*now\b", "server/base tests", "time comes from base::Clock"),
    only(
        r"\bco_(await|return|yield)\b|\basio::awaitable\b|\bAwaitable\s*<",
        "server/http server/endpoints server/federation server/stream server/app server/store/bridge tests cmake",
        "coroutines live in http, endpoints, federation, stream, app and the store's bridge",
    ),
]
JSON_IN_HEADER = re.compile(INCLUDE + r"<nlohmann/json\.hpp>", re.M)
QUOTED_INCLUDE = re.compile(INCLUDE + r'"([^"]+)"', re.M)
BAD_FOLDERS = {"common", "misc", "helpers", "v2"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
WORKPLACE = re.compile(r"(?<![\w.~-])/work\b|\bshared/(research|design|hooks)\b")
DATA_IN_PLACE = re.compile(r"\bshared/data\b")
NAMESPACE = re.compile(r"^namespace ([\w:]+) \{", re.M)
TYPE = re.compile(r"^(?:struct|class|enum class) (\w+)(?: final)?(?: :[^;{]*)?\s*\{", re.M)
# One alternative each for comments, raw strings, strings and characters (not the ' of 1'000).
NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^(\s]*)\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])+\'', re.S
)

Breach = tuple[str, int, str]


class Tree:
    """Every file of the project, read once. Paths are relative to the root, with forward slashes."""

    def __init__(self, root: Path):
        self.files: dict[str, str] = {}
        self.folders: set[str] = set()
        for path in sorted(root.rglob("*")):
            name = path.relative_to(root)
            if SKIPPED_FOLDERS & set(name.parts) or path.is_symlink():
                continue
            if path.is_dir():
                self.folders.add(name.as_posix())
            elif path.suffix in TEXT and not name.as_posix().startswith(FOREIGN):
                self.files[name.as_posix()] = path.read_text(encoding="utf-8", errors="replace")
        self.seeds = {folder.name: len(list(folder.iterdir())) for folder in root.glob("tests/fuzz/seeds/*/")}

    def code(self) -> Iterator[tuple[str, str]]:
        """C++ files without the insides of comments and strings; includes keep theirs, and every line its number."""
        for name, text in self.files.items():
            if Path(name).suffix in CODE:
                yield name, NOT_CODE.sub(lambda found: self._blank(found, text), text)

    @staticmethod
    def _blank(found: re.Match[str], text: str) -> str:
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        return found.group() if re.fullmatch(INCLUDE, line) else re.sub(r"[^\n]", " ", found.group())


def within(name: str, place: str) -> bool:
    return name == place or name.startswith(place + "/") or Path(name).with_suffix("").as_posix() == place


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def read_rooms(text: str) -> dict[str, list[str]]:
    rows = (line.split("#")[0] for line in text.splitlines())
    pairs = (row.split(":", 1) for row in rows if row.strip())
    return {room.strip(): allowed.replace("-", " ").split() for room, allowed in pairs}


def include_table(tree: Tree, rooms: dict[str, list[str]]) -> Iterator[Breach]:
    for name, text in tree.code():
        includes = list(QUOTED_INCLUDE.finditer(text))
        for found in includes:
            if found.group(1).split("/")[0] not in ("schema", "server", "clients", "tests", "migrations"):
                yield name, line_of(text, found.start()), f'"{found.group(1)}" is not relative to the root'
        if name.split("/")[0] not in ("schema", "server", "clients"):
            continue
        room = max((row for row in rooms if within(name, row)), key=len, default=None)
        if room is None:
            yield name, 1, "is in a folder that has no row in tests/arch/rooms.txt"
            continue
        for found in includes:
            target = found.group(1)
            if target.startswith("tests/"):
                yield name, line_of(text, found.start()), f"{room} may not include {target}"
            if not target.startswith(("schema/", "server/", "clients/")) or "*" in rooms[room]:
                continue
            if not any(within(target, allowed) for allowed in [room, *rooms[room]]):
                yield name, line_of(text, found.start()), f"{room} may not include {target}"


def only_there(tree: Tree) -> Iterator[Breach]:
    for name, text in tree.code():
        for rule in ONLY:
            if any(within(name, place) for place in rule.places):
                continue
            if found := rule.pattern.search(text):
                yield name, line_of(text, found.start()), rule.what


def json_in_headers(tree: Tree) -> Iterator[Breach]:
    for name, text in tree.code():
        if name.endswith(".hpp") and (found := JSON_IN_HEADER.search(text)):
            yield name, line_of(text, found.start()), "headers include <nlohmann/json_fwd.hpp>, never json.hpp"


def type_names(tree: Tree) -> Iterator[Breach]:
    """Two types of one name in one namespace link into one program without a word, and one's destructor ends the other.

    Not of tests: each room's are a program of their own.
    """
    first: dict[tuple[str, str], str] = {}
    for name, text in tree.code():
        if not name.endswith(".hpp") or name.startswith("tests/") or not (space := NAMESPACE.search(text)):
            continue
        for found in TYPE.finditer(text):
            other = first.setdefault((space.group(1), found.group(1)), name)
            if other != name:
                yield name, line_of(text, found.start()), f"{space.group(1)} has a {found.group(1)} already, in {other}"


def file_length(tree: Tree, excused: set[str]) -> Iterator[Breach]:
    for name, text in tree.files.items():
        lines = text.count("\n")
        if lines > LONGEST and Path(name).suffix in CODE | {".py", ".ts", ".tsx"} and name not in excused:
            yield name, lines, f"has {lines} lines, more than {LONGEST}: split it, or say why in tests/arch/long_files.txt"


def read_excuses(text: str) -> Iterator[tuple[str, str]]:
    for row in text.splitlines():
        if row.strip() and not row.startswith("#"):
            path, _, reason = row.partition(":")
            yield path.strip(), reason.strip()


def idle_excuses(tree: Tree, excuses: dict[str, str]) -> Iterator[Breach]:
    for name, reason in excuses.items():
        if not reason or tree.files.get(name, "").count("\n") <= LONGEST:
            yield "tests/arch/long_files.txt", 1, f"{name} needs no row, or its row gives no reason"


def folder_names(tree: Tree) -> Iterator[Breach]:
    for folder in sorted(tree.folders):
        if Path(folder).name in BAD_FOLDERS:
            yield folder, 1, "a folder's name says what is in it"


def every_source_built(tree: Tree) -> Iterator[Breach]:
    listed = set()
    for name, text in tree.files.items():
        if not (name.endswith("CMakeLists.txt") or name.endswith(".cmake")):
            continue
        folder = Path(name).parent
        for token in re.findall(r"[^\s()\"]+\.cpp\b", re.sub(r"#[^\n]*", "", text)):
            inner = re.sub(r"^\$\{CMAKE_CURRENT_(LIST|SOURCE)_DIR\}/", "", token)
            rooted = re.sub(r"^\$\{(PROJECT|CMAKE)_SOURCE_DIR\}/", "", token)
            listed.add(rooted if rooted != token else (folder / inner).as_posix())
    for name in tree.files:
        if name.endswith(".cpp") and name not in listed:
            yield name, 1, "is in no CMakeLists.txt, so nothing builds it"


def fuzz_seeds(tree: Tree) -> Iterator[Breach]:
    name = "tests/fuzz/CMakeLists.txt"
    text = re.sub(r"#[^\n]*", "", tree.files.get(name, ""))
    for found in re.finditer(r"fuzz_target\(\s*(\w+)", text):
        if tree.seeds.get(found.group(1), 0) == 0:
            yield name, line_of(text, found.start()), f"{found.group(1)} has no seeds in tests/fuzz/seeds/{found.group(1)}"


def finished_text(tree: Tree) -> Iterator[Breach]:
    for name, text in tree.files.items():
        if name.startswith("tests/arch/"):
            continue  # the rules and their tests spell out what they forbid
        if found := UNFINISHED.search(text):
            yield name, line_of(text, found.start()), f"{found.group()}: finish it, or file an issue"
        if found := WORKPLACE.search(text):
            yield name, line_of(text, found.start()), f"{found.group()} names a place outside the project"
        if not name.startswith("tests/") and (found := DATA_IN_PLACE.search(text)):
            yield name, line_of(text, found.start()), "data outside the project is for tests"


def breaches(root: Path, rooms: str, excuses: str) -> list[Breach]:
    tree = Tree(root)
    excused = dict(read_excuses(excuses))
    rules: list[Callable[[], Iterator[Breach]]] = [
        lambda: include_table(tree, read_rooms(rooms)),
        lambda: only_there(tree),
        lambda: json_in_headers(tree),
        lambda: type_names(tree),
        lambda: file_length(tree, set(excused)),
        lambda: idle_excuses(tree, excused),
        lambda: folder_names(tree),
        lambda: every_source_built(tree),
        lambda: fuzz_seeds(tree),
        lambda: finished_text(tree),
    ]
    return [breach for rule in rules for breach in rule()]


def main(root: Path) -> int:
    here = root / "tests/arch"
    found = breaches(root, (here / "rooms.txt").read_text(), (here / "long_files.txt").read_text())
    for name, text in Tree(root).code():
        lines = text.count("\n")
        if LONG < lines <= LONGEST:
            print(f"{name}: note: {lines} lines; most files fit in {LONG}")
    for name, line, what in found:
        print(f"{name}:{line}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
