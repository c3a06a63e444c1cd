"""How HaloPSA spells its records: clients, sites, assets and agents as rows of JSON."""

from datetime import UTC, datetime
from typing import Any

from sync.sandbox.switches import HaloSwitches
from sync.sandbox.world.estate import Estate
from sync.sandbox.world.records import TYPE_OF, Agent, Asset, Client, Site

Row = dict[str, Any]

UNSET = "1899-12-30T00:00:00"
ICON = "data:image/png;base64," + "iVBORw0KGgo" * 12
TEAMS = {1: "1st Line", 2: "2nd Line", 3: "Projects", 4: "Night Shift (old)"}
DISABLED_TEAMS = frozenset({4})


class HaloRows:
    def __init__(self, estate: Estate, switches: HaloSwitches) -> None:
        self.estate = estate
        self.switches = switches

    def client(self, client: Client) -> Row:
        name = self._name(client.id, client.name)
        if self._names_only:
            return self._brief(client.id, name, inactive=client.inactive)
        return {
            "id": client.id,
            "name": name,
            "toplevel_id": 1,
            "toplevel_name": "Customers",
            "inactive": client.inactive,
            "colour": "#2bd3c6",
            "customfields": [],
            "custombuttons": [],
            "accountsid": "",
            "ref": "",
            "stopped": 0,
            "itglue_id": "",
            "cautomateid": 0,
            "calldate": UNSET,
            "logo": ICON,
            "use": "area",
        }

    def client_detail(self, client: Client) -> Row:
        row = self.client(client)
        if not self._names_only:
            row |= {
                "datecreated": self.date(client.changed),
                "alastupdate": self.date(client.changed),
                "external_links": [],
            }
        return row

    def site(self, site: Site) -> Row:
        client = self.estate.clients.get(site.client)
        client_name = client.name if client else ""
        name = self._name(site.id, site.name)
        whole = float(site.client) if self.switches.site_client_id == "float" else site.client
        if self._names_only:
            return {
                **self._brief(site.id, name, inactive=site.inactive),
                "client_id": whole,
                "client_name": client_name,
            }
        return {
            "id": site.id,
            "name": name,
            "client_id": whole,
            "client_name": client_name,
            "clientsite_name": f"{client_name}/{site.name}",
            "inactive": site.inactive,
            "sla_id": -1,
            "phonenumber": "",
            "colour": "#2bd3c6",
            "timezone": "",
            "isstocklocation": site.stock,
            "ref": "",
            "itglue_id": "",
            "client_itglue_id": "",
            "custombuttons": [],
            "use": "site",
        }

    def site_detail(self, site: Site) -> Row:
        row = self.site(site)
        if not self._names_only:
            row |= {"slastupdate": self.date(site.changed)}
        return row

    def asset(self, asset: Asset, *, icon: bool = True, fields: bool = False) -> Row:
        client = self.estate.clients.get(asset.client)
        site = self.estate.sites.get(asset.site)
        kind = TYPE_OF[asset.type]
        key_field = self._name(asset.id, asset.key_field)
        return {
            "id": asset.id,
            "inventory_number": asset.inventory_number,
            "key_field": key_field,
            "key_field2": "",
            "key_field3": "",
            "client_id": asset.client,
            "client_name": client.name if client else "",
            "site_id": asset.site,
            "site_name": site.name if site else "",
            "username": asset.username,
            "assettype_id": kind.id,
            "assettype_name": kind.name,
            "colour": "#2bd3c6",
            "icon": ICON if icon else "",
            "inactive": asset.inactive,
            "status_id": 1,
            "status_name": "Active",
            "warranty_end": UNSET,
            "contract_id": 0,
            "supplier_id": 0,
            "fields": [{"id": 1, "name": kind.key_field, "value": key_field, "display": key_field}]
            if fields
            else [],
            "customfields": [],
            "is_template": False,
            "use": "device",
        }

    def asset_detail(self, asset: Asset) -> Row:
        return self.asset(asset, fields=True) | {
            "dlastupdate": self.date(asset.changed),
            "last_modified": self.date(asset.changed),
            "users": [],
        }

    def agent(self, agent: Agent) -> Row:
        first, _, last = agent.name.partition(" ")
        return {
            "id": agent.id,
            "name": agent.name,
            "is_online": False,
            "team": TEAMS[agent.team],
            "isdisabled": agent.disabled,
            "email": agent.email,
            "initials": first[:1] + last[:1],
            "firstname": first,
            "surname": last,
            "colour": "#2bd3c6",
            "jobtitle": "",
            "is_agent": True,
            "role_list": agent.role,
            "isapiagent": agent.api_only,
            "lastlogindate": self.date(agent.changed),
            "use": "agent",
        }

    def _brief(self, record_id: int, name: str | None, *, inactive: bool) -> Row:
        """What a login with "View (Names Only)" gets."""
        row: Row = {"id": record_id, "name": name}
        if self.switches.names_only_inactive == "present":
            row["inactive"] = inactive
        return row

    @property
    def _names_only(self) -> bool:
        return self.switches.clients_access == 1 and self.switches.names_only_rows == "brief"

    def _name(self, record_id: int, name: str) -> str | None:
        if record_id % 40 or self.switches.odd_names == "none":
            return name
        return None if self.switches.odd_names == "null" else "  "

    def date(self, at_ms: int) -> str:
        text = datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{text}Z" if self.switches.dates == "z" else text
