"""Moves of a hostile peer: statements of its control log, which is open to every peer and applied before anything of the data log."""
import json
import time

import notes
import tree
from log_maker import recall_text
from mesh import wait_for
from moves import Effect, Moves, answers, changed
from origin_server import Say

control = Moves()


def settled(origin):
    """After a statement that is in order: the first object is suppressed, and shown again."""
    origin.recall(0, ago=7_200)
    origin.recall(0, action="restore")
    wait_for(lambda: origin.receiver.followed(origin.log.name)["control"] == (2, 2), "the control log was not applied")


def first_of(origin):
    """The id of what index 0 of the data log holds, which is shown and stays so."""
    return [json.loads(origin.data.entries[0].body)["id"]]


def states(origin, *lines, op="recall", **how):
    origin.say(op, *lines, **how)
    return first_of(origin)


def says(origin, say):
    """An erasure, of which something else is opened than was logged."""
    with origin.changed:
        origin.play(answers("openings", say, "control"))
        origin.erase(0)
    return []


@control("openings-malformed", attack="A23")
def an_entry_of_the_control_log_is_withheld(origin):
    return says(origin, lambda ask, _: Say(tree.openings(origin.control.origin, bytes(16), ask.query["from"], ask.query["to"], [])))


@control("opening-false", attack="A23")
def a_statement_is_opened_as_another(origin):
    return says(origin, changed(lambda body: body.replace(b"tocsin/erasure/v1\n", b"tocsin/erasure/v2\n")))


@control("log-forked", Effect.CONVICTED, attack="A23")
def two_roots_are_signed_for_one_control_log(origin):
    settled(origin)
    other = origin.control.fork(1)
    other.entries.append(tree.Entry(b"{}", b"x"))
    origin.replace(control=other)
    return []


@control("log-rollback", attack="A23")
def the_control_log_forgets_what_it_said(origin):
    settled(origin)
    origin.replace(control=origin.control.fork(1))
    return []


@control("log-inconsistent", Effect.CONVICTED, attack="A23")
def the_control_log_does_not_go_on_from_the_one_before(origin):
    settled(origin)
    other = origin.control.fork(0)
    other.entries = [tree.Entry(b"{}", b"%d" % i) for i in range(3)]
    origin.replace(control=other)
    return []


# Statements that are there for good, and are none: nothing of them is done, and what comes after them waits.

@control("openings-malformed", Effect.UNHEARD, attack="A23")
def another_key_signs_a_recall(origin):
    return states(origin, *recall_text(origin.log, 0), key=notes.Key(origin.log.name))


@control("openings-malformed", Effect.UNHEARD, attack="A23")
def a_recall_is_that_of_another_log(origin):
    other = notes.Key("elsewhere.example/log")
    return states(origin, *recall_text(other, 0), key=other)


@control("openings-malformed", Effect.UNHEARD, attack="A23")
def another_key_signs_an_erasure(origin):
    return states(origin, "tocsin/erasure/v1", origin.log.text, "0", str(int(time.time())), op="erase", key=notes.Key(origin.log.name))


@control("openings-malformed", Effect.UNHEARD, attack="A23")
def its_header_is_of_another_log(origin):
    return states(origin, *recall_text(origin.log, 0), header=tree.control_header("elsewhere.example/log", "recall", 0, notes.b64(notes.sha())))


@control("log-forked", Effect.UNHEARD, attack="A23")
def its_header_names_another_root_of_the_data_log(origin):
    return states(origin, *recall_text(origin.log, 0), header=tree.control_header(origin.log.name, "recall", 2, notes.b64(notes.sha(b"other"))))


@control("openings-malformed", Effect.UNHEARD)
def a_statement_says_another_thing_than_its_header(origin):
    return states(origin, *recall_text(origin.log, 0), op="erase")


@control("openings-malformed", Effect.UNHEARD)
def the_leaves_of_a_recall_are_in_another_order(origin):
    return states(origin, *recall_text(origin.log, 1, 0))


@control("openings-malformed", Effect.UNHEARD)
def a_recall_is_to_be_carried_out_before_it_was_made(origin):
    return states(origin, *recall_text(origin.log, 0, hours=-1))


@control("openings-malformed", Effect.UNHEARD)
def a_recall_does_what_nobody_knows(origin):
    return states(origin, *recall_text(origin.log, 0, action="explode"))


# Statements that count for nothing.

@control("", Effect.VOID, attack="A23")
def it_recalls_what_its_log_does_not_hold_yet(origin):
    return states(origin, *recall_text(origin.log, 0, 9_999))


@control("", Effect.VOID)
def it_restores_what_it_recalled_a_moment_ago(origin):
    origin.recall(1)
    return states(origin, *recall_text(origin.log, 1, action="restore"))


@control("", Effect.VOID)
def it_says_something_of_which_nobody_knows_what_it_is(origin):
    return states(origin, "tocsin/decree/v1", origin.log.text, "0", op="decree")
