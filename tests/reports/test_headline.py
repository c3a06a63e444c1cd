"""The first screen: what it costs, what is new, whether it can be believed."""

from dataclasses import replace

from sync.core.pulls import State
from sync.core.records import Collection
from sync.core.result import Doubt, Life
from sync.core.verdicts import Difference, Outcome
from tests.reports.build import (
    COMPANY,
    COMPUTER,
    LOCATION,
    NOW,
    days_ago,
    finding,
    impact,
    manifest,
    manifests,
    result,
    see,
    target,
)


def first(*findings, **more):
    return see(*findings, **more).headline


def test_it_says_what_will_not_link_and_what_that_costs():
    night = first(
        finding(COMPANY, "A", impact=impact(148, 120, 9)),
        finding(COMPANY, "B", impact=impact(31, 28, 0)),
    )

    assert night.sentence == "2 companies with 148 active computers will not link by name."
    assert night.cost == (
        "They raise no tickets, unless they were linked by hand before. "
        "9 elevation requests were made there in the last 24 hours."
    )
    assert night.tone == "cost"


def test_requests_are_not_mentioned_where_the_key_may_not_read_them():
    assert "request" not in first(finding(COMPANY, "A", impact=impact(3, 2, None))).cost


def test_a_ready_company_needs_only_a_tick_and_is_told_apart():
    ready = finding(COMPANY, "B", outcome=Outcome.READY, impact=impact(9, 9))

    assert first(ready).sentence.startswith("1 company is ready to be linked: tick it")
    both = first(finding(COMPANY, "A", impact=impact(1, 1)), ready)
    assert both.sentence == "1 company with 1 active computer will not link by name."
    assert "1 company is ready to be linked" in both.cost


def test_a_slight_difference_never_makes_the_headline():
    slight = finding(
        COMPANY, "ACME", differences=(Difference.CASE,), targets=(target("Acme"),),
        impact=impact(9, 9),
    )  # fmt: skip

    assert first(slight).sentence == (
        "Everything links by name: 56 companies, 96 locations, 590 computers and 12 technicians."
    )


def test_a_difference_in_inner_spaces_is_not_slight():
    wide = finding(
        COMPANY, "Acme  Ltd", differences=(Difference.INNER_SPACES,), targets=(target("Acme Ltd"),)
    )

    assert first(wide).sentence.startswith("1 company with 0 active computers")


def test_when_all_companies_link_the_rest_is_counted():
    night = first(finding(LOCATION, "L", company="A"), finding(COMPUTER, "PC", company="A"))

    assert night.sentence == "Every company links by name."
    assert night.cost == "Still open: 1 location and 1 computer."
    assert night.tone == "good"


def test_it_never_claims_that_something_is_not_linked():
    for one in (first(finding(COMPANY, "A")), first(finding(COMPUTER, "PC", company="A"))):
        assert "not linked" not in one.sentence + one.cost


def test_news_are_counted_since_the_last_report():
    night = see(
        finding(COMPANY, "A", life=Life.NEW),
        finding(COMPANY, "B", life=Life.REOPENED),
        finding(COMPANY, "C"),
        resolved=(finding(COMPANY, "D", life=Life.RESOLVED),),
    )

    assert night.headline.news == "Since the last report: 1 new, 1 back again and 1 resolved."
    assert night.subject == "2026-11-23: 1 new, 1 back again, 1 resolved, 3 open (oldest 4 d)"


def test_a_first_report_says_so():
    run = replace(result().run, previous=None)

    assert first(finding(COMPANY, "A"), run=run).news.startswith("This is the first report")


def test_a_night_without_change_says_so():
    assert first(finding(COMPANY, "A")).news == "Nothing has changed since the last report."


def test_complete_data_is_vouched_for_and_lists_not_set_up_do_not_count():
    users_off = manifests(AE_USERS=manifest(Collection.AE_USERS, 0, state=State.OFF))

    assert first().trust == "Tonight’s data is complete: 8 lists, each read to the last record."
    assert "7 lists" in first(manifests=users_off).trust


def test_a_list_that_cannot_be_believed_is_named_and_the_rest_is_not_claimed():
    short = manifests(
        HALO_CLIENTS=manifest(Collection.HALO_CLIENTS, 3, state=State.SUSPECT, cause="shrunk")
    )
    old = finding(COMPANY, "A", as_of=days_ago(1))
    night = see(old, manifests=short)

    assert night.headline.sentence == (
        "Companies could not be judged tonight: below is what was known before."
    )
    assert "1 of 8 lists cannot be believed tonight: Halo clients." in night.headline.trust
    assert night.headline.tone == "doubt"
    assert night.headline.news == "What is new and what is resolved cannot be told tonight."
    assert night.subject.endswith("1 open (oldest 4 d) – not all data could be believed")


def test_a_system_that_could_not_be_read_at_all_is_named():
    down = manifests(
        **{
            c.name: manifest(c, 0, state=State.UNREACHABLE, cause="dns")
            for c in Collection
            if c.side == "ae"
        }
    )

    assert first(manifests=down).sentence.startswith("AutoElevate could not be read tonight")


def test_one_emptied_parent_is_a_doubt_although_every_list_is_trusted():
    doubt = Doubt(Collection.HALO_SITES, "parent-emptied", 6, 0, missing=6, parent="9")

    assert not first(doubts=(doubt,)).trusted
    assert first(doubts=(replace(doubt, stops=False),)).trusted


def test_the_subject_carries_the_date_of_the_schedules_own_zone():
    late = replace(result().run, started=NOW.replace(hour=23, minute=30), timezone="Europe/Madrid")

    assert see(run=late).subject.startswith("2026-11-24:")
