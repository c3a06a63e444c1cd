"""How AutoElevate spells its records as rows of JSON. Times are epoch milliseconds."""

from typing import Any

from sync.sandbox.switches import AeSwitches
from sync.sandbox.world.estate import Estate
from sync.sandbox.world.records import AuditEntry, Company, Computer, Elevation, Location

Row = dict[str, Any]


class AeRows:
    def __init__(self, estate: Estate, switches: AeSwitches) -> None:
        self.estate = estate
        self.switches = switches

    def company(self, company: Company) -> Row:
        return self._finish(
            {
                "id": company.id,
                "name": company.name,
                "initials": company.initials,
                "managementSystemCompanyId": company.management_id,
                "createdAt": company.created,
                "updatedAt": company.changed,
            },
            ("initials", "managementSystemCompanyId"),
        )

    def location(self, location: Location) -> Row:
        company = self.estate.companies.get(location.company)
        return self._finish(
            {
                "id": location.id,
                "name": location.name,
                "companyId": location.company,
                "companyName": company.name if company else None,
                "createdAt": location.created,
                "updatedAt": location.changed,
            },
            ("companyName",),
        )

    def computer(self, computer: Computer, now_ms: int) -> Row:
        name, version = computer.os
        mode = "advisory" if self.switches.unknown_mode else computer.mode
        return self._finish(
            {
                "id": computer.id,
                "machineName": computer.name,
                "operatingSystem": {"name": name, "version": version},
                "locationId": computer.location,
                "companyId": computer.company,
                "elevationMode": mode,
                "lastCheckedInAt": last_seen(computer, now_ms),
                "createdAt": computer.created,
                "updatedAt": computer.changed,
            },
            ("machineName", "operatingSystem", "elevationMode"),
        )

    def elevation(self, request: Elevation) -> Row:
        row = {
            "id": request.id,
            "computerId": request.computer,
            "approvalState": request.state,
            "requestedBy": request.requested_by,
            "targetDescription": request.target,
            "createdAt": request.created,
        }
        if request.denial is not None:
            row["denialReason"] = request.denial
        return self._finish(row, ("requestedBy", "targetDescription"))

    def audit(self, entry: AuditEntry) -> Row:
        seen = {"email": entry.email} if self.switches.diff == "email" else {}
        return self._finish(
            {
                "id": entry.id,
                "action": entry.action,
                "entityType": entry.entity,
                "entityId": entry.entity_id,
                "actor": {"id": entry.actor_id, "type": "human", "name": entry.actor},
                "occurredAt": entry.at,
                "diff": {"before": {}, "after": seen},
            },
            ("entityId",),
        )

    def _finish(self, row: Row, nullable: tuple[str, ...]) -> Row:
        if self.switches.nulls and int(row["id"][-4:], 16) % 7 == 0:
            row.update(dict.fromkeys(nullable))
        if self.switches.extra_fields:
            row["introducedLater"] = {"ignore": True}
        return row


def last_seen(computer: Computer, now_ms: int) -> int | None:
    """Agents check in about every five minutes, each at its own moment."""
    if not computer.awake:
        return computer.seen
    return now_ms - int(computer.id[-4:], 16) * 4
