"""AutoElevate's agent in Halo: teams, departments, access levels, ticket permissions.

What is read here is inferred from Halo's schema, so a missing right warns and never fails: the
portal has the last word. How claims of a role and of the agent itself merge is not known; a right
counts as given when either gives it.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from sync.doctor.ae_application import Found
from sync.doctor.case import Case
from sync.doctor.checks import Check, Facts, Part, Status
from sync.doctor.halo_lists import Person
from sync.doctor.rights import RESTRICTIONS, RIGHTS, Right, code_of
from sync.sources.halo_api import HaloApi

TEAM_BOXES = ("in_section", "unassigned_access", "otheragent_access")


class Team(msgspec.Struct):
    team_name: str | None = None
    role_id: str | None = None
    role_name: str | None = None
    in_section: bool | None = None
    unassigned_access: bool | None = None
    otheragent_access: bool | None = None
    fortickets: bool | None = None


class Department(msgspec.Struct):
    department_name: str | None = None
    role_id: str | None = None
    role_name: str | None = None
    membershiplevel: int | None = None


class Claim(msgspec.Struct):
    type: str | None = None
    value: str | bool | None = None


class Role(msgspec.Struct):
    id: str | None = None
    name: str | None = None
    claims: list[Claim] | None = None


class Agent(msgspec.Struct):
    """An agent as `/Agent/{id}?includedetails=true` shows it."""

    id: int
    name: str | None = None
    isapiagent: bool | None = None
    isdisabled: bool | None = None
    teams: list[Team] | None = None
    departments: list[Department] | None = None
    claims: list[Claim] | None = None
    roles: list[Role] | None = None
    clients: list[msgspec.Raw] | None = None
    tickettypes: list[msgspec.Raw] | None = None
    assettypes: list[msgspec.Raw] | None = None


class Held(NamedTuple):
    """A claim and where it comes from: a role's name, or empty for the agent's own."""

    value: str
    source: str


def agent_checks(
    api: HaloApi, case: Case, people: tuple[Person, ...], application: Found | None
) -> Iterator[Check]:
    person = find(case.ae_agent, people, application)
    if person is None:
        why = "not-found" if case.ae_agent else "unnamed"
        status = Status.FAILED if case.ae_agent else Status.UNREADABLE
        yield _check("agent", status, why=why, facts=(("asked", case.ae_agent),))
        yield from _by_hand()
        return
    facts = (("name", person.name or ""), ("id", person.id))
    agent = api.read(f"Agent/{person.id}?includedetails=true", Agent)
    if agent is None:
        yield _check("agent", Status.UNREADABLE, why="closed", facts=facts)
        yield from _by_hand()
        return
    yield _check("agent", Status.OK, facts=facts)
    yield _check("agent-enabled", Status.FAILED if agent.isdisabled else Status.OK)
    yield _check("agent-api-only", Status.OK if agent.isapiagent else Status.WARNING)
    yield from (_team_box(agent, box) for box in TEAM_BOXES)
    yield _department(agent)
    held = _claims(api, agent)
    yield from (_right(right, held.get(right.code, [])) for right in RIGHTS)
    yield from (_restriction(right, held.get(right.code, []), agent) for right in RESTRICTIONS)


def find(asked: str, people: tuple[Person, ...], application: Found | None) -> Person | None:
    """The agent that was named; else the application's; else the only API agent of that name."""
    wanted = asked.strip().casefold()
    if wanted:
        return next((p for p in people if wanted in _names(p)), None)
    if application is not None and application.agent_id:
        return next((p for p in people if p.id == application.agent_id), None)
    likely = [p for p in people if p.isapiagent and "autoelevate" in " ".join(_names(p))]
    return likely[0] if len(likely) == 1 else None


def _names(person: Person) -> tuple[str, str, str]:
    return (
        str(person.id),
        (person.email or "").strip().casefold(),
        (person.name or "").strip().casefold(),
    )


def _by_hand() -> Iterator[Check]:
    """Every box as a click, in the checklist's order."""
    for box in TEAM_BOXES:
        yield _check("team", Status.UNREADABLE, of=box)
    yield _check("department", Status.UNREADABLE)
    for right in RIGHTS:
        yield _check("right", Status.UNREADABLE, of=right.code)
    for right in RESTRICTIONS:
        yield _check("restriction", Status.UNREADABLE, of=right.code)


def _team_box(agent: Agent, box: str) -> Check:
    """One of the three boxes of the Team-Agent Relationship, over all teams for tickets."""
    teams = [team for team in agent.teams or () if team.fortickets is not False]
    if agent.teams is None or any(getattr(team, box) is None for team in teams):
        return _check("team", Status.UNREADABLE, of=box)
    if not teams:
        # Teams or departments, whichever the ticket type needs: departments alone may do.
        status = Status.OK if agent.departments else Status.WARNING
        return _check("team", status, of=box, why="no-team")
    off = sorted(team.team_name or "?" for team in teams if not getattr(team, box))
    on = sorted(team.team_name or "?" for team in teams if getattr(team, box))
    facts = (("off", ", ".join(off)), ("on", ", ".join(on)))
    return _check("team", Status.WARNING if off else Status.OK, of=box, facts=facts)


def _department(agent: Agent) -> Check:
    """NOTE: levels are numbers in the portal's order; which of them is "View All" is not known."""
    if agent.departments is None:
        return _check("department", Status.UNREADABLE)
    if not agent.departments:
        return _check("department", Status.WARNING, why="none")
    levels = [(d.department_name or "?", d.membershiplevel) for d in agent.departments]
    if any(level is None for _, level in levels):
        return _check("department", Status.UNREADABLE)
    named = ", ".join(f"{name}: {level}" for name, level in levels)
    low = all(not level for _, level in levels)
    status = Status.WARNING if low else Status.OK
    return _check("department", status, why="low" if low else "", facts=(("levels", named),))


def _claims(api: HaloApi, agent: Agent) -> dict[str, list[Held]]:
    """Every claim by code, the agent's own and those of its roles."""
    sources = [("", agent.claims or [])]
    for role_id, name in _role_names(agent).items():
        role = api.read(f"Roles/{role_id}?includedetails=true", Role)
        sources.append((name or role_id, (role and role.claims) or []))
    held: dict[str, list[Held]] = {}
    for source, claims in sources:
        for claim in claims:
            if claim.type and claim.value is not None:
                held.setdefault(code_of(claim.type), []).append(Held(str(claim.value), source))
    return held


def _role_names(agent: Agent) -> dict[str, str]:
    """The agent's roles by id, also those it has in one team or department only."""
    named = [(role.id, role.name) for role in agent.roles or ()]
    named += [(m.role_id, m.role_name) for m in (*(agent.teams or ()), *(agent.departments or ()))]
    return {role_id: name or "" for role_id, name in named if role_id}


def _right(right: Right, held: list[Held]) -> Check:
    levels = [(level, h.source) for h in held if (level := right.level(h.value)) is not None]
    if not levels:
        return _check("right", Status.UNREADABLE, of=right.code)
    best = max(level for level, _ in levels)
    facts: Facts = (("value", right.meaning(best)), ("sources", _sources(right, levels)))
    if best >= right.least:
        return _check("right", Status.OK, of=right.code, facts=facts)
    if right.optional:
        return _check("right", Status.OK, of=right.code, why="chosen", facts=facts)
    return _check("right", Status.WARNING, of=right.code, facts=facts)


def _sources(right: Right, levels: list[tuple[int, str]]) -> str:
    """Each source with its value; the agent's own claims under the agent's tab."""
    return ", ".join(f"{source or 'Permissions'}: {right.meaning(n)}" for n, source in levels)


def _restriction(right: Right, held: list[Held], agent: Agent) -> Check:
    """Everything allowed, or a list of what is."""
    lists = {"Fc": agent.clients, "Ft": agent.tickettypes, "Fa": agent.assettypes}
    levels = [level for h in held if (level := right.level(h.value)) is not None]
    allowed = len(lists[right.code] or ())
    if not levels:
        return _check("restriction", Status.UNREADABLE, of=right.code)
    status = Status.OK if max(levels) >= 1 else Status.WARNING
    return _check("restriction", status, of=right.code, facts=(("n", allowed),))


def _check(code: str, status: Status, *, of: str = "", why: str = "", facts: Facts = ()) -> Check:
    return Check(Part.AGENT, code, status, of=of, why=why, facts=facts)
