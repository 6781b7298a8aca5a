"""The schemas of schema/json and the rules of the server over one corpus: the cases, their mutants and public data.

A schema never refuses what the rules accept. What the rules refuse and a schema cannot say is in STRICTER, by finding.
"""
import copy
import json
import os
import pathlib
import re
import subprocess
import unittest

import jsonschema

try:
    from referencing import Registry, Resource
except ImportError:  # jsonschema before 4.18
    Registry = None

SCHEMAS = pathlib.Path("schema/json")
CASES = pathlib.Path("tests/cases/stix")
DATA = pathlib.Path("../shared/data")
STRICTER = [  # code of the finding, where, what the rule is
    ("extension-invalid", "/extensions/extension-definition--[^/]*", "the id of a definition of ours is in lower case"),
    ("id-type-mismatch", "/id", "the identifier of a custom object begins with its type"),
    ("pattern-invalid", "/pattern", "a STIX pattern parses"),
    ("property-conflict", "", "a marking does not mark itself"),
    ("property-conflict", "/extensions/[^/]*/abusive_share_max", "of two shares the least is not the greater"),
    ("property-value", "(/id)?", "there are four TLP definitions of STIX 2.1"),
    ("property-value", "/granular_markings/[0-9]+/selectors/[0-9]+", "a selector points to something in the object"),
    ("property-value", "/objects/.*", "a reference in a container leads into it"),
    ("property-value", "/value", "the groups of an IPv6 address, the lengths of a domain name"),
    ("timestamp-invalid", ".*", "days that a month does not have, and leap seconds"),
    ("timestamp-order", ".*", "a schema does not compare timestamps"),
]
WRONG = [None, True, 7, -1, 0.5, 1e300, "", "x", "x y", "2025-02-30T00:00:00.000Z", [], ["x"], [None], [{}], {}, {"key": "x"},
         {"key": None}]
ADDED = {"note_of_mine": 1, "x_note": [None], "Bad Name": 1}


def documents():
    return {path: json.loads(path.read_text()) for path in sorted(SCHEMAS.rglob("*.json"))}


def is_schema(document):
    return "$schema" in document


def validators():
    """Type of object → validator; the one of object.json, which is for all of them, is at None."""
    schemas = {path: one for path, one in documents().items() if is_schema(one)}
    by_id = {one["$id"]: one for one in schemas.values()}
    if Registry:
        registry = Registry().with_resources((uri, Resource.from_contents(one)) for uri, one in by_id.items()).crawl()

    def made(schema):
        if Registry:
            return jsonschema.Draft202012Validator(schema, registry=registry)
        return jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver(schema["$id"], schema, store=by_id))

    types = {path.stem: made(one) for path, one in schemas.items() if path.parent.name == "stix"}
    return types | {None: made(schemas[SCHEMAS / "object.json"])}


def verdicts(objects):
    """(findings, warnings) of the rules for each object; a finding is [code, pointer]."""
    lines = "".join(json.dumps(one) + "\n" for one in objects)
    done = subprocess.run([os.environ["SCHEMA_VERDICTS"]], input=lines, capture_output=True, text=True, check=True)
    return [(one["findings"], one["warnings"]) for one in map(json.loads, done.stdout.splitlines())]


def cases():
    return [one for path in sorted(CASES.glob("*.json")) for one in json.loads(path.read_text())]


def places(value, path=()):
    """Paths of all members and items below a value."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from places(child, (*path, key))


def parent_of(document, path):
    for key in path[:-1]:
        document = document[key]
    return document


def changed(document, path, value):
    document = copy.deepcopy(document)
    parent_of(document, path)[path[-1]] = value
    return document


def without(document, path):
    document = copy.deepcopy(document)
    del parent_of(document, path)[path[-1]]
    return document


def mutations(document):
    """(path, name, function, arguments): each member taken away, each replaced by values of every type, and members added."""
    for path in places(document):
        yield path, "without", without, (path,)
        for value in WRONG:
            yield path, f"as {value!r}", changed, (path, value)
    for path in ((), *places(document)):
        if isinstance(parent_of(document, (*path, None)), dict):
            for name, value in ADDED.items():
                yield path, f"with {name}", changed, ((*path, name), value)


def all_mutants():
    """Mutants of the accepted cases, one of a kind: same type, same place, same operation."""
    made = {}
    for case in cases():
        if case["findings"]:
            continue
        document = case["object"]
        for path, name, function, arguments in mutations(document):
            kind = (document["type"], *("#" if isinstance(key, int) else key for key in path), name)
            if kind not in made:
                made[kind] = function(document, *arguments)
    return made


class Contract(unittest.TestCase):
    used = set()

    @classmethod
    def setUpClass(cls):
        cls.validators = validators()
        cls.validator = cls.validators[None]

    @classmethod
    def tearDownClass(cls):
        idle = set(STRICTER) - cls.used
        if idle:
            raise AssertionError(f"STRICTER lists what no object of the corpus shows: {sorted(idle)}")

    def is_beyond_schemas(self, finding):
        rows = {row for row in STRICTER if row[0] == finding[0] and re.fullmatch(row[1], finding[1])}
        self.used.update(rows)
        return bool(rows)

    def compare(self, named, by_type=False):
        """Holds the two against each other for (name, object), and returns how many the rules accept and refuse. Many are
        faster by the schemas of their types than by object.json, which tries them all."""
        wrong, accepted = [], 0
        for (name, one), (findings, _) in zip(named, verdicts([one for _, one in named]), strict=True):
            type_name = one.get("type") if by_type else None
            validator = self.validators.get(type_name if isinstance(type_name, str) else None, self.validator)
            valid = validator.is_valid(one)
            accepted += not findings
            if not findings and not valid:
                error = next(validator.iter_errors(one))
                wrong.append(f"{name}: only the schema refuses: {list(error.absolute_path)} {error.message[:200]}")
            if findings and valid and not all([self.is_beyond_schemas(finding) for finding in findings]):
                wrong.append(f"{name}: only the rules refuse: {findings}")
        if wrong:
            self.fail(f"{len(wrong)} differ:\n" + "\n".join(wrong[:40]))
        return accepted, len(named) - accepted

    def test_every_document_is_a_schema_of_its_draft_or_an_object_that_is_accepted(self):
        objects = []
        for path, document in documents().items():
            if is_schema(document):
                jsonschema.Draft202012Validator.check_schema(document)
                self.assertTrue(document["$id"].endswith("/" + path.relative_to(SCHEMAS).as_posix()))
            else:
                objects.append(document)
        self.assertEqual(len(objects), 12)  # eleven definitions and the identity behind them
        self.assertEqual(self.compare([(one["id"], one) for one in objects]), (12, 0))
        self.assertEqual([warnings for _, warnings in verdicts(objects)], [[]] * 12)

    def test_every_extension_definition_points_to_its_schema(self):
        ids = {one["$id"] for one in documents().values() if is_schema(one)}
        definitions = [one for one in documents().values() if one.get("type") == "extension-definition"]
        self.assertEqual(len({one["schema"] for one in definitions} & ids), 11)

    def test_rules_and_schemas_agree_on_every_case(self):
        accepted, refused = self.compare([(case["name"], case["object"]) for case in cases()])
        self.assertGreater(accepted, 150)
        self.assertGreater(refused, 400)

    def test_rules_and_schemas_agree_on_mutants_of_every_property(self):
        accepted, refused = self.compare([(" ".join(kind), one) for kind, one in all_mutants().items()], by_type=True)
        print(f"mutants: {accepted} accepted, {refused} refused")
        self.assertGreater(accepted, 1_000)
        self.assertGreater(refused, 10_000)

    def test_rules_and_schemas_agree_on_public_data(self):
        if not DATA.is_dir():
            print("SKIPPED: the public data sets are not here")
            return
        named = []
        for pattern in ("mitre-attack*/*.json", "mitre-atlas*/*.json", "oasis-open*/examples__*.json"):
            for path in sorted(DATA.glob(pattern)):
                content = json.loads(path.read_text())
                many = content if isinstance(content, list) else content.get("objects", [content])
                named += [(f"{path.name} {one.get('id')}", one) for one in many]
        accepted, refused = self.compare(named)
        self.assertGreater(accepted, 2_500)
        self.assertEqual(refused, 2)  # ATLAS has two that were modified before they were created

    def test_a_value_outside_an_open_vocabulary_is_a_warning_and_one_outside_an_enumeration_a_refusal(self):
        vocabularies = json.loads((SCHEMAS / "vocabularies.json").read_text())["$defs"]
        for name, one in vocabularies.items():
            with self.subTest(name):
                self.assertEqual(set(one), {"type", "x-open-vocabulary" if name.endswith("-ov") else "enum"})
        indicator, account = ("extension-definition--" + one for one in
                              ("bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa", "5b39b55f-3cba-4822-8b32-7adeb83efaf2"))
        rows = [("identity", ("identity_class",), True), ("opinion", ("opinion",), False),
                ("user-account", ("extensions", account, "signup_channel"), True),
                ("indicator", ("extensions", indicator, "indicator_kind"), False)]
        for type_name, path, is_open in rows:
            example = next(case["object"] for case in cases() if not case["findings"] and case["object"]["type"] == type_name
                           and path in set(places(case["object"])))
            outside = changed(example, path, "of-mine")
            [(findings, warnings)] = verdicts([outside])
            pointer = "/" + "/".join(path)
            self.assertEqual(findings, [] if is_open else [["property-value", pointer]])
            self.assertEqual(["vocabulary", pointer] in warnings, is_open)
            self.assertEqual(self.validator.is_valid(outside), is_open)


if __name__ == "__main__":
    unittest.main(verbosity=1)
