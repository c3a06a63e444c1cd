"""What AutoElevate's agent in Halo must be allowed: the vendor's table as data.

The codes are those of Halo's claim tables. That the API returns them is inferred, not proven, so
a claim may also come under its label, and what is not found is a click by hand, never a fault.
"""

from typing import NamedTuple

NO_YES = ("No", "Yes")
LEVELS = ("No Access", "Read Only", "Read and Modify")


class Right(NamedTuple):
    code: str
    label: str
    values: tuple[str, ...]
    """What the numbers 0, 1, 2, ... mean in the portal."""
    least: int = 1
    optional: bool = False
    """Less is a legitimate choice."""

    def level(self, value: str) -> int | None:
        """Read a claim's value, which may be its number or its meaning."""
        text = value.strip().casefold()
        if text.isdigit():
            return int(text)
        if text in {"true", "false"}:
            return int(text == "true")
        meanings = [meaning.casefold() for meaning in self.values]
        return meanings.index(text) if text in meanings else None

    def meaning(self, level: int) -> str:
        return self.values[level] if level < len(self.values) else str(level)


RIGHTS = (
    Right("Tx", "Tickets Access Level", LEVELS, least=2),
    Right(
        "Ux",
        "Clients Access Level",
        ("No Access", "View (Names Only)", "Read Only", "Read and Modify"),
    ),
    Right("Dx", "Assets Access Level", (*LEVELS, "Read, Modify and Remove")),
    Right("l6", "Can add new Tickets", NO_YES),
    Right("l9", "Can view Unassigned Tickets", NO_YES),
    Right("l8", "Can view Tickets that are assigned to other Agents", NO_YES),
    Right("l7", "Can re-assign Tickets", NO_YES, optional=True),
    Right("ld", "Can assign to Agents in Teams the Agent is not a member of", NO_YES),
    Right("le", "Can edit Tickets which are not assigned to them", NO_YES),
    Right(
        "lo",
        "Can always update Ticket Statuses and re-assign Tickets outside of actions",
        NO_YES,
    ),
)

RESTRICTIONS = (
    Right("Fc", "Allow use of all Clients", NO_YES),
    Right("Ft", "Allow use of all Ticket Types", NO_YES),
    Right("Fa", "Allow use of all Asset Types", NO_YES),
)

OTHER_LABELS = {
    "can always change ticket statuses and re-assign tickets outside of actions": "lo",
}
"""Labels under which the same right is known elsewhere."""


def code_of(claim: str) -> str:
    """Give the code of a claim that came by code or by label; itself where neither is known."""
    text = claim.strip().casefold()
    for right in (*RIGHTS, *RESTRICTIONS):
        if text in {right.code.casefold(), right.label.casefold()}:
            return right.code
    return OTHER_LABELS.get(text, claim)
