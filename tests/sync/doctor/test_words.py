"""Whatever the doctor finds has a name, a meaning and, where it is not well, something to do."""

import pytest

from sync.core.records import Collection
from sync.doctor import Host, Status
from sync.doctor.case import Post
from sync.errors import ConfigError, SyncError
from sync.sandbox.switches import DOCTOR_SETTINGS, AeSwitches, HaloSwitches
from sync.sandbox.verbs import Html200, NarrowVisibility
from sync.sandbox.verbs import Status as Answers
from sync.sources.settings import PeopleSettings, TicketSettings
from sync.words import checks as said
from sync.words import speak


def told(words, check):
    facts, well = dict(check.facts), check.status is Status.OK
    return (
        said.title(words, check.code, check.of),
        str(said.meaning(words, check.code, check.status.value, check.why, check.of, facts)),
        "" if well else str(said.click(words, check.code, check.of, check.why, facts)),
    )


def refuse():
    raise SyncError("refused", hint="look")


WORLDS = {
    "all well": ({}, {}, {}),
    "readable": (HaloSwitches(applications="readable"), {}, {}),
    "all boxes wrong": (HaloSwitches(applications="readable", broken=DOCTOR_SETTINGS), {}, {}),
    "names only": (HaloSwitches(clients_access=1, claims="absent", id_token=True), {}, {}),
    "forbidden": (HaloSwitches(claims="forbidden", clients_access=0, assets_access=0), {}, {}),
    "alone": (HaloSwitches(default_team=False), {}, {}),
    "no login": (HaloSwitches(login="none"), {}, {}),
    "no scope": (HaloSwitches(app_scopes=frozenset()), {}, {}),
    "wide": (HaloSwitches(app_scopes=frozenset({"all", "read:customers", "read:assets"})), {}, {}),
    "no key": ({}, AeSwitches(key_state="expired"), {}),
    "no ae scope": ({}, AeSwitches(scopes=frozenset()), {}),
    "wide key": ({}, AeSwitches(scopes=frozenset({"computerView", "auditLogView"})), {}),
    "unreachable": ({}, {}, {"halo": {"base_url": "http://127.0.0.1:9"}}),
    "every type": ({}, {}, {"halo": {"asset_types": (), "asset_name_fields": ("key_field3",)}}),
    "shrunk": ({}, {}, {"known": dict.fromkeys(Collection, 9000), "ae_agent": "nobody"}),
    "refused": ({}, {}, {"post": Post("smtp", "m", 0, knock=refuse)}),
    "hurried": ({}, {}, {"halo": {"requests_per_window": 1}}),
    "tickets": (
        HaloSwitches(app_scopes=frozenset({"read:customers", "read:assets", "read:tickets"})),
        {},
        {"halo": {"tickets": TicketSettings(agent="AutoElevate Integration")}},
    ),
    "others' tickets": (
        HaloSwitches(app_scopes=frozenset({"read:customers", "read:assets", "read:tickets"})),
        {},
        {"halo": {"tickets": TicketSettings(agent="AutoElevate API")}},
    ),
    "no right to tickets": ({}, {}, {"halo": {"tickets": TicketSettings(ticket_type=31)}}),
    "slow": ({}, {}, {"autoelevate": {"requests_per_hour": 1}}),
}


@pytest.mark.parametrize("name", WORLDS)
def test_every_line_can_be_said(sandbox, doctor, tmp_path, name):
    halo, autoelevate, changes = WORLDS[name]
    sandbox.halo.configure(halo or HaloSwitches())
    sandbox.autoelevate.configure(autoelevate or AeSwitches())
    if name == "hurried":
        changes = {**changes, "host": Host(tmp_path, deadline_seconds=1, timezone_set=False)}
    if name == "refused":
        changes["host"] = Host(tmp_path, min_free_megabytes=10**9, refused=ConfigError("root"))
        changes["people"] = PeopleSettings(file=tmp_path / "gone.csv")

    for check in doctor(**changes).values():
        title, meaning, click = told(speak("en"), check)
        assert title != f"{check.code} {check.of}".strip()
        assert meaning not in {"", check.status, check.why}, check
        assert "{" not in title + meaning + click, check
        assert click or check.status is Status.OK or check.code in {"halo-rest", "start"}, check


@pytest.mark.parametrize("endpoint", ["halo.clients", "halo.authinfo", "ae.companies", "ae.usage"])
@pytest.mark.parametrize("verb", [Answers(500), Answers(404), Html200(), Answers(503, b"<html>")])
def test_answers_of_any_kind_become_lines(sandbox, doctor, endpoint, verb):
    sandbox.faults.on(endpoint, verb)

    for check in doctor().values():
        title, meaning, _ = told(speak("en"), check)
        assert meaning not in {"", check.status, check.why}
        assert "<" not in title + meaning + check.detail


def test_nothing_seen_becomes_lines_too(sandbox, doctor):
    for endpoint in ("halo.clients", "halo.sites", "halo.assets", "ae.companies", "ae.computers"):
        sandbox.faults.on(endpoint, NarrowVisibility(frozenset()))

    meanings = {told(speak("en"), check)[1] for check in doctor().values()}

    assert "readable but empty: this login sees none" in meanings
    assert "readable but empty: this key sees none" in meanings
