"""The demo's last line is a comparison that can come out badly."""

from datetime import UTC, datetime

import pytest

from sync.app.demo import Carried, Score, compare, next_night, remember
from sync.core.records import Collection, Kind
from sync.core.result import Result, RunFacts, Vanished
from sync.core.verdicts import Outcome, Verdict
from sync.errors import ConfigError

TRUTH = """kind,ae_id,halo_id,linkable
company,a,1,true
company,b,2,true
company,c,,false
computer,p,9,true
"""


@pytest.fixture
def score(tmp_path):
    truth = tmp_path / "truth.csv"
    truth.write_text(TRUTH, encoding="utf-8")

    def score(*verdicts, vanished=(), earlier=()):
        run = RunFacts(1, datetime(2026, 11, 23, tzinfo=UTC), "manual/x")
        result = Result(run, (), verdicts=verdicts, vanished=tuple(vanished))
        return compare(result, truth, Carried(frozenset(earlier), {"p": "a", "q": "r"}))

    return score


def linked(ae_id, halo_id, *, kind=Kind.COMPANY, outcome=Outcome.LINKED, **more):
    return Verdict(kind, ae_id, outcome, "L1", halo_id, **more)


def test_every_pair_of_the_truth_is_right_or_missed(score):
    assert score(linked("a", "1"), linked("b", "2")) == Score(2, 0, 1)


def test_a_pair_that_the_truth_does_not_have_is_wrong(score):
    assert score(linked("a", "2"), linked("c", "3")) == Score(0, 2, 3)


def test_an_open_record_is_no_claim(score):
    assert score(linked("a", "1", outcome=Outcome.UNLINKED)) == Score(0, 0, 3)


def test_what_waits_for_its_company_is_neither_claimed_nor_missed(score):
    inside = linked("p", "9", kind=Kind.COMPUTER, provisional=True)

    assert score(linked("a", "1"), linked("b", "2"), inside) == Score(2, 0, 0)


def test_what_tonight_s_list_no_longer_shows_is_no_claim(score):
    gone = Vanished(Collection.AE_COMPUTERS, "old", "OLD-PC")

    assert score(linked("old", "7", kind=Kind.COMPUTER), vanished=[gone]) == Score(0, 0, 3)


def test_what_a_renamed_company_s_kept_link_carries_is_no_claim(score):
    company = linked("r", "1", outcome=Outcome.RENAMED)
    inside = linked("q", "8", kind=Kind.COMPUTER)

    assert score(company, inside) == Score(0, 0, 3)


def test_a_link_made_on_an_earlier_night_was_compared_then(score):
    assert score(linked("c", "5"), earlier=[("company", "c", "5")]) == Score(0, 0, 3)


def test_the_folder_remembers_its_world_and_night(tmp_path):
    world = {"seed": 7, "companies": 40}
    assert next_night(tmp_path, world) == 0

    remember(tmp_path, world, 0)

    assert next_night(tmp_path, world) == 1
    with pytest.raises(ConfigError, match="another world"):
        next_night(tmp_path, {"seed": 8, "companies": 40})
