"""Whom halosync asks for although they are listed, and what their answers take back."""

from sync.core import witness
from sync.core.pulls import Answer
from sync.core.records import Collection, Kind
from sync.core.result import Doubt
from tests.build import halo, night, pull

CLIENTS, AGENTS = Collection.HALO_CLIENTS, Collection.HALO_AGENTS


def clients(n):
    return [halo(Kind.COMPANY, str(i), f"Client {i}") for i in range(n)]


def test_five_listed_records_are_chosen_and_all_of_a_shorter_list():
    many, few = (pull(CLIENTS, clients(n)) for n in (100, 3))

    assert len(set(witness.choose(many, 1))) == 5
    assert set(witness.choose(few, 1)) == {"0", "1", "2"}
    assert witness.choose(pull(CLIENTS), 1) == []


def test_a_run_chooses_the_same_ones_in_whatever_order_they_came():
    there, back = pull(CLIENTS, clients(100)), pull(CLIENTS, clients(100)[::-1])

    assert witness.choose(there, 7) == witness.choose(back, 7)
    assert witness.choose(there, 7) != witness.choose(there, 8)


def test_gone_is_taken_back_in_the_list_that_contradicts_it_and_only_there():
    sam = halo(Kind.USER, "1", "Sam")
    answers = {
        (CLIENTS, "1"): Answer.GONE,
        (CLIENTS, "99"): Answer.GONE,
        (CLIENTS, "98"): Answer.HIDDEN,
        (AGENTS, "99"): Answer.GONE,
        (AGENTS, "1"): Answer.PRESENT,
    }
    believed, notes = witness.credible(night(*clients(3), sam), answers)

    assert believed == answers | {
        (CLIENTS, "1"): Answer.UNKNOWN,
        (CLIENTS, "99"): Answer.UNKNOWN,
    }
    assert notes == (Doubt(CLIENTS, "by-id-contradicted", stops=False),)


def test_answers_that_contradict_nothing_are_believed():
    answers = {(CLIENTS, "99"): Answer.GONE, (CLIENTS, "1"): Answer.PRESENT}

    assert witness.credible(night(*clients(3)), answers) == (answers, ())
    assert witness.credible(night(), {}) == ({}, ())
