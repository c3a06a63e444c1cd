"""What a doctor can read in HaloPSA: agents, teams, roles, claims; each can be wrong alone."""

import pytest

from sync.sandbox.switches import DOCTOR_SETTINGS, HaloSwitches
from sync.sandbox.world.people import AE_AGENT, OUR_AGENT


def test_enabled_people_only_unless_more_is_asked_for(halo, world):
    talk = halo()
    people = {a["id"] for a in talk.get("agent").json}
    everybody = {
        a["id"]
        for a in talk.get(
            "agent?includeenabled=true&includedisabled=true&includeapiagents=true"
            "&includeunassigned=true"
        ).json
    }

    assert everybody == set(world.agents)
    assert people == {
        a.id for a in world.agents.values() if not (a.disabled or a.api_only or a.system)
    }


def test_agents_come_as_a_bare_array_and_paging_is_ignored(halo, world):
    rows = halo().get("agent?pageinate=true&page_size=2&page_no=1").json

    assert isinstance(rows, list)
    assert len(rows) > 2


@pytest.mark.parametrize("key", ["results", "agents"])
def test_agents_may_come_in_an_envelope_and_in_pages(halo, key):
    talk = halo(agent_envelope=key, agent_paging="honoured")
    page = talk.get("agent?pageinate=true&page_size=2&page_no=2").json

    assert len(page[key]) == 2
    assert page["record_count"] > 2


@pytest.mark.parametrize(("switch", "alone"), [("self", True), ("all", False)])
def test_a_login_without_default_team_may_see_only_itself(halo, switch, alone):
    rows = halo(default_team=False, without_team=switch).get("agent?includeapiagents=true").json

    assert ([a["id"] for a in rows] == [OUR_AGENT]) is alone


def test_agent_me_is_the_tokens_login(halo):
    me = halo().get("agent/me").json

    assert (me["id"], me["isapiagent"], me["isdisabled"]) == (OUR_AGENT, True, False)


def granted(talk) -> dict[str, str]:
    agent = talk.get(f"agent/{AE_AGENT}?includedetails=true").json
    role = talk.get(f"roles/{agent['roles'][0]['id']}?includedetails=true").json
    return {c["type"]: c["value"] for c in [*agent["claims"], *role["claims"]]}


def checklist(talk) -> dict[str, bool]:
    """Every line of the checklist as the API shows it."""
    agent = talk.get(f"agent/{AE_AGENT}?includedetails=true").json
    team = agent["teams"][0]
    app = next(a for a in talk.get("application").json if a["name"] == "AutoElevate")
    scopes = {s["name"] for s in app["scopes"]}
    claims = {code: value != "0" for code, value in granted(talk).items()}
    return claims | {
        "in_section": team["in_section"],
        "unassigned_access": team["unassigned_access"],
        "otheragent_access": team["otheragent_access"],
        "membershiplevel": agent["departments"][0]["membershiplevel"] == 1,
        "isapiagent": agent["isapiagent"],
        "isdisabled": not agent["isdisabled"],
        "scopes": "edit:tickets" in scopes,
        "grant_type": app["grant_type"] == "client_credentials",
        "login": app["loginas_agent_id"] == AE_AGENT,
        "application": not app["inactive"],
    }


def test_by_default_the_whole_checklist_is_met(halo):
    seen = checklist(halo(applications="readable"))

    assert seen.keys() == DOCTOR_SETTINGS
    assert all(seen.values())


@pytest.mark.parametrize("setting", sorted(DOCTOR_SETTINGS))
def test_each_setting_can_be_wrong_alone(halo, setting):
    seen = checklist(halo(applications="readable", broken=frozenset({setting})))

    assert [name for name, fine in seen.items() if not fine] == [setting]


def test_an_unknown_setting_cannot_be_broken():
    with pytest.raises(ValueError, match="no such setting: colour"):
        HaloSwitches(broken=frozenset({"colour"}))


@pytest.mark.parametrize("level", [0, 2])
def test_the_number_behind_view_all_is_unknown(halo, level):
    agent = halo(view_all_level=level).get(f"agent/{AE_AGENT}?includedetails=true").json

    assert agent["departments"][0]["membershiplevel"] == level


def test_claims_may_come_as_names(halo):
    assert granted(halo(claims="names"))["Tickets Access Level"] == "Read and Modify"


def test_claims_may_be_absent(halo):
    agent = halo(claims="absent").get(f"agent/{AE_AGENT}?includedetails=true").json

    assert "claims" not in agent


def test_claims_may_be_forbidden_while_the_login_still_sees_itself(halo):
    talk = halo(claims="forbidden")

    assert talk.get(f"agent/{AE_AGENT}").status == 403
    assert talk.get("roles").status == 403
    assert talk.get("agent/me").status == 200


def test_applications_need_an_admin(halo):
    assert halo().get("application").status == 403


def test_a_teams_list_shows_agents_by_team_name_and_one_team_shows_memberships(halo):
    talk = halo()
    plain = talk.get("team").json
    named = talk.get("team?includeagentsforteams=1st%20Line").json

    assert plain[0]["agents"] == []
    assert "email" in named[0]["agents"][0]
    assert named[1]["agents"] == []
    assert "in_section" in talk.get("team/1?includeagents=true").json["agents"][0]
    assert talk.get("team/99").status == 404


def test_disabled_teams_are_listed_on_request(halo):
    talk = halo()
    everything = "team?includeenabled=true&includedisabled=true"

    assert [t["inactive"] for t in talk.get("team").json] == [False] * 3
    assert [t["inactive"] for t in talk.get(everything).json] == [False, False, False, True]
    assert [t["id"] for t in talk.get("team?includeenabled=false&includedisabled=true").json] == [4]


def test_asset_types_name_their_key_fields(halo):
    kinds = {t["name"]: t["keyfield_name"] for t in halo().get("assettype").json}

    assert kinds["Server"] == "Server Name"
    assert kinds["Monitor"] == "Serial Number"


def test_the_instance_has_an_identity(halo):
    instance = halo().get("instanceinfo").json

    assert instance["dbid"]
    assert instance["app_version"]
