"""Moves of a hostile peer: what it opens of its entries, and what their headers say."""
import os
import struct

import notes
import tree
from moves import Effect, Moves, answers, changed, shares
from origin_server import Say

openings, headers = Moves(), Moves()
VERIFIED = Effect.VERIFIED


def opens(origin, change, *bodies):
    return shares(origin, answers("openings", changed(change)), *bodies)


def tells(origin, make, count=1):
    """Shares objects, and opens instead what `make` says of the first new index."""
    first = len(origin.data.entries)

    def say(ask, truth):
        if ask.query["to"] <= first:
            return truth
        begin, end, made = make(first, ask.query["from"], ask.query["to"])
        return Say(tree.openings(origin.data.origin, origin.terms, begin, end, made))
    return shares(origin, answers("openings", say), *[origin.indicator() for _ in range(count)])


def newest(origin):
    return origin.data.entries[-1]


# Openings.

@openings("opening-false", VERIFIED, attack="A23")
def the_salt_of_a_body_is_another(origin):
    return opens(origin, lambda body: body.replace(newest(origin).body_salt, os.urandom(32)))


@openings("opening-false", VERIFIED, attack="A23")
def the_salt_of_a_header_is_another(origin):
    return opens(origin, lambda body: body.replace(newest(origin).header_salt, os.urandom(32)))


@openings("opening-false", VERIFIED, attack="A23")
def a_byte_of_the_object_is_another(origin):
    return opens(origin, lambda body: body.replace(b"'198.51.100.3'", b"'198.51.100.4'"))


@openings("opening-false", VERIFIED, attack="A23")
def an_entry_is_opened_as_its_neighbour(origin):
    return tells(origin, lambda first, begin, end: (begin, end, [(first, origin.data.entries[0].opening(first))]))


@openings("openings-malformed", VERIFIED, attack="A23")
def the_openings_are_of_another_origin(origin):
    return opens(origin, lambda body: body.replace(origin.data.origin.encode(), b"elsewhere.example/log", 1))


@openings("openings-malformed", VERIFIED, attack="A23")
def the_openings_are_of_other_entries_than_were_asked_for(origin):
    return tells(origin, lambda first, begin, end: (0, 1, [(0, origin.data.entries[0].opening(0))]))


@openings("openings-malformed", VERIFIED)
def what_is_opened_lies_beyond_what_was_asked_for(origin):
    return tells(origin, lambda first, begin, end: (begin, end, [(end, newest(origin).opening(end))]))


@openings("openings-malformed", VERIFIED)
def more_was_considered_than_there_is(origin):
    return tells(origin, lambda first, begin, end: (begin, end + 1, [(first, newest(origin).opening(first))]))


@openings("openings-malformed", VERIFIED)
def nothing_was_considered(origin):
    return tells(origin, lambda first, begin, end: (begin, begin, []))


@openings("openings-malformed", VERIFIED)
def entries_are_opened_in_another_order(origin):
    return tells(origin, lambda first, begin, end: (begin, end, [(i, origin.data.entries[i].opening(i)) for i in (end - 1, end - 2)]), 2)


@openings("openings-malformed", VERIFIED)
def an_entry_is_opened_twice(origin):
    return tells(origin, lambda first, begin, end: (begin, end, [(first, newest(origin).opening(first))] * 2))


@openings("openings-malformed", VERIFIED)
def the_openings_end_in_the_middle(origin):
    return opens(origin, lambda body: body[:-9])


@openings("openings-malformed", VERIFIED)
def something_stands_behind_the_openings(origin):
    return opens(origin, lambda body: body + b"\0")


@openings("openings-malformed", VERIFIED)
def the_openings_have_another_title(origin):
    return opens(origin, lambda body: body.replace(b"/v1", b"/v2", 1))


@openings("openings-malformed", VERIFIED)
def an_object_is_said_to_have_four_gigabytes(origin):
    return opens(origin, lambda body: body.replace(struct.pack(">I", len(newest(origin).body)) + newest(origin).body, b"\xff\xff\xff\xff" + newest(origin).body))


@openings("openings-malformed", VERIFIED)
def the_terms_are_no_digits(origin):
    return opens(origin, lambda body: body.replace(origin.terms.hex().encode(), b"x" * 32, 1))


# Headers: what the leaf itself commits to. Nobody can make good what was logged.

def heads(origin, header):
    """Shares something under another header."""
    origin.share(body := origin.indicator(), header=header)
    return [body["id"]]


@headers("opening-false", Effect.REFUSED, attack="A23")
def the_header_names_another_origin(origin):
    return heads(origin, tree.data_header("elsewhere.example/log", origin.token, 9, 0))


@headers("opening-false", Effect.REFUSED, attack="A23")
def the_header_is_that_of_the_control_log(origin):
    return heads(origin, tree.control_header(origin.log.name, "erase", 0, notes.b64(notes.sha())))


@headers("opening-false", Effect.REFUSED)
def the_header_is_of_another_version(origin):
    return heads(origin, tree.data_header(origin.data.origin, origin.token, 9, 0).replace(b'"v":1', b'"v":2'))


@headers("opening-false", Effect.REFUSED)
def the_header_is_not_in_its_one_form(origin):
    return heads(origin, tree.data_header(origin.data.origin, origin.token, 9, 0).replace(b":", b": ", 1))


@headers("log-inconsistent", Effect.STUCK, attack="A23")
def the_header_tells_of_a_control_log_that_nobody_was_shown(origin):
    return heads(origin, tree.data_header(origin.data.origin, origin.token, 9, 7))


@headers("opening-false", Effect.STUCK)
def the_entry_has_a_version_that_nobody_knows(origin):
    body = origin.indicator()
    entry = origin.entry(body)
    entry.bytes = b"\2" + entry.bytes[1:]
    entry.leaf = tree.leaf_of(entry.bytes)
    other = origin.data.fork(len(origin.data.entries))
    other.entries.append(entry)
    origin.replace(data=other)
    return [body["id"]]
