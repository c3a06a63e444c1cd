"""What a reader is told: recipe, impact, decisions, doctor, a run that died (AT 1, 2, 11, 17)."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from reports.render import mail_text
from reports.view import view
from sync.core.decisions import Decision, Verb
from sync.core.records import Kind
from sync.core.result import Recollection
from sync.core.verdicts import Outcome
from sync.sandbox.switches import HaloSwitches
from sync.words import speak
from tests.build import NIGHT, ae, halo, night
from tests.reliability.benches.places import at, kill
from tests.reliability.benches.rig import BY_HAND, SLOT, Rig
from tests.sync.core.test_judge import after, decide, outcome_of

COMPANY, LOCATION, COMPUTER, USER = Kind
WHO = {"actor": "ana", "reason": "checked"}
OTHER = (
    ae(COMPANY, "o", "Other"),
    halo(COMPANY, "9", "Other"),
    halo(COMPUTER, "99", "X", inside="9"),
)


def told(result):
    return " ".join(mail_text(view(result, speak("en"))).split())


def test_at_1_ready_after_the_recipe_of_the_mail_was_followed():
    halo_name = "Smith and Sons Ltd"
    wrong = (ae(COMPANY, "c", "Smith & Sons  Ltd"), halo(COMPANY, "1", halo_name), *OTHER)
    first = decide(night(*wrong))
    mail = told(first)

    assert "AutoElevate Smith [&] Sons [␣]Ltd Halo Smith [and] Sons Ltd" in mail
    assert f"edit the name to “{halo_name}”" in mail
    right = (ae(COMPANY, "c", halo_name), *wrong[1:])
    second = decide(night(*right), after(first, records=wrong))
    assert outcome_of(second, "c") is Outcome.READY
    assert "choose Actions › Link" in told(second)


def test_at_2_impact_first_what_costs_tickets_tonight_stands_above_what_slept():
    quiet = [ae(COMPUTER, f"q{n}", f"Q{n}", inside="quiet", seen_days_ago=21) for n in range(300)]
    busy = [ae(COMPUTER, f"b{n}", f"B{n}", inside="busy") for n in range(120)]
    companies = ae(COMPANY, "quiet", "Quiet"), ae(COMPANY, "busy", "Busy")
    asked = {f"b{n}": 1 for n in range(9)}
    result = decide(night(*companies, *quiet, *busy, *OTHER, requests=asked))

    assert [f.ae_id for f in result.findings] == ["busy", "quiet"]
    assert "9 requests" in told(result)
    unseen = decide(night(*companies, *quiet, *busy, *OTHER))
    assert [f.ae_id for f in unseen.findings] == ["busy", "quiet"]


def test_decisions_survive_a_rename_and_each_does_what_it_says():
    ours = [ae(COMPANY, f"c{n}", f"Org {n} Ltd") for n in range(4)]
    theirs = [halo(COMPANY, f"{n}", f"Client {n}") for n in range(4)]
    words = (
        Decision(1, Verb.CONFIRM, COMPANY, at=NIGHT, ae_id="c0", halo_id="0", **WHO),
        Decision(2, Verb.ACCEPT, COMPANY, at=NIGHT, ae_id="c1", halo_id="1", **WHO),
        Decision(3, Verb.REJECT, COMPANY, at=NIGHT, ae_id="c2", halo_id="2", **WHO),
        Decision(
            4, Verb.IGNORE, COMPANY, at=NIGHT, ae_id="c3",
            expires=NIGHT + timedelta(days=9), **WHO,
        ),
    )  # fmt: skip
    decided = Recollection(decisions=words)
    for again in (ours, [replaced_name(record) for record in ours]):
        result = decide(night(*again, *theirs), decided)
        rows = {f.ae_id: f for f in result.findings}

        assert outcome_of(result, "c0") in {Outcome.LINKED, Outcome.RENAMED}
        assert rows["c1"].accepted.id == "1"
        assert "2" not in {s.halo_id for s in rows["c2"].suggestions}
        assert outcome_of(result, "c3") is Outcome.IGNORED


def replaced_name(record):
    return record._replace(name=f"{record.name} Group")


def test_at_11_doctor_names_the_permission_and_where_to_tick_it(home, sandbox):
    sandbox.halo.configure(replace(HaloSwitches(), assets_access=0))
    code, out, _ = home.type("doctor")

    assert code == 3
    assert "Assets" in out


@pytest.mark.slow
def test_at_17_dead_mans_switch_a_killed_run_pings_no_end_and_the_next_mail_says_it_died():
    with Rig(7) as rig:
        rig.here(BY_HAND)
        rig.advance()
        killed = rig.run(SLOT, at("publish:run", 1, kill))
        pings = rig.pings.read_text().splitlines()[-1]
        rig.run(BY_HAND)
        last = max(rig.mailbox.mails(), key=lambda mail: int(mail.message_id[1:].split("-")[0]))

    assert killed.killed
    assert pings.startswith("start")
    text = message_from_bytes(last.body, policy=default).get_body(("plain",)).get_content()
    assert "was cut off before it could report" in " ".join(text.split())
