"""The schemas of schema/json/kinds and the rules of the native form over one corpus: the cases of tests/cases/kinds and their mutants.

A schema never refuses what the rules accept. What the rules refuse and a schema cannot say is in STRICTER, by finding."""
import json
import os
import pathlib
import re
import subprocess
import unittest

import schemas_test as shared

CASES = pathlib.Path("tests/cases/kinds")
STRICTER = [  # code of the finding, where, what the rule is
    ("marking-below-floor", "/tlp", "the floor of a kind"),
    ("property-conflict", "/abusive_share_max", "of two shares the least is not the greater"),
    ("property-conflict", "/markings/[0-9]+", "a TLP level is no further marking"),
    ("property-missing", "/markings", "a kind for an audience names one"),
    ("property-value", "/email_domain", "the lengths of a domain name"),
    ("property-value", "/value", "addresses, numbers of autonomous systems, domain names and patterns in full"),
    ("timestamp-invalid", ".*", "days that a month does not have, and leap seconds"),
    ("timestamp-order", ".*", "a schema does not compare timestamps"),
]


def cases():
    return [dict(one, kind=path.stem) for path in sorted(CASES.glob("*.json")) for one in json.loads(path.read_text())]


def verdicts(natives):
    lines = "".join(json.dumps(one) + "\n" for one in natives)
    done = subprocess.run([os.environ["SCHEMA_VERDICTS"], "native"], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line)["findings"] for line in done.stdout.splitlines()]


def validators():
    schemas = [one for one in shared.documents().values() if shared.is_schema(one)]
    by_id = {one["$id"]: one for one in schemas}
    made = {}
    for path in sorted((shared.SCHEMAS / "kinds").glob("*.json")):
        schema = json.loads(path.read_text())
        if shared.Registry:
            registry = shared.Registry().with_resources((uri, shared.Resource.from_contents(one)) for uri, one in by_id.items()).crawl()
            made[path.stem] = shared.jsonschema.Draft202012Validator(schema, registry=registry)
        else:
            resolver = shared.jsonschema.RefResolver(schema["$id"], schema, store=by_id)
            made[path.stem] = shared.jsonschema.Draft202012Validator(schema, resolver=resolver)
    return made


class Contract(unittest.TestCase):
    def compare(self, named):
        by_kind, used, wrong, accepted = validators(), set(), [], 0
        for (name, kind, one), findings in zip(named, verdicts([one for _, _, one in named]), strict=True):
            valid = by_kind[kind].is_valid(one)
            accepted += not findings
            if not findings and not valid:
                error = next(by_kind[kind].iter_errors(one))
                wrong.append(f"{name}: only the schema refuses: {list(error.absolute_path)} {error.message[:200]}")
            for finding in findings if valid else ():
                rows = {row for row in STRICTER if row[0] == finding[0] and re.fullmatch(row[1], finding[1])}
                used |= rows
                if not rows:
                    wrong.append(f"{name}: only the rules refuse: {finding}")
        if wrong:
            self.fail(f"{len(wrong)} differ:\n" + "\n".join(wrong[:40]))
        return accepted, len(named) - accepted, used

    def test_every_kind_has_a_schema_and_cases(self):
        self.assertEqual({path.stem for path in (shared.SCHEMAS / "kinds").glob("*.json")}, {path.stem for path in CASES.glob("*.json")})

    def test_rules_and_schemas_agree_on_every_case_and_on_mutants_of_every_property(self):
        named = [(one["name"], one["kind"], one["native"]) for one in cases()]
        made = {}
        for case in cases():
            if case["findings"]:
                continue
            for path, name, function, arguments in shared.mutations(case["native"]):
                if path == ("kind",) and name.startswith("as "):
                    continue  # another kind has another schema
                key = (case["kind"], *("#" if isinstance(one, int) else one for one in path), name)
                if key not in made:
                    made[key] = function(case["native"], *arguments)
        named += [(" ".join(map(str, key)), key[0], one) for key, one in made.items()]
        accepted, refused, used = self.compare(named)
        print(f"{accepted} accepted, {refused} refused")
        self.assertGreater(accepted, 200)
        self.assertGreater(refused, 2_000)
        self.assertEqual(set(STRICTER) - used, set(), "STRICTER lists what nothing shows")


if __name__ == "__main__":
    unittest.main(verbosity=1)
