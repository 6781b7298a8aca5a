"""Moves of a hostile peer below its logs: TLS, HTTP, and how much it sends how slowly."""
import gzip

from moves import Effect, Moves, answers, shares
from origin_server import TEXT, Say

connections = Moves()


def raw(origin, play, what="checkpoint"):
    """Shares something, and takes over the connection of who comes for it."""
    return shares(origin, answers(what, lambda *_: Say(raw=play)))


def until_gone(handler, part, pause=None):
    """Sends the same for as long as anybody takes it and the move goes on."""
    origin, trick = handler.server.origin, handler.server.origin.trick
    try:
        while origin.trick is trick and not origin.ended:
            handler.wfile.write(part)
            if pause:
                with origin.changed:
                    origin.changed.wait_for(lambda: origin.trick is not trick or origin.ended, pause)
    except OSError:
        pass  # the other side has closed


def redirected(origin, where):
    return shares(origin, answers("checkpoint", lambda *_: Say(status=302, headers={"Location": where})))


@connections("io-failed")
def it_answers_500(origin):
    return shares(origin, answers("checkpoint", lambda *_: Say(b"ouch", 500)))


@connections("unavailable")
def it_answers_503(origin):
    return shares(origin, answers("checkpoint", lambda *_: Say(b"later", 503)))


@connections("forbidden")
def it_answers_403(origin):
    return shares(origin, answers("checkpoint", lambda *_: Say(b"not you", 403)))


@connections("io-failed")
def it_answers_204_where_something_was_asked_for(origin):
    return shares(origin, answers("checkpoint", lambda *_: Say(status=204)))


@connections("io-failed", attack="A14")
def it_sends_its_followers_to_a_machine_of_their_own_network(origin):
    return redirected(origin, origin.elsewhere.url + "/log/data/checkpoint")


@connections("io-failed", attack="A14")
def it_sends_its_followers_to_where_clouds_keep_their_keys(origin):
    return redirected(origin, "http://169.254.169.254/latest/meta-data/")


@connections("io-failed", attack="A14")
def it_sends_its_followers_to_a_file(origin):
    return redirected(origin, "file:///etc/passwd")


@connections("io-failed", attack="A14")
def it_sends_who_fetches_a_tile_elsewhere(origin):
    return shares(origin, answers("tile", lambda *_: Say(status=307, headers={"Location": origin.elsewhere.url + "/log/data/tile/0/000"})))


@connections("io-failed")
def its_answer_never_ends(origin):
    def endless(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n")
        until_gone(handler, b"x" * 65_536)
    return raw(origin, endless)


@connections("io-failed", Effect.VERIFIED)
def its_openings_never_end(origin):
    def endless(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        until_gone(handler, b"10000\r\n" + b"x" * 65_536 + b"\r\n")
    return raw(origin, endless, "openings")


@connections("io-failed")
def its_answer_is_said_to_have_a_terabyte(origin):
    return raw(origin, lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n"))


@connections("io-failed")
def its_answer_ends_before_it_is_whole(origin):
    return raw(origin, lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n" + origin.data.note()[:60]))


@connections("io-failed")
def its_headers_never_end(origin):
    def headers(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        until_gone(handler, b"X-More: " + b"x" * 8_000 + b"\r\n")
    return raw(origin, headers)


@connections("io-failed")
def it_does_not_speak_http(origin):
    return raw(origin, lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.2p1\r\n"))


@connections("io-failed")
def it_hangs_up_without_a_word(origin):
    return raw(origin, lambda _: None)


@connections("request-timeout")
def it_sends_a_byte_a_second(origin):
    def slowly(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        until_gone(handler, b"x", 1)
    return raw(origin, slowly)


@connections("note-malformed")
def what_it_sends_becomes_a_gigabyte_when_it_is_unpacked(origin):
    bomb = gzip.compress(bytes(64 << 20))
    return shares(origin, answers("checkpoint", lambda *_: Say(bomb, type=TEXT, headers={"Content-Encoding": "gzip"})))


@connections("tls-failed")
def it_shows_a_certificate_that_nobody_pinned(origin):
    origin.server.show(origin.stranger)
    return raw(origin, lambda _: None)  # whoever is connected has to come again
