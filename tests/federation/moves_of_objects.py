"""Moves of a hostile peer whose log is in order: what it logged and opened is not to be let in."""
import json
import time
import uuid

import tree
from instance import TLP
from moves import Effect, Moves

objects = Moves()
REFUSED = Effect.REFUSED


def logs(origin, body=None, **how):
    """Shares one object, or bytes that may be none: what must not be shown."""
    body = origin.indicator() if body is None else body
    origin.share(body, **how)
    return [body["id"]] if isinstance(body, dict) else []


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + seconds))


# Who speaks, and for whom.

@objects("origin-not-agreed", REFUSED, attack="A23")
def the_creator_is_nobody_that_was_agreed(origin):
    return logs(origin, origin.indicator(created_by_ref=f"identity--{uuid.uuid4()}"))


@objects("origin-not-agreed", REFUSED, attack="A23")
def the_creator_is_a_member_of_the_receiver(origin):
    return logs(origin, origin.indicator(created_by_ref=origin.receiver.members["heron"]))


@objects("origin-not-agreed", REFUSED, attack="A23")
def the_creator_is_somebody_for_whom_another_peer_speaks(origin):
    return logs(origin, origin.indicator(created_by_ref=origin.neighbour.identity))


@objects("origin-not-agreed", REFUSED, attack="A23")
def it_publishes_the_identity_of_a_member_of_the_receiver(origin):
    return logs(origin, {"type": "identity", "spec_version": "2.1", "id": origin.receiver.members["heron"], "created": stamp(-9), "modified": stamp(-9),
                         "created_by_ref": origin.receiver.members["heron"], "name": "heron, really", "object_marking_refs": [TLP["green"]]})


# Where to, and who may see it.

@objects("origin-not-agreed", REFUSED, attack="A03")
def it_is_for_a_collection_that_was_not_agreed(origin):
    return logs(origin, collections=["campaigns"])


@objects("origin-not-agreed", REFUSED, attack="A03")
def it_is_for_a_collection_that_is_not_there(origin):
    return logs(origin, collections=["nothing-of-this-name"])


@objects("origin-not-agreed", REFUSED, attack="A03")
def it_is_for_no_collection(origin):
    return logs(origin, collections=[])


@objects("origin-not-agreed", REFUSED, attack="A03")
def it_names_the_collection_by_the_id_that_it_has_here(origin):
    return logs(origin, collections=[origin.receiver.collection("network")])


@objects("", Effect.UNSEEN, attack="A03")
def it_bears_the_marking_of_an_audience_of_the_receiver(origin):
    return logs(origin, origin.indicator(object_marking_refs=[TLP["green"], origin.ring]))


@objects("", Effect.UNSEEN, attack="A03")
def it_bears_a_marking_that_nobody_defined(origin):
    return logs(origin, origin.indicator(object_marking_refs=[TLP["green"], f"marking-definition--{uuid.uuid4()}"]))


@objects("origin-not-agreed", REFUSED)
def it_is_red(origin):
    return logs(origin, origin.indicator(object_marking_refs=[TLP["red"]]))


@objects("origin-not-agreed", REFUSED)
def it_is_above_what_was_agreed(origin):
    return logs(origin, origin.indicator(object_marking_refs=[TLP["amber"]]))


@objects("origin-not-agreed", REFUSED)
def it_bears_a_low_level_and_a_high_one(origin):
    return logs(origin, origin.indicator(object_marking_refs=[TLP["clear"], TLP["amber+strict"]]))


# When, and again.

@objects("modified-in-future", REFUSED)
def it_was_made_tomorrow(origin):
    return logs(origin, origin.indicator(modified=stamp(86_400)))


@objects("version-conflict", REFUSED, attack="A23")
def one_version_has_two_contents(origin):
    first = json.loads(origin.data.entries[0].body)
    origin.share(first | {"name": "something else"})
    return []


# What is no object.

@objects("not-canonical", REFUSED, attack="A23")
def its_bytes_are_not_canonical(origin):
    made = origin.indicator()
    logs(origin, json.dumps(made).encode())
    return [made["id"]]


@objects("not-canonical", REFUSED, attack="A23")
def a_line_ends_behind_it(origin):
    made = origin.indicator()
    logs(origin, tree.canonical(made) + b"\n")
    return [made["id"]]


@objects("json-duplicate-name", REFUSED, attack="A07")
def it_is_marked_twice_under_one_name(origin):
    made = origin.indicator()
    body = tree.canonical(made).replace(b'"object_marking_refs":', b'"object_marking_refs":["%s"],"object_marking_refs":' % TLP["clear"].encode())
    logs(origin, body)
    return [made["id"]]


@objects("json-syntax", REFUSED)
def it_is_no_json(origin):
    return logs(origin, b"\x7fELF\2\1\1")


@objects("json-too-deep", REFUSED)
def it_is_nested_a_thousand_times(origin):
    return logs(origin, b"[" * 1_000 + b"]" * 1_000)


@objects("type-missing", REFUSED)
def it_is_a_bundle(origin):
    return logs(origin, {"type": "bundle", "id": f"bundle--{uuid.uuid4()}", "objects": [origin.indicator()]})


@objects("pattern-invalid", REFUSED)
def its_pattern_is_none(origin):
    return logs(origin, origin.indicator(pattern="[ipv4-addr:value = "))


@objects("id-type-mismatch", REFUSED)
def its_id_is_of_another_type(origin):
    return logs(origin, origin.indicator(id=f"malware--{uuid.uuid4()}"))


@objects("object-too-large", REFUSED)
def it_has_three_megabytes(origin):
    return logs(origin, origin.indicator(description="x" * 3_000_000))
