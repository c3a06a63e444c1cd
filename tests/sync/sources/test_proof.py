"""When a list is believed: the passes it takes, and what each flaw is called."""

import pytest

from sync.core.pulls import Answer, State
from sync.core.records import AeRecord, Kind
from sync.sources.causes import Cause, Trouble
from sync.sources.proof import AT_ONCE, digest, prove
from sync.sources.walk import Tally
from tests.sync.sources.stand_in import NOON


def seen(*ids, total=None, **more):
    """One finished pass over a list."""
    records = {i: AeRecord(Kind.COMPANY, i, f"Company {i}") for i in ids}
    totals = [len(ids) if total is None else total]
    return Tally(records, totals=totals, pages=1, received=len(ids), **more)


def proven(*passes, answer=Answer.UNKNOWN, needs_order=True):
    """Prove a list whose passes go like this; what more is asked for is an error."""
    left = list(passes)
    asked = []

    def run(tally):
        this = left.pop(0)
        if isinstance(this, Trouble):
            raise this
        for name in Tally.__slots__:
            setattr(tally, name, getattr(this, name))

    def still_there(record_id):
        asked.append(record_id)
        return answer

    proof = prove(run, still_there, needs_order=needs_order)
    return proof, asked


def ids(proof):
    return {record.id for record in proof.records()}


def test_one_clean_pass_is_enough():
    proof, _ = proven(seen("1", "2"))

    assert (proof.state, len(proof.passes)) == (State.COMPLETE, 1)
    assert (proof.cause, proof.detail) == ("", "")


@pytest.mark.parametrize(
    ("flawed", "cause"),
    [
        (seen("1", "2", total=3), Cause.ROWS_MISSING),
        (seen("1", "2", total=1), Cause.ROWS_MISSING),
        (seen("1", "2", total=3, bare=True), Cause.ROWS_MISSING),
        (seen("1", duplicate=1), Cause.ROWS_REPEATED),
        (seen("1", undeclared=True), Cause.TOTAL_BAD),
        (seen("1", flaw=(Cause.PAGES_TOO_MANY, "x")), Cause.PAGES_TOO_MANY),
    ],
    ids=lambda value: value.name if isinstance(value, Cause) else "",
)
def test_a_flaw_seen_twice_withholds_the_list(flawed, cause):
    proof, _ = proven(flawed, flawed)

    assert (proof.state, proof.cause) == (cause.state, cause.value)


def test_a_flaw_seen_once_is_made_up_for():
    proof, asked = proven(seen("1", "2", total=3), seen("1", "2", "3"))

    assert proof.state is State.COMPLETE
    assert ids(proof) == {"1", "2", "3"}
    assert asked == []


def test_a_row_only_the_first_pass_saw_must_be_proven_gone():
    passes = (seen("1", "2", "3", total=4), seen("1", "2"))

    gone, asked = proven(*passes, answer=Answer.GONE)
    assert (gone.state, ids(gone), asked) == (State.COMPLETE, {"1", "2"}, ["3"])

    for answer in set(Answer) - {Answer.GONE}:
        kept, _ = proven(*passes, answer=answer)
        assert kept.cause == "pulls-differ"
        assert ids(kept) == {"1", "2", "3"}, "what either pass saw is present"


def test_nobody_is_asked_for_by_the_hundred():
    first = seen(*map(str, range(100)), total=101)
    proof, asked = proven(first, seen("1"), answer=Answer.GONE)

    assert proof.cause == "pulls-differ"
    assert asked == []


def test_without_order_or_total_two_passes_must_agree():
    for shaky in ({"ordered": False}, {"bare": True}):
        alike, _ = proven(seen("1", "2", **shaky), seen("1", "2", **shaky))
        other, _ = proven(seen("1", "2", **shaky), seen("1", "3", **shaky))

        assert (alike.state, len(alike.passes)) == (State.COMPLETE, 2)
        assert other.cause == "pulls-differ"


def test_autoelevate_promises_no_order_and_needs_none():
    proof, _ = proven(seen("2", "1", ordered=False), needs_order=False)

    assert (proof.state, len(proof.passes)) == (State.COMPLETE, 1)


def test_twenty_lost_records_are_asked_for_one_by_one_and_one_more_is_too_many():
    lost = sorted(map(str, range(100, 120)))
    some, many = ([*lost, *more, "1"] for more in ([], ["120"]))

    believed, asked = proven(seen(*some, total=50), seen("1"), answer=Answer.GONE)
    assert (believed.state, asked) == (State.COMPLETE, lost)
    doubted, asked = proven(seen(*many, total=50), seen("1"), answer=Answer.GONE)
    assert (doubted.cause, asked) == ("pulls-differ", [])


@pytest.mark.parametrize("cause", [Cause.PAGE_BROKEN, Cause.PAGE_ENCODING, Cause.PAGE_SHAPE])
def test_an_answer_that_was_no_page_may_be_one_the_next_time(cause):
    cured, _ = proven(Trouble(cause, "x"), seen("1", "2"))
    ill, _ = proven(Trouble(cause, "x"), Trouble(cause, "y"))

    assert (cured.state, len(cured.passes)) == (State.COMPLETE, 2)
    assert (ill.cause, ill.detail) == (cause.value, "y")


def test_a_bare_list_with_one_bad_pass_gets_a_third():
    broken = Trouble(Cause.PAGE_BROKEN, "html")
    clean = seen("1", "2", bare=True)

    for passes in ((broken, clean, clean), (clean, broken, clean)):
        proof, _ = proven(*passes)
        assert (proof.state, len(proof.passes)) == (State.COMPLETE, 3)

    proof, _ = proven(broken, clean, broken)
    assert proof.cause == "page-broken"


def test_a_moved_total_is_called_so_only_when_nothing_else_is_wrong():
    moved = seen("1", "2")
    moved.totals = [1, 2]

    both, _ = proven(moved, moved)
    mixed, _ = proven(seen("1", total=5), moved)

    assert (both.state, both.cause) == (State.COMPLETE_RESOLVED, "changed-while-reading")
    assert both.detail == "the declared total moved between 1 and 2"
    assert (mixed.state, mixed.cause) == (State.PARTIAL, "rows-missing")


def moving(*ids, **more):
    """A pass during which a record was added."""
    tally = seen(*ids, **more)
    tally.totals = [len(ids) - 1, len(ids)]
    return tally


def test_a_list_that_moves_both_times_must_still_account_for_what_it_lost():
    passes = (moving("1", "2", "3"), moving("1", "2"))

    gone, asked = proven(*passes, answer=Answer.GONE)
    assert (gone.state, ids(gone), asked) == (State.COMPLETE_RESOLVED, {"1", "2"}, ["3"])

    for answer in set(Answer) - {Answer.GONE}:
        kept, _ = proven(*passes, answer=answer)
        assert kept.state is State.PARTIAL


def test_a_list_that_moves_both_times_and_keeps_no_order_is_not_believed():
    for shaky in ({"ordered": False}, {"bare": True}):
        proof, _ = proven(moving("1", "2", **shaky), moving("1", "2", **shaky))

        assert (proof.state, proof.cause) == (State.PARTIAL, "changed-while-reading")


def test_up_to_one_row_in_a_hundred_may_be_unusable():
    ids = [str(n) for n in range(200)]
    some, many = seen(*ids), seen(*ids)
    some.rejected["name: wrong type"] = 2
    many.rejected["name: wrong type"] = 3

    assert proven(some)[0].state is State.COMPLETE
    assert proven(many, many)[0].cause == "rows-rejected"


def test_of_the_reasons_for_unusable_rows_the_three_most_frequent_are_told():
    tally = seen("1")
    tally.rejected.update({"a": 1, "b": 4, "c": 3, "d": 2})

    assert proven(tally, tally)[0].detail == "10 of 1 rows: b (4), c (3), d (2)"


def test_an_unreachable_system_is_not_pulled_again():
    proof, _ = proven(Trouble(Cause.TIMEOUT, "x"))

    assert (proof.state, len(proof.passes)) == (State.UNREACHABLE, 1)


def test_what_came_before_the_line_broke_is_kept():
    proof, _ = proven(seen("1", "2", total=3), Trouble(Cause.TIMEOUT, "x"))

    assert proof.state is State.UNREACHABLE
    assert ids(proof) == {"1", "2"}


def test_the_digest_knows_content_and_not_check_ins():
    one, two = AeRecord(Kind.COMPUTER, "1", "A"), AeRecord(Kind.COMPUTER, "2", "B")

    assert digest([one, two]) == digest([one._replace(last_seen=NOON), two])
    assert digest([one, two]) != digest([one, two._replace(name="b")])
    assert digest([one]) != digest([one, two])


def test_the_digest_knows_the_last_of_many():
    many = [AeRecord(Kind.COMPUTER, str(n), "A") for n in range(2 * AT_ONCE)]

    assert digest(many) != digest([*many[:-1], many[-1]._replace(name="B")])
    assert digest(many) != digest(many[:-1])


@pytest.mark.parametrize("field", sorted(set(AeRecord._fields) - {"last_seen", "kind"}))
def test_the_digest_knows_every_field_of_a_computer_but_its_check_in(field):
    one = AeRecord(Kind.COMPUTER, "1", "A")

    assert digest([one]) != digest([one._replace(**{field: "another"})])
