"""Who works at the provider: Halo's agents, AutoElevate's technicians, and where they part."""

from random import Random

from sync.sandbox.world.estate import Estate, new_uuid
from sync.sandbox.world.names import Namer
from sync.sandbox.world.records import DAY_MS, Agent, AuditEntry, Technician

UNASSIGNED = 1
OUR_AGENT = 2
AE_AGENT = 3
DOMAIN = "msp.example"
OTHER_DOMAIN = "msp-group.example"
JOINS, LEAVES = 0.05, 0.03
ROLES = ("Technician L1", "Technician L1", "Technician L2", "Technician L3", "Administrator")


def hire(estate: Estate, rng: Random, count: int) -> None:
    """The system's own agents, so many technicians known to both sides, and the odd ones out."""
    born = estate.now_ms - 1500 * DAY_MS
    for agent in (
        Agent(UNASSIGNED, "Unassigned", "", born, system=True),
        Agent(OUR_AGENT, "halosync", f"halosync@{DOMAIN}", born, api_only=True, role="Read Only"),
        Agent(
            AE_AGENT,
            "AutoElevate Integration",
            f"autoelevate@{DOMAIN}",
            born,
            api_only=True,
            role="AutoElevate",
        ),
    ):
        estate.agents[agent.id] = agent
    namer = Namer(rng)
    taken: set[str] = set()
    for number in range(count):
        _technician(estate, namer, taken, number)
    _strangers(estate, namer)
    _audit(estate, rng)


def staff_night(estate: Estate, rng: Random) -> None:
    """Now and then somebody joins or leaves; somebody else tells AutoElevate about it."""
    users = list(estate.technicians.values())
    boss, user = users[0], rng.choice(users)
    if rng.random() < JOINS:
        taken = {a.email.strip().casefold().partition("@")[0] for a in estate.agents.values()}
        _technician(estate, Namer(rng), taken, 100 * estate.nights + 1)
    if rng.random() < LEAVES and user is not boss:
        agent = estate.agents.get(estate.belongs.pop(user.id, -1))
        del estate.technicians[user.id]
        if agent is not None:
            agent.disabled = True
    _note(estate, rng, estate.now_ms - DAY_MS // 2, rng.choice(("created", "updated", "deleted")))


def _technician(estate: Estate, namer: Namer, taken: set[str], number: int) -> None:
    """One person on both sides; every eighth or so differs in one of the known ways."""
    rng = namer.rng
    name = namer.person()
    first, last = name.lower().split(" ", 1)
    local = f"{first}.{last}"
    if local in taken:
        local = f"{local}{number}"
    taken.add(local)
    born = estate.now_ms - rng.randrange(90, 1200) * DAY_MS
    agent = Agent(estate.next_id(Agent), name, f"{local}@{DOMAIN}", born, team=1 + number % 3)
    technician = Technician(
        new_uuid(rng), name, agent.email, ROLES[number % len(ROLES)], born, born
    )
    _go_wrong(estate, agent, technician, number)
    estate.agents[agent.id] = agent
    estate.technicians[technician.id] = technician
    estate.belongs[technician.id] = agent.id


def _go_wrong(estate: Estate, agent: Agent, technician: Technician, number: int) -> None:
    match number % 24:
        case 2:
            technician.email = agent.email.replace(DOMAIN, OTHER_DOMAIN)
        case 5:
            agent.disabled = True
        case 8:
            twin = Agent(estate.next_id(Agent), f"{agent.name} (admin)", agent.email, agent.changed)
            estate.agents[twin.id] = twin
        case 10:
            agent.email = f" {agent.email.title()} "
        case 15:
            technician.email = agent.email.replace(".", "", 1)
        case 20:
            agent.email = ""


def _strangers(estate: Estate, namer: Namer) -> None:
    """AutoElevate users whom no Halo agent should match: a service user, a customer's own IT."""
    born = estate.now_ms - 400 * DAY_MS
    for name, email, role in (
        ("Halosync API", f"svc-halosync@{DOMAIN}", "Administrator"),
        (namer.person(), "it@harbor-dental.example", "Downstream Admin"),
    ):
        user = Technician(new_uuid(namer.rng), name, email, role, born, born)
        estate.technicians[user.id] = user
    leaver = Agent(estate.next_id(Agent), namer.person(), f"left@{DOMAIN}", born, disabled=True)
    estate.agents[leaver.id] = leaver


def _audit(estate: Estate, rng: Random) -> None:
    """A month of changes to users and settings."""
    for number in range(30):
        at = estate.now_ms - (31 - number) * DAY_MS - DAY_MS // 2
        _note(estate, rng, at, rng.choice(("created", "updated", "deleted")))


def _note(estate: Estate, rng: Random, at: int, verb: str) -> None:
    users = list(estate.technicians.values())
    boss, user = users[0], rng.choice(users)
    about_user = rng.random() < 0.8
    entity = "users" if about_user else "settings"
    estate.audit.append(
        AuditEntry(
            id=new_uuid(rng),
            action=f"{entity}.{verb}",
            entity=entity,
            entity_id=user.id if about_user else None,
            actor_id=boss.id,
            actor=boss.name,
            at=at,
            email=user.email if about_user else "",
        )
    )
