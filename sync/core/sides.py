"""What the two sides hold beside the findings: who covers whom, what is misplaced."""

from dataclasses import dataclass

from sync.core.records import Kind


@dataclass(frozen=True, slots=True)
class Coverage:
    """One linked pair of company and client, computers against assets."""

    company_id: str
    company: str
    client_id: str
    client: str
    computers: int
    assets: int
    linked: int
    """Computers that have their asset: linked, renamed since, or ready to be linked."""
    silent: tuple[str, ...] = ()
    """Names of active assets that no computer of AutoElevate's list meets."""
    unknown: tuple[str, ...] = ()
    """Names of computers that meet no asset."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something on one side only, or probably in the wrong place: worth a look, never open."""

    code: str
    """`client-without-company`, `wrong-company`, `duplicate-company`."""
    kind: Kind
    id: str
    """Its AutoElevate id; a client's Halo id."""
    name: str
    where: str = ""
    """Wrong company: the company that AutoElevate has it under."""
    elsewhere: tuple[str, ...] = ()
    """Wrong company: the client that has its asset. Duplicate: the other companies' names."""
    ids: tuple[str, ...] = ()
    """The ids of what `elsewhere` names."""
    computers: int = 0
    """Computers (of a client: active assets) concerned."""
