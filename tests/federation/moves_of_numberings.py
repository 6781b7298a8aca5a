"""Moves of a hostile peer: the numbers of its entries, and what its heads say of them. What is told only when it is a minute old (a number that is missing, a head that
does not come) is tested where time is not waited for: tests/contract/completeness_test.cpp."""
import tree
from moves import Effect, Moves

numberings = Moves()


def heads(origin, **members):
    """Logs a head of all that was logged, which says so unless told otherwise, and shares an object behind it."""
    leaves = [entry.leaf for entry in origin.data.entries]
    body = tree.head(leaves, **members)
    header = tree.data_header(origin.data.origin, origin.token, members.get("count", len(leaves)), 0, op="head")
    origin.share(body, header=header, collections=())
    return origin.share(origin.indicator())


@numberings("", Effect.TAKEN)
def a_head_that_fits(origin):
    return heads(origin)


@numberings("1 heads with another hash", Effect.WITHHELD)
def a_head_with_the_hash_of_other_entries(origin):
    return heads(origin, rolling=tree.rolled([bytes(32)] * 2).hex())


@numberings("1 heads with another count", Effect.WITHHELD)
def a_head_that_counts_fewer_entries(origin):
    return heads(origin, count=1)


@numberings("1 heads with another count", Effect.WITHHELD)
def a_head_with_another_last_entry(origin):
    return heads(origin, last=0)


@numberings("1 numbers given twice", Effect.WITHHELD)
def a_number_is_given_twice(origin):
    return origin.share(origin.indicator(), sequence=1)


@numberings("opening-false", Effect.REFUSED)
def a_head_that_says_nothing(origin):
    origin.share(b"{}", header=tree.data_header(origin.data.origin, origin.token, 2, 0, op="head"), collections=())
    return []


@numberings("opening-false", Effect.REFUSED)
def a_head_whose_header_has_another_number(origin):
    body = tree.head([entry.leaf for entry in origin.data.entries])
    origin.share(body, header=tree.data_header(origin.data.origin, origin.token, 7, 0, op="head"), collections=())
    return []
