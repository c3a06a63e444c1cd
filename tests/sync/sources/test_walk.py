"""What a walk over pages counts, when it ends, and what it says when a page is no good."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core.records import Collection
from sync.sources import walk as walking
from sync.sources.causes import Cause, Trouble
from sync.sources.halo_rows import Client, client_record, envelope
from sync.sources.pages import Page, read_page
from sync.sources.rows import RowFault, RowReader, each
from sync.sources.walk import Tally, Walk, run_all
from tests.build import NIGHT

CLIENTS = Collection.HALO_CLIENTS
READER = RowReader(Client, each(client_record))


def rows(*ids):
    return [{"id": i, "name": f"Client {i}"} for i in ids]


def page(*ids, total=None, bare=False):
    return Page(rows(*ids), total, bare)


def walk(*pages, size=2, **more):
    """A walk over pages that are there; asking for one more is an error."""
    asked = []

    def fetch(number, received):
        asked.append((number, received))
        return pages[number - 1], NIGHT

    return Walk(CLIENTS, fetch, READER, size, **more), asked


def walked(*pages, **more):
    tally = Tally()
    this, asked = walk(*pages, **more)
    this.run(tally)
    return tally, asked


def kept(tally):
    return {record.id for record in tally.records()}


def cause(tally):
    return tally.flaw and tally.flaw[0]


# One page after the other


def test_a_walk_ends_once_as_many_ids_as_declared_were_seen():
    tally, asked = walked(page(1, 2, total=3), page(3, total=3))

    assert asked == [(1, 0), (2, 2)]
    assert (tally.pages, tally.received, tally.total, tally.totals) == (2, 3, 3, [3, 3])
    assert (kept(tally), tally.seen) == ({"1", "2", "3"}, {"1", "2", "3"})
    assert (tally.duplicate, tally.left_out, tally.repeated, tally.flaw) == (0, 0, False, None)


def test_an_empty_page_ends_a_walk_that_was_promised_more():
    tally, asked = walked(page(1, total=9), page(total=0))

    assert len(asked) == 2
    assert (tally.totals, tally.undeclared) == ([9], False), "0 past the end is no total"


def test_a_list_that_is_empty_declares_so_on_its_only_page():
    empty, _ = walked(page(total=0))
    silent, _ = walked(page())

    assert (empty.totals, empty.total, empty.undeclared) == ([0], 0, False)
    assert (silent.totals, silent.total, silent.undeclared) == ([], None, True)


def test_one_page_without_a_total_makes_the_whole_walk_undeclared():
    tally, asked = walked(page(1, total=2), page(2), page(total=0))

    assert tally.undeclared
    assert len(asked) == 3, "with a total missing, only an empty page is the end"


def test_a_system_that_counts_rows_is_done_when_so_many_came():
    once, asked = walked(page(1, 2, total=4), page(2, 3, total=4), count_rows=True)
    ids, _ = walked(page(1, 2, total=4), page(2, 3, total=4), page(4, total=4))

    assert (len(asked), once.received, len(once.seen)) == (2, 4, 3)
    assert (len(ids.seen), ids.received, ids.duplicate) == (4, 5, 1)


def test_of_a_row_that_came_twice_the_later_one_counts():
    later = [{"id": 1, "name": "Renamed"}, *rows(2)]
    tally, _ = walked(page(1, total=2), Page(later, 2))

    assert tally.rows["1"].name == "Renamed"
    assert (tally.duplicate, tally.repeated) == (1, False)


def test_a_row_without_a_record_takes_no_others_away():
    bad = {"id": 1, "name": 5.5}
    one_walk, _ = walked(page(1, total=3), Page([bad, *rows(2)], 3), page(3, total=3))
    two_walks = all_of((page(1, 2, total=2),), (Page([bad, *rows(3)], 2),))

    assert kept(one_walk) == kept(two_walks) == {"1", "2", "3"}
    assert (one_walk.duplicate, two_walks.duplicate) == (1, 1)


def test_one_page_that_holds_a_row_twice_is_remembered():
    tally, _ = walked(page(1, 1, total=2), page(2, total=2))

    assert tally.repeated
    assert tally.duplicate == 1


def test_two_rows_that_cannot_be_read_are_not_one_that_came_twice():
    bad = [{"id": 1, "name": 5.5}, {"id": 2, "name": 5.5}]
    tally, _ = walked(Page(bad, 2))

    assert (tally.repeated, tally.duplicate, tally.rejected.total()) == (False, 0, 2)


def test_rows_are_rejected_once_by_reason_and_count_as_seen():
    bad = {"id": 2, "name": 5.5}
    tally, _ = walked(Page([*rows(1), bad], 4), Page([bad, *rows(3)], 4), page(4, total=4))

    assert dict(tally.rejected) == {"name: wrong type": 1}
    assert (tally.duplicate, tally.left_out) == (1, 0)
    assert (tally.seen, kept(tally)) == ({"1", "2", "3", "4"}, {"1", "3", "4"})


def test_rows_that_are_left_out_by_rule_are_counted_once():
    reader = RowReader(Client, each(lambda row: None if row.id == 2 else client_record(row)))
    tally = Tally()
    tally.take(page(1, 2, 2, total=2), reader)

    assert (tally.left_out, tally.duplicate) == (1, 1)
    assert (tally.seen, kept(tally)) == ({"1", "2"}, {"1"})


# Order


@pytest.mark.parametrize(
    ("pages", "ordered"),
    [
        ((page(1, 2, total=4), page(3, 4, total=4)), True),
        ((page(2, 1, total=2),), False),
        ((page(1, 3, total=4), page(2, 4, total=4)), False),
        ((page(1, 2, total=3), page(2, 3, total=3)), False),
    ],
)
def test_a_list_is_in_order_while_its_ids_rise(pages, ordered):
    assert walked(*pages)[0].ordered is ordered


def test_where_ids_are_no_numbers_no_order_is_looked_for():
    tally, _ = walked(page(2, 1, total=2), count_rows=True)

    assert tally.ordered
    assert not tally.numbered


def test_a_row_without_a_number_is_no_break_of_the_order():
    reader = RowReader(Client, each(client_record))
    tally = Tally()
    tally._note_order("5")
    tally._note_order("?unreadable")
    tally._note_order("6")

    assert tally.ordered
    assert reader.keys


# Bare arrays, which declare nothing


def test_a_bare_array_of_no_round_number_is_all_there_is():
    tally, asked = walked(page(1, 2, 3, bare=True), size=100)

    assert (len(asked), tally.bare, tally.undeclared, tally.totals) == (1, True, False, [])


@pytest.mark.parametrize("count", [50, 100, 7])
def test_a_bare_array_of_exactly_a_page_may_go_on(count):
    ids = range(1, count + 1)
    capped, asked = walked(page(*ids, bare=True), page(999, bare=True), size=7)
    alone, again = walked(page(*ids, bare=True), page(*ids, bare=True), size=7)

    assert (len(asked), len(capped.seen)) == (2, count + 1)
    assert (len(again), len(alone.seen), alone.flaw) == (2, count, None), "paging is ignored: whole"


def test_a_bare_page_after_a_declared_one_ends_no_walk_by_its_total():
    tally, asked = walked(page(1, 2, total=3), page(3, 4, bare=True), page(5, bare=True))

    assert (len(asked), tally.bare) == (3, True)


# Walks that would never end


def test_the_first_page_again_means_that_paging_is_ignored():
    tally, asked = walked(page(1, 2, total=9), page(2, 1, total=9))

    assert cause(tally) is Cause.PAGING_IGNORED
    assert len(asked) == 2


def test_another_page_again_means_that_rows_were_missed():
    tally, _ = walked(page(1, 2, total=9), page(3, 4, total=9), page(3, 4, total=9))

    assert cause(tally) is Cause.ROWS_REPEATED


@pytest.mark.parametrize("limit", ["MOST_PAGES", "MOST_ROWS"])
def test_a_list_beyond_all_bounds_is_given_up_exactly_there(limit, monkeypatch):
    monkeypatch.setattr(walking, limit, 2)
    long, asked = walked(page(1, total=9), page(2, total=9))
    enough, _ = walked(page(1, total=2), page(2, total=2))

    assert (cause(long), len(asked)) == (Cause.PAGES_TOO_MANY, 2)
    assert enough.flaw is None


def test_a_million_rows_in_pages_of_fifty_are_the_bound():
    assert (walking.MOST_ROWS, walking.MOST_PAGES) == (1_000_000, 20_000)


# What is told on the way


def test_progress_is_told_after_each_page_and_the_total_once():
    told = []
    walked(
        page(1, 2, total=3),
        page(3, total=3),
        progress=lambda *what: told.append(what),
        on_total=told.append,
    )

    assert told == [3, (CLIENTS, 2, 3), (CLIENTS, 3, 3)]


def test_a_list_that_declares_no_rows_has_no_waits_to_plan():
    totals = []
    walked(page(total=0), on_total=totals.append)
    walked(page(), on_total=totals.append)

    assert totals == []


def test_each_answer_s_time_is_kept():
    this, _ = walk(page(1, 2, total=3), page(3, total=3))
    this.run(Tally())

    assert this.times == [NIGHT, NIGHT]


def test_a_refused_page_is_named_by_its_number():
    broken = Trouble(Cause.PAGE_BROKEN, "no well-formed JSON at byte 7", NIGHT)

    def fetch(number, _received):
        if number == 2:
            raise broken
        return page(1, total=2), NIGHT

    tally = Tally()
    with pytest.raises(Trouble) as caught:
        Walk(CLIENTS, fetch, READER, 1).run(tally)

    assert (caught.value.cause, caught.value.at) == (Cause.PAGE_BROKEN, NIGHT)
    assert caught.value.detail == "page 2: no well-formed JSON at byte 7"
    assert broken.detail == "no well-formed JSON at byte 7"
    assert kept(tally) == {"1"}


# Several walks that make up one list


def all_of(*lists, **more):
    tally = Tally()
    run_all([walk(*pages, **more)[0] for pages in lists], tally)
    return tally


def test_lists_by_type_add_up_to_one():
    tally = all_of(
        (page(5, 6, total=2),), (page(1, 2, total=3), page(3, total=3)), (page(total=0),)
    )

    assert (tally.pages, tally.received, tally.total) == (4, 5, 5)
    assert (tally.seen, kept(tally)) == (set("12356"), set("12356"))
    assert set(tally.totals) == {5}, "constant in each part is constant in the sum"
    assert (tally.ordered, tally.bare, tally.undeclared, tally.repeated) == (
        True,
        False,
        False,
        False,
    )


def test_a_total_that_moves_in_any_part_shows_in_the_sum():
    moving = (page(1, total=2), page(2, 3, total=3))
    still = (page(8, 9, total=2),)

    for parts in ((moving, still), (still, moving)):
        tally = all_of(*parts)
        assert (len(set(tally.totals)), tally.total) == (2, 5)


def test_a_record_in_two_parts_is_one_too_many():
    tally = all_of((page(1, 2, total=2),), (page(2, 3, total=2),))

    assert (tally.duplicate, len(tally.seen)) == (1, 3)


def test_what_one_part_shows_holds_for_the_sum():
    bad = {"id": 7, "name": 5.5}
    fine = (page(1, 2, total=2),)
    odd = (Page([bad, *rows(9, 8, 8)], None), page(total=0))
    for parts in ((fine, odd), (odd, fine)):
        tally = all_of(*parts)
        assert (tally.undeclared, tally.repeated, tally.ordered) == (True, True, False)
        assert (dict(tally.rejected), tally.duplicate) == ({"name: wrong type": 1}, 1)
    for parts in ((fine, (page(5, bare=True),)), ((page(5, bare=True),), fine)):
        assert all_of(*parts).bare


def test_what_is_left_out_in_any_part_is_counted():
    whole = Tally()
    left = RowReader(Client)
    parts = [Walk(CLIENTS, lambda *_, i=i: (page(i, total=1), NIGHT), left, 2) for i in (1, 2)]
    run_all(parts, whole)

    assert (whole.left_out, whole.seen, kept(whole)) == (2, {"1", "2"}, set())


def test_the_part_that_is_stuck_is_the_last_one_walked():
    second, asked = walk(page(9, total=1))
    tally = Tally()
    run_all([walk(page(1, 2, total=9), page(1, 2, total=9))[0], second], tally)

    assert (cause(tally), asked) == (Cause.PAGING_IGNORED, [])
    assert kept(tally) == {"1", "2"}


def test_what_came_before_a_part_broke_off_is_kept():
    def fails(*_):
        raise Trouble(Cause.TIMEOUT, "x")

    tally = Tally()
    with pytest.raises(Trouble):
        run_all([walk(page(1, total=1))[0], Walk(CLIENTS, fails, READER, 2)], tally)

    assert kept(tally) == {"1"}


# A page at once


CLIENT_LIST = envelope("clients", READER)
ODD = st.sampled_from(
    ['"name":1', '"name":"at fault"', '"name":"left out"', '"name":"A","inactive":true']
)
entry = st.tuples(st.integers(1, 9), st.just('"name":"A"') | ODD)


def picky(row):
    if row.name == "at fault":
        raise RowFault("name: at fault")
    return None if row.name == "left out" else client_record(row)


def tallied(reader, pages, shape):
    tally = Tally()
    for written in pages:
        text = ",".join(f'{{"id":{i},{rest}}}' for i, rest in written)
        body = f'{{"record_count":9,"clients":[{text}]}}'.encode()
        tally.take(read_page(body, shape), reader)
    return tally


@given(st.lists(st.lists(entry, max_size=5), max_size=4))
def test_a_page_counted_at_once_counts_as_row_by_row(pages):
    reader = RowReader(Client, each(picky))

    at_once = tallied(reader, pages, CLIENT_LIST)

    assert at_once == tallied(reader, pages, replace(CLIENT_LIST, row=None))


def test_what_is_at_fault_or_left_out_on_a_page_of_sound_rows_is_counted():
    pages = [[(1, '"name":"A"'), (2, '"name":"left out"')], [(3, '"name":"A"'), (1, '"name":"B"')]]

    tally = tallied(RowReader(Client, each(picky)), pages, CLIENT_LIST)

    assert (tally.left_out, tally.duplicate, tally.ordered) == (1, 1, False)
    assert {record.id: record.name for record in tally.records()} == {"1": "B", "3": "A"}


def test_a_page_without_an_odd_row_is_not_looked_at_row_by_row(monkeypatch):
    monkeypatch.setattr(Tally, "_row", lambda *_: pytest.fail("looked at"))
    pages = [[(1, '"name":"A"'), (2, '"name":"left out"')]]

    tally = tallied(RowReader(Client, each(picky)), pages, CLIENT_LIST)

    assert (kept(tally), tally.seen, tally.left_out) == ({"1"}, {"1", "2"}, 1)
