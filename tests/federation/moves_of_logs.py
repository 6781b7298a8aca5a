"""Moves of a hostile peer: checkpoints, their signatures, and tiles."""
import os
import time

import notes
import tree
from moves import Effect, Moves, answers, changed, shares
from origin_server import TEXT, Say

checkpoints, signatures, tiles = Moves(), Moves(), Moves()


def lie(origin, make):
    """Shares something, and signs another checkpoint than that of the log."""
    return shares(origin, answers("checkpoint", lambda *_: Say(make(origin.data), type=TEXT)))


def fork(origin, at, *more):
    """The log goes on otherwise after `at` entries: ids of what is in it then."""
    other, bodies = origin.data.fork(at), [origin.indicator() for _ in more]
    other.entries += [origin.entry(body) for body in bodies]
    origin.replace(data=other)
    return [body["id"] for body in bodies]


# Checkpoints.

@checkpoints("log-inconsistent", attack="A23")
def the_root_is_not_that_of_the_leaves(origin):
    return lie(origin, lambda log: log.note(log.text(root=os.urandom(32))))


@checkpoints("log-inconsistent", Effect.CONVICTED, attack="A23")
def a_longer_log_does_not_go_on_from_the_one_before(origin):
    return fork(origin, 1, *range(3))


@checkpoints("log-inconsistent", Effect.CONVICTED, size=255, attack="A23")
def a_fork_fills_the_first_tile(origin):
    return fork(origin, 254, *range(2))


@checkpoints("log-inconsistent", Effect.CONVICTED, size=256, attack="A23")
def a_fork_goes_beyond_a_whole_tile(origin):
    return fork(origin, 255, *range(2))


@checkpoints("log-inconsistent", Effect.CONVICTED, size=257, attack="A23")
def a_fork_is_within_the_tile_before_the_last(origin):
    return fork(origin, 3, *range(300))


@checkpoints("log-forked", Effect.CONVICTED, attack="A23")
def two_roots_are_signed_for_one_size(origin):
    return fork(origin, 1, 1)


@checkpoints("log-rollback", Effect.CONVICTED, size=5, attack="A23")
def the_log_is_shorter_and_another_one(origin):
    return fork(origin, 1, *range(2))


@checkpoints("log-rollback", size=5, attack="A23")
def the_log_is_as_it_was_long_ago(origin):
    return fork(origin, 3)


@checkpoints("log-rollback", attack="A23")
def the_log_is_empty_again(origin):
    return fork(origin, 0)


@checkpoints("", Effect.STALE)
def nobody_says_that_the_checkpoint_is_fresh(origin):
    return lie(origin, lambda log: notes.note(log.text(), log.key.line(log.text())).encode())


@checkpoints("", Effect.STALE)
def the_checkpoint_was_fresh_an_hour_ago(origin):
    return lie(origin, lambda log: log.note(time_s=int(time.time()) - 3_600))


@checkpoints("", Effect.TAKEN)
def the_checkpoint_will_be_fresh_in_an_hour(origin):
    return lie(origin, lambda log: log.note(time_s=int(time.time()) + 3_600))


@checkpoints("checkpoint-malformed")
def a_line_stands_behind_the_root(origin):
    return lie(origin, lambda log: log.note(log.text() + "later\n"))


@checkpoints("too-many-requests")
def the_size_is_beyond_all_logs(origin):
    return lie(origin, lambda log: log.note(notes.checkpoint_text(log.origin, 2**62, os.urandom(32))))


@checkpoints("checkpoint-malformed")
def the_size_is_no_number(origin):
    return lie(origin, lambda log: log.note(notes.checkpoint_text(log.origin, "2**63", os.urandom(32))))


@checkpoints("checkpoint-malformed")
def the_size_is_spelled_with_a_zero_before_it(origin):
    return lie(origin, lambda log: log.note(log.text().replace("\n3\n", "\n03\n")))


@checkpoints("note-unverified", attack="A23")
def the_checkpoint_is_of_another_origin(origin):
    return lie(origin, lambda log: log.note(log.text(origin="elsewhere.example/log")))


@checkpoints("note-unverified", attack="A23")
def the_checkpoint_is_that_of_the_control_log(origin):
    return lie(origin, lambda _: origin.control.note())


@checkpoints("note-malformed")
def the_checkpoint_is_empty(origin):
    return lie(origin, lambda _: b"")


@checkpoints("it shows 2 entries of its log, of which neighbour saw 3", Effect.STALLED, attack="A23")
def another_peer_is_shown_more_of_the_log(origin):
    whole, hidden = origin.data, origin.indicator()
    origin.replace(data=whole.fork(len(whole.entries)))
    whole.entries.append(origin.entry(hidden))
    saw = f"/witness/{notes.sha(origin.log.name.encode()).hex()}/checkpoint"
    origin.neighbour.play(lambda ask, honest: Say(whole.note(), type=TEXT) if ask.path == saw else honest())
    return [hidden["id"]]


# Signatures and the note that bears them.

@signatures("note-unverified", attack="A23")
def another_key_signs_under_the_name_of_the_log(origin):
    other = notes.Key(origin.log.name)
    return lie(origin, lambda log: notes.note(log.text(), other.line(log.text()), log.freshness.line(log.text(), int(time.time()))).encode())


@signatures("note-unverified", attack="A23")
def the_signature_is_that_of_the_checkpoint_before(origin):
    old = origin.data.note().decode()
    return lie(origin, lambda log: notes.note(log.text(), *[line + "\n" for line in notes.split(old)[1]]).encode())


@signatures("note-unverified", attack="A23")
def a_bit_of_the_signature_is_another(origin):
    def flipped(log):
        number, signature = log.key.number, bytearray(os.urandom(64))
        return notes.note(log.text(), notes.signature_line(log.origin, number + bytes(signature)), log.freshness.line(log.text(), int(time.time()))).encode()
    return lie(origin, flipped)


@signatures("", Effect.TAKEN)
def keys_that_nobody_knows_sign_too(origin):
    return lie(origin, lambda log: log.note(before=[notes.grease()], behind=[notes.grease("é.example/log")]))


@signatures("", Effect.TAKEN)
def seventeen_keys_sign(origin):
    return lie(origin, lambda log: log.note(before=[notes.grease(f"w{i}.example") for i in range(15)]))


@signatures("note-malformed")
def a_hundred_and_one_keys_sign(origin):
    return lie(origin, lambda log: log.note(before=[notes.grease(f"w{i}.example") for i in range(99)]))


@signatures("note-malformed")
def lines_end_as_on_another_system(origin):
    return lie(origin, lambda log: log.note().replace(b"\n", b"\r\n"))


@signatures("note-malformed")
def the_note_is_not_text(origin):
    return lie(origin, lambda log: log.note(before=["— \xff\xfe AAAAAAAAAAAA\n"]).replace("\xff\xfe".encode(), b"\xff\xfe"))


@signatures("note-malformed")
def base64_is_not_spelled_as_it_is_written(origin):
    def loose(log):
        lines = log.note().decode().splitlines(keepends=True)
        name, encoded = lines[4].rsplit(" ", 1)  # 68 bytes end in "…=": the last letter has two bits that say nothing
        at = encoded.index("=") - 1
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        lines[4] = f"{name} {encoded[:at]}{alphabet[alphabet.index(encoded[at]) | 1]}{encoded[at + 1:]}"
        return "".join(lines).encode()
    return lie(origin, loose)


@signatures("io-failed")
def a_note_of_two_million_bytes_is_sent(origin):
    return lie(origin, lambda log: log.note() + notes.grease("x" * 2_000_000).encode())


# Tiles.

@tiles("log-inconsistent", attack="A23")
def the_leaves_are_of_another_log(origin):
    return shares(origin, answers("tile", changed(lambda body: os.urandom(len(body)))))


@tiles("log-inconsistent", attack="A23")
def a_bit_of_a_leaf_is_another(origin):
    return shares(origin, answers("tile", changed(lambda body: body[:-1] + bytes([body[-1] ^ 1]))))


@tiles("log-inconsistent")
def a_tile_is_a_hash_short(origin):
    return shares(origin, answers("tile", changed(lambda body: body[:-32])))


@tiles("log-inconsistent")
def a_tile_ends_in_the_middle_of_a_hash(origin):
    return shares(origin, answers("tile", changed(lambda body: body[:-7])))


@tiles("log-inconsistent")
def a_tile_has_a_hash_too_many(origin):
    return shares(origin, answers("tile", changed(lambda body: body + os.urandom(32))))


@tiles("log-inconsistent")
def a_partial_tile_is_256_wide(origin):
    return shares(origin, answers("tile", changed(lambda body: body + os.urandom(32 * (tree.WIDTH - len(body) // 32)))))


@tiles("log-inconsistent")
def a_tile_is_empty(origin):
    return shares(origin, answers("tile", changed(lambda _: b"")))


@tiles("io-failed")
def a_tile_is_not_there(origin):
    return shares(origin, answers("tile", lambda *_: Say(status=404)))
