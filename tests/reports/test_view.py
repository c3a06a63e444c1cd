"""Rows by cost, grouped by company; each list apart; all figures from one result."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reports.view.prose import plain
from sync.core.pulls import Answer, State
from sync.core.records import Collection, Kind
from sync.core.result import Doubt, Life, Origin, Pair, Vanished
from sync.core.verdicts import Difference, Grade, Outcome
from tests.reports.build import (
    COMPANY,
    COMPUTER,
    NOW,
    SPANISH,
    USER,
    because,
    coverage,
    days_ago,
    finding,
    impact,
    manifest,
    manifests,
    result,
    row_of,
    said,
    see,
    suggest,
    target,
    trend,
)


def test_rows_keep_the_order_of_cost_and_stand_with_their_company():
    seen = see(
        finding(COMPANY, "Big", impact=impact(90, 80)),
        finding(COMPANY, "Small", impact=impact(2, 1), outcome=Outcome.READY),
        finding(COMPUTER, "PC-1", company="Small"),
        finding(USER, "Ana", email="ana@a.example"),
    )

    assert [group.title for group in seen.groups] == ["Big", "Small", "Technicians"]
    assert [row.name for row in seen.groups[1].rows] == ["Small", "PC-1"]


def test_what_waits_below_a_company_is_one_line_and_not_rows():
    company = finding(COMPANY, "Big", impact=impact(148, 120))

    assert see(company).groups[0].waiting == (
        "Its 148 computers and its locations are judged once it links."
    )


def test_nothing_waits_below_a_company_that_is_ready():
    ready = finding(COMPANY, "Big", impact=impact(148, 120), outcome=Outcome.READY)

    assert see(ready).groups[0].waiting == ""


def test_slight_differences_stand_apart():
    slight = finding(
        COMPANY, "ACME ", differences=(Difference.CASE, Difference.OUTER_SPACES),
        targets=(target("Acme"),),
    )  # fmt: skip
    seen = see(slight, finding(COMPANY, "B"))

    assert [(row.name, row.outcome) for row in seen.slight] == [("ACME ", "almost the same name")]
    assert [row.name for row in seen.rows] == ["B"]


def test_a_withheld_finding_shows_the_date_of_its_verdict_and_is_not_among_the_rows():
    seen = see(finding(COMPANY, "A", as_of=days_ago(1)))

    assert seen.rows == ()
    assert seen.withheld[0].when == "as of 22 Nov 2026"


def test_a_row_says_since_when_and_what_it_costs():
    row = row_of(finding(COMPANY, "A", days=11, impact=impact(148, 120, 9)))

    assert row.when == "since 12 Nov 2026 (11 days)"
    assert row.cost == "120 of 148 computers active, 9 requests in 24 h"


def test_what_is_new_today_has_no_age():
    assert row_of(finding(COMPANY, "A", days=0)).when == "since 23 Nov 2026"
    assert [fact.label for fact in see(finding(COMPANY, "A", days=0)).numbers] == [
        "open",
        "of all records link by name",
    ]


def test_names_that_a_rule_found_identical_are_not_compared_again():
    asset = target("0Q9U6QR", active=False)
    found = finding(COMPUTER, "PC-1", company="A", outcome=Outcome.INACTIVE, targets=(asset,))

    assert row_of(found).compared is None


def test_a_silent_computer_says_when_it_was_last_seen():
    quiet = finding(COMPUTER, "PC", company="A", silent_since=(NOW - timedelta(days=19)).date())

    assert row_of(quiet).cost == "last check-in 4 Nov 2026"
    assert row_of(quiet).severity == "low"


def test_a_suggestion_carries_grade_and_reasons_in_words():
    row = row_of(
        finding(
            COMPANY, "Smith & Sons",
            suggestions=(
                suggest("Smith and Sons", Grade.STRONG, because("machines-shared", shared=41, total=44)),
            ),
        )
    )  # fmt: skip

    assert row.best.grade == "strong match"
    assert said(row.best.reasons) == "41 of 44 computer names are also with this Halo client"


def test_a_reason_names_the_side_and_translates_it_all():
    found = finding(
        COMPANY,
        "A B",
        suggestions=(suggest("A", Grade.WEAK, because("extra-words", words="b", side="ae")),),
    )

    assert said(row_of(found).best.reasons) == "only AutoElevate adds “b”; no other comes near"
    assert said(row_of(found, SPANISH).best.reasons) == (
        "solo AutoElevate añade “b”; ningún otro se acerca"
    )


@pytest.mark.parametrize(
    ("margin", "english", "spanish"),
    [
        (0.31, "the next, “Acme Sur”, is 31 points of 100 behind", "queda 31 puntos de 100 por detrás"),
        (0.0, "“Acme Sur” fits as well", "«Acme Sur» encaja igual de bien"),
    ],
)  # fmt: skip
def test_the_best_suggestion_names_the_runner_up_and_its_distance(margin, english, spanish):
    best = suggest("Acme", Grade.MEDIUM, runner_up="Acme Sur", margin=margin)
    found = finding(COMPANY, "Acme Norte", suggestions=(best, suggest("Acme Sur", Grade.WEAK)))

    assert said(row_of(found).best.reasons) == english
    assert spanish in plain(row_of(found, SPANISH).best.reasons, SPANISH)
    assert said(row_of(found).candidates[1].reasons) == ""


def test_namesakes_in_halo_are_told_apart_by_their_ids():
    twins = finding(
        COMPANY, "A", outcome=Outcome.AMBIGUOUS, targets=(target("A", "3"), target("A", "9"))
    )

    assert said(row_of(twins).why) == (
        "2 active Halo clients have exactly this name. In Halo: “A (#3)” and “A (#9)”."
    )


def test_a_rival_of_another_name_is_named_and_one_of_the_same_name_is_not():
    def why(rival):
        return said(row_of(finding(COMPANY, "A", outcome=Outcome.CONTESTED, rivals=(rival,))).why)

    assert "Also claimed by “A (old)”." in why("A (old)")
    assert "Also claimed" not in why("A")


def test_a_technician_is_shown_with_the_address_that_is_compared():
    row = row_of(
        finding(USER, "Ana", email="ana@old.example", suggestions=(suggest("ana@new.example"),))
    )

    assert row.name == "Ana <ana@old.example>"
    assert "".join(text for text, _ in row.compared.ours) == "ana@old.example"


def test_only_some_kinds_or_severities_may_be_asked_for():
    findings = (
        finding(COMPANY, "A"),
        finding(COMPUTER, "PC", company="B"),
        finding(USER, "Ana", email="a@a.example"),
    )

    assert [r.name for r in see(*findings, only=("company",)).rows] == ["A"]
    assert [r.kind for r in see(*findings, only=("medium",)).rows] == ["computer", "technician"]
    assert see(*findings, only=("computer", "high")).rows == ()
    assert see(*findings, only=("company",)).subject.endswith("1 open (oldest 4 d)")


def test_counts_only_holds_no_name_of_any_record():
    seen = see(
        finding(COMPANY, "Secret Ltd", life=Life.NEW),
        resolved=(finding(COMPANY, "Hidden plc"),),
        coverage=(coverage("Covert GmbH", 1, 2, 1),),
        vanished=(Vanished(Collection.AE_COMPUTERS, "c", "PC-Secret"),),
        ignored=(finding(COMPANY, "Secret two"),),
        pairs_ended=((Pair(COMPANY, "a", "1", Origin.FLAG, "Secret", "Secret"), "forgotten"),),
        doubts=(
            Doubt(Collection.HALO_SITES, "parent-emptied", 5, 0, ("Secret site",), 5,
                  parent="7", parent_name="Secret Ltd"),
        ),
        counts_only=True,
    )  # fmt: skip

    assert seen.headline.sentence.startswith("1 company with")
    for name in ("Secret", "Hidden", "Covert"):
        assert name not in repr(seen)


def test_every_record_is_counted_once_by_kind():
    counts = {
        (Kind.COMPANY, Outcome.LINKED): 50,
        (Kind.COMPANY, Outcome.RENAMED): 2,
        (Kind.COMPANY, Outcome.UNLINKED): 3,
        (Kind.COMPANY, Outcome.IGNORED): 1,
        (Kind.COMPUTER, Outcome.BLOCKED): 148,
    }
    companies, computers = see(counts=counts).tallies

    assert (companies.total, companies.open, companies.linked, companies.other) == (
        "56", "3", "52", "1",
    )  # fmt: skip
    assert (computers.total, computers.blocked) == ("148", "148")


def test_coverage_is_told_both_ways_and_the_worst_comes_first():
    seen = see(coverage=(coverage("Good", 10, 10, 10), coverage("Poor", 46, 50, 44)))
    poor = seen.coverage[0]

    assert (poor.client, poor.percent_text, poor.silent, poor.unknown) == ("Poor", "88%", "6", "2")
    assert poor.percent == 88  # the bar
    assert seen.coverage_sentence == (
        "90% of the assets of linked clients have their computer in AutoElevate. "
        "Without an AutoElevate check-in within 30 days: 6. Computers unknown to Halo: 2."
    )


def test_a_client_without_assets_counts_as_covered():
    assert see(coverage=(coverage("Empty", 3, 0, 0),)).coverage[0].percent == 100


def test_the_trend_compares_with_thirty_and_ninety_nights_ago():
    seen = see(trend=trend(90, 52, 15))

    assert seen.trend.sentences[0].startswith("Open findings: 15 now; 30 nights ago, ")
    assert seen.trend.sentences[2] == "Open findings: 15 now; 90 nights ago, 52."
    assert see(trend=trend(10, 9, 9)).trend.sentences == ()


def test_a_list_that_failed_says_why_and_what_to_do():
    seen = see(
        manifests=manifests(
            HALO_CLIENTS=manifest(
                Collection.HALO_CLIENTS, 0, state=State.UNREACHABLE, cause="unauthorized",
                detail="401 from /auth/token",
            )
        )
    )  # fmt: skip
    row = seen.health[0]

    assert (row.state, row.tone) == ("not reachable", "bad")
    assert row.cause == "The secret, key or token is not accepted (401)."
    assert row.remedy.startswith("Has the secret expired or been revoked?")
    assert row.detail == "401 from /auth/token"


def test_a_list_shows_its_counts_login_and_scope():
    row = see(
        manifests=manifests(
            HALO_ASSETS=manifest(Collection.HALO_ASSETS, 9, rejected=(("no id", 2),), duplicate=1)
        )
    ).health[2]

    assert row.counts == (
        "declared 9",
        "received 9",
        "unique 9",
        "repeated 1",
        "rejected 2",
        "1 page",
    )
    assert row.rejected == "no id: 2"
    assert (row.login, row.scope) == ("halosync (API only)", "read:customers read:assets")


def test_a_cause_nobody_knows_is_printed_as_its_code():
    odd = manifest(Collection.AE_USERS, 0, state=State.PARTIAL, cause="new-in-2027")

    assert see(manifests=manifests(AE_USERS=odd)).health[7].cause == "new-in-2027"


def test_the_brake_tells_numbers_names_checks_setting_and_command():
    doubt = Doubt(
        Collection.HALO_CLIENTS, "shrunk", 61, 3, ("Alder", "Beacon"), 58,
        setting="brake.max_drop_percent",
    )  # fmt: skip
    block = see(doubts=(doubt,)).doubts[0]

    assert said(block.sentence) == "Halo clients: 58 of 61 are missing; tonight’s list holds 3."
    assert (block.names, block.more) == (("Alder", "Beacon"), "and 56 more")
    assert "agent behind the login still see everything" in block.checks[0]
    assert block.setting == "brake.max_drop_percent"
    assert block.command == "halosync ack 412 --by NAME --reason TEXT"


def test_a_note_is_no_brake_and_asks_for_no_acknowledgement():
    doubt = Doubt(Collection.AE_COMPUTERS, "shrunk-a-little", 590, 552, (), 38, stops=False)
    block = see(doubts=(doubt,)).doubts[0]

    assert (block.command, block.checks) == ("", ())


def test_what_is_not_believed_is_told_at_the_top_once_for_each_cause():
    down = {
        c.name: manifest(c, 0, state=State.UNREACHABLE, cause="unauthorized")
        for c in Collection
        if c.side == "halo"
    }
    stopping = Doubt(Collection.AE_COMPANIES, "shrunk", 61, 3, (), 58)
    brake, cause = see(manifests=manifests(**down), doubts=(stopping,)).doubts

    assert said(brake.sentence).startswith("AutoElevate companies: 58 of 61")
    assert said(cause.sentence) == (
        "Halo clients, Halo sites, Halo assets and Halo agents: "
        "The secret, key or token is not accepted (401)."
    )
    assert cause.checks[0].startswith("Has the secret expired")
    assert cause.command == ""


def test_a_vanished_record_is_gone_only_by_its_own_answer():
    seen = see(
        vanished=(
            Vanished(Collection.HALO_SITES, "1", "Old", Answer.GONE),
            Vanished(Collection.HALO_SITES, "2", "Lost", None),
        )
    )

    assert [known for _, _, known in seen.vanished] == [
        "deleted, or hidden from this login",
        "missing, unproven",
    ]


def test_killed_runs_missed_slots_and_refused_mails_are_told():
    run = result().run
    refused = (("boss@msp.example", "550 no such user"),)
    seen = see(run=replace(run, died=(409, 410), missed=("night/2026-11-22",), refused=refused))

    assert seen.notices == (
        "Runs 409 and 410 were cut off before they could report; this run has done their work.",
        "1 scheduled run did not take place: night/2026-11-22.",
        "The mail server refused an earlier report for boss@msp.example: 550 no such user",
    )


def test_the_opening_backlog_is_one_line_and_neither_rows_nor_headline():
    old = finding(COMPANY, "Old", backlog=True, impact=impact(9, 9))
    seen = see(old, resolved=(finding(COMPANY, "Older", backlog=True),))

    assert seen.rows == ()
    assert [row.name for row in seen.backlog] == ["Old"]
    assert seen.backlog_sentence.endswith("not listed here: 2 in the last report, 1 now.")
    assert "will not link" not in seen.headline.sentence


def test_a_renamed_pair_is_news_with_both_names():
    pair = finding(COMPANY, "Acme", outcome=Outcome.RENAMED, targets=(target("Acme Group"),))

    assert [(row.name, row.halo) for row in see(renamed=(pair,)).renamed] == [
        ("Acme", "Acme Group")
    ]


def test_an_ended_pair_is_told_with_its_cause():
    pair = Pair(COMPANY, "a", "1", Origin.FIRST_SIGHT, "Acme", "Acme\u202e Ltd")

    assert see(pairs_ended=((pair, "both-gone"),)).notices == (
        "The known link Acme – Acme⟨RLO⟩ Ltd has ended: both records are proven gone.",
    )


def test_the_footer_says_whom_we_talked_to_when_and_how_often():
    facts = dict(see().footer)

    assert facts["Run"] == "412 · night/2026-11-23/05:00"
    assert facts["Started"] == "23 Nov 2026, 05:00 (Europe/Madrid)"
    assert facts["AutoElevate"] == (
        "Northwind IT · 593 agents by its own count · 6 requests · read from 05:00:52 to 05:01:47"
    )


def test_an_ignored_row_says_when_it_comes_back_instead_of_how_old_it_is():
    (row, other) = see(
        ignored=(
            finding(COMPANY, "Lab", ignored_until=days_ago(-90)),
            finding(COMPANY, "Test", days=30),
        )
    ).ignored

    assert row.when == "ignored until 21 Feb 2027"
    assert other.when == "ignored until somebody takes that back"


def test_what_comes_back_within_a_fortnight_is_announced():
    def told(*ends):
        return see(
            ignored=tuple(finding(COMPANY, f"C{e}", ignored_until=days_ago(-e)) for e in ends)
        ).notices

    assert told(15, 90) == ()
    assert told(13, 90) == ("1 ignored finding comes back within 14 days, on 6 Dec 2026.",)
    assert told(3, 13) == (
        "2 ignored findings come back within 14 days, the first on 26 Nov 2026.",
    )
