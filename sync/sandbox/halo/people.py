"""What HaloPSA says about its own set-up: agents in detail, teams, roles, claims, applications."""

from uuid import UUID

from sync.sandbox.halo.rows import DISABLED_TEAMS, TEAMS, HaloRows, Row
from sync.sandbox.switches import HaloSwitches
from sync.sandbox.world.estate import Estate
from sync.sandbox.world.people import AE_AGENT
from sync.sandbox.world.records import Agent

ROLE_NAMES = ("AutoElevate", "Read Only", "Technician")
ROLE_IDS = {name: str(UUID(int=(9 << 96) + n)) for n, name in enumerate(ROLE_NAMES)}
DEPARTMENT = "Service Desk"
AE_SCOPES = ("read:tickets", "edit:tickets", "read:customers", "read:assets")
NEEDED = {
    "Tx": "2",
    "Ux": "1",
    "Dx": "1",
    "Fc": "1",
    "Ft": "1",
    "Fa": "1",
    "l6": "1",
    "l9": "1",
    "l8": "1",
    "l7": "1",
    "ld": "1",
    "le": "1",
    "lo": "1",
}
OWN_CLAIMS = ("l7", "lo")
"""Claims that AutoElevate's agent holds itself; the rest come from its role."""
LABELS = {
    "Tx": ("Tickets Access Level", ("No Access", "Read Only", "Read and Modify")),
    "Ux": ("Clients Access Level", ("No Access", "View (Names Only)", "Read Only")),
    "Dx": ("Assets Access Level", ("No Access", "Read Only", "Read and Modify")),
    "Fc": ("Allow use of all Clients", ("No", "Yes")),
    "Ft": ("Allow use of all Ticket Types", ("No", "Yes")),
    "Fa": ("Allow use of all Asset Types", ("No", "Yes")),
    "l6": ("Can add new Tickets", ("No", "Yes")),
    "l9": ("Can View Unassigned Tickets", ("No", "Yes")),
    "l8": ("Can view Tickets that are assigned to other Agents", ("No", "Yes")),
    "l7": ("Can Re-Assign Tickets", ("No", "Yes")),
    "ld": ("Can assign to Agents in Teams the Agent is not a member of", ("No", "Yes")),
    "le": ("Can Edit Tickets Which Are Not Assigned To Them", ("No", "Yes")),
    "lo": (
        "Can always change Ticket Statuses and re-assign Tickets outside of actions",
        ("No", "Yes"),
    ),
}


class HaloPeople:
    def __init__(self, estate: Estate, switches: HaloSwitches) -> None:
        self.estate = estate
        self.switches = switches
        self.rows = HaloRows(estate, switches)

    def agent(self, agent: Agent, *, details: bool) -> Row:
        """One agent by id; with details also teams, departments, claims and roles."""
        row = self.rows.agent(agent)
        if agent.id == AE_AGENT:
            row["isapiagent"] = not self._broken("isapiagent")
            row["isdisabled"] = self._broken("isdisabled")
        if not details:
            return row
        row |= {
            "is_admin": False,
            "accountconfirmed": True,
            "teams": self._memberships(agent),
            "departments": self._departments(agent),
            "clients": [],
            "tickettypes": [],
            "assettypes": [],
            "roles": [self.role(agent.role, details=False)],
        }
        if self.switches.claims != "absent":
            row["claims"] = self._claims(OWN_CLAIMS if agent.id == AE_AGENT else ())
        return row

    def roles(self) -> list[Row]:
        return [self.role(name, details=False) for name in ROLE_NAMES]

    def role_named(self, role_id: str) -> str | None:
        return next((n for n, one in ROLE_IDS.items() if one == role_id.lower()), None)

    def role(self, name: str, *, details: bool) -> Row:
        row: Row = {
            "id": ROLE_IDS[name],
            "id_int": ROLE_NAMES.index(name) + 1,
            "name": name,
            "normalizedName": name.upper(),
            "is_integration": False,
        }
        if details and self.switches.claims != "absent":
            if name == "AutoElevate":
                row["claims"] = self._claims([c for c in NEEDED if c not in OWN_CLAIMS])
            else:
                row["claims"] = self._claims(["Ux", "Dx", "Fc", "Fa"])
        return row

    def teams(self, query: dict[str, str]) -> list[Row]:
        """The team list; its agents, where asked for by team name, are plain agent rows."""
        wanted = {name.strip() for name in query.get("includeagentsforteams", "").split(",")}
        enabled = query.get("includeenabled") != "false"
        disabled = query.get("includedisabled") == "true"
        rows = []
        for team_id, name in TEAMS.items():
            if not (disabled if team_id in DISABLED_TEAMS else enabled):
                continue
            row = self._team(team_id, name)
            if name in wanted:
                row["agents"] = [self.rows.agent(a) for a in self._members(team_id)]
            rows.append(row)
        return rows

    def team(self, team_id: int, *, agents: bool) -> Row | None:
        if team_id not in TEAMS:
            return None
        row = self._team(team_id, TEAMS[team_id])
        if agents:
            row["agents"] = [self._membership(a, team_id) for a in self._members(team_id)]
        return row

    def applications(self, client_id: str) -> list[Row]:
        """AutoElevate's application, as it is or set wrong, and ours."""
        scopes = [s for s in AE_SCOPES if s != "edit:tickets" or not self._broken("scopes")]
        grant = "authorization_code" if self._broken("grant_type") else "client_credentials"
        agent_id, agent = (
            (0, "None") if self._broken("login") else (AE_AGENT, self.estate.agents[AE_AGENT].name)
        )
        ours = self.switches.app_scopes
        return [
            _application(1, "AutoElevate", grant, (agent_id, agent), scopes)
            | {"inactive": self._broken("application")},
            _application(2, "halosync", "client_credentials", (2, "halosync"), sorted(ours))
            | {"client_id": client_id},
        ]

    def _team(self, team_id: int, name: str) -> Row:
        return {
            "id": team_id,
            "name": name,
            "sequence": team_id,
            "forrequests": True,
            "department_id": 1,
            "department_name": DEPARTMENT,
            "org_team_name": name,
            "inactive": team_id in DISABLED_TEAMS,
            "agents": [],
            "use": "team",
        }

    def _members(self, team_id: int) -> list[Agent]:
        return [a for a in self.estate.agents.values() if a.team == team_id and not a.system]

    def _memberships(self, agent: Agent) -> list[Row]:
        return [] if agent.system else [self._membership(agent, agent.team)]

    def _membership(self, agent: Agent, team_id: int) -> Row:
        ours = agent.id == AE_AGENT
        return {
            "id": agent.id * 10 + team_id,
            "agent_id": agent.id,
            "agent_name": agent.name,
            "team_id": team_id,
            "team_name": TEAMS[team_id],
            "department_id": 1,
            "is_manager": False,
            "unassigned_access": not (ours and self._broken("unassigned_access")),
            "otheragent_access": not (ours and self._broken("otheragent_access")),
            "fortickets": True,
            "in_section": not (ours and self._broken("in_section")),
        }

    def _departments(self, agent: Agent) -> list[Row]:
        """Department 1 at the level "View All", or below it when that is set wrong."""
        level: int = self.switches.view_all_level
        if agent.id == AE_AGENT and self._broken("membershiplevel"):
            if level == 0:
                return []
            level = 0
        return [
            {
                "id": agent.id,
                "agent_id": agent.id,
                "agent_name": agent.name,
                "department_id": 1,
                "department_name": DEPARTMENT,
                "membershiplevel": level,
            }
        ]

    def _claims(self, codes: list[str] | tuple[str, ...]) -> list[Row]:
        claims = []
        for code in codes:
            value = "0" if self._broken(code) else NEEDED[code]
            label, meanings = LABELS[code]
            if self.switches.claims == "names":
                claims.append({"type": label, "value": meanings[int(value)]})
            else:
                claims.append({"type": code, "value": value})
        return claims

    def _broken(self, setting: str) -> bool:
        return setting in self.switches.broken


def _application(
    number: int, name: str, grant: str, agent: tuple[int, str], scopes: list[str]
) -> Row:
    return {
        "id": number,
        "name": name,
        "client_id": str(UUID(int=(7 << 96) + number)),
        "grant_type": grant,
        "loginas_agent_id": agent[0],
        "loginas_agent_name": agent[1],
        "inactive": False,
        "scopes": [{"name": scope} for scope in scopes],
    }
