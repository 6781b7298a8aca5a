"""What a hostile peer does, one row a move: what it plays, and what an instance that follows it makes of that."""
import enum
from typing import Callable, NamedTuple


class Effect(enum.Enum):
    STOPS = "nothing that the peer says is believed: what was verified and applied stays as it was"
    VERIFIED = "its leaves are verified, and nothing of them is applied"
    UNSEEN = "it is taken, and shown to nobody"
    REFUSED = "the entry is considered and not let in, and the next ones are"
    CONVICTED = "two statements that the peer signed contradict each other: it is followed no more until an administrator says so"
    STUCK = "as VERIFIED, and for good: what was logged cannot be made good again"
    STALE = "it is taken, and does not count as fresh"
    UNHEARD = "a statement of the control log is none: nothing of it is done, and nothing that comes after it, for good"
    VOID = "a statement of the control log counts for nothing, and is kept with the reason"
    WITHHELD = "it is taken, and told that something is kept back: nothing but a contradiction quarantines"
    STALLED = "it is told that another peer has more of the log, and who: nothing that was verified or applied is another, and nobody is quarantined"
    TAKEN = "nothing is wrong"


class Move(NamedTuple):
    name: str
    play: Callable  # of the origin; the ids of objects that must not be shown, or that must when nothing is held against them
    verdict: str    # the code that is told, "" when there is none
    effect: Effect
    size: int       # of the log when the move is made
    attack: str     # the case it stands for, of those that members of such communities met before


class Moves(list):
    """A table that is made by decorating what is played: its name is the move's."""

    def __call__(self, verdict, effect=Effect.STOPS, size=2, attack=""):
        def keep(play):
            self.append(Move(play.__name__, play, verdict, effect, size, attack))
            return play
        return keep


def answers(what, say, log="data"):
    """A trick that answers one resource of a log otherwise: `say` is called with the question and the truth."""
    return lambda ask, honest: say(ask, honest()) if (ask.what, ask.log) == (what, log) else honest()


def changed(change):
    """Of an answer: the same with another body."""
    def say(_, truth):
        truth.body = change(truth.body)
        return truth
    return say


def shares(origin, trick, *bodies, **how):
    """Plays a trick, and shares something for the instance to come and look at: its ids. Both at once: whoever waits for news meets the trick."""
    with origin.changed:
        origin.play(trick)
        return origin.share(*(bodies or [origin.indicator()]), **how)
