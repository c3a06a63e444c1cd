"""What each source needs to know; the wiring maps the configuration to these."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sync.errors import ConfigError


@dataclass(frozen=True, slots=True)
class WireSettings:
    """How bytes travel. The limits are reliability's; only proxy and CA file are settings."""

    ca_file: str = ""
    """PEM file that replaces the built-in certificate authorities; empty = the built-in ones."""
    proxy: str = field(default="", repr=False)
    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    """Longest silence between two pieces of an answer."""
    request_seconds: float = 120.0
    """Longest time for one answer as a whole, however steadily it drips."""
    page_bytes: int = 32 * 1024 * 1024
    """Most decoded bytes in one answer."""


@dataclass(frozen=True, slots=True)
class TicketSettings:
    """Which of Halo's tickets are AutoElevate's: by who made them, by their type, or by both."""

    agent: str = ""
    ticket_type: str | int = ""
    """A name, or an id."""
    days: int = 30


@dataclass(frozen=True, slots=True)
class HaloSettings:
    base_url: str
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    tenant: str = ""
    auth_url: str = ""
    auth_hosts: tuple[str, ...] = ()
    """Hosts outside the instance's own domain that may receive the secret."""
    asset_name_fields: tuple[str, ...] = ("key_field", "inventory_number")
    asset_types: tuple[str | int, ...] = ()
    """Names or ids; empty = every type."""
    exclude_internal: bool = True
    include_stock_sites: bool = False
    page_size: int = 100
    asset_page_size: int = 50
    requests_per_window: int = 240
    window_seconds: float = 300.0
    tickets: TicketSettings | None = None
    """None = tickets are not asked for, nor the right to read them."""


@dataclass(frozen=True, slots=True)
class AutoElevateSettings:
    key: str = field(repr=False)
    hmac_key: str = field(default="", repr=False)
    """Present = requests are signed; empty = bearer."""
    base_url: str = "https://partner-api.autoelevate.com"
    spacing_seconds: float = 4.0
    requests_per_hour: int = 80


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class PeopleSettings:
    """Neither `file` nor `people` = technicians are not judged: the collection is off."""

    file: Path | None = None
    people: tuple[Person, ...] | None = None
    name_headers: tuple[str, ...] = ("Name",)
    email_headers: tuple[str, ...] = ("Email",)
    role_headers: tuple[str, ...] = ("Role",)
    linked_headers: tuple[str, ...] = ("Linked to Ticketing System",)
    max_age_days: int = 35
    encoding: str = "utf-8"
    """Used when the file begins with no byte order mark; never guessed."""
    final_line_break: bool = True
    """Refuse a CSV file whose last line has no end: it may be cut off inside its last cell."""
    settle_seconds: float = 2.0
    """A file written to moments ago must stay the same this long before it is read."""
    max_bytes: int = 64 * 1024 * 1024


def checked_address(url: str, setting: str) -> str:
    """Give the address without its trailing slash; refuse what could leak a secret."""
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ConfigError(f"{setting} is not a web address", hint="write https://host") from None
    if parts.username or parts.query or parts.fragment or not host:
        raise ConfigError(f"{setting} is not a plain web address", hint="write https://host/path")
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)):
        return url.strip().rstrip("/")
    raise ConfigError(
        f"{setting} does not begin with https://",
        hint="secrets travel only inside TLS; plain http is for 127.0.0.1",
    )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def checked_secret(value: str, setting: str, *, empty: bool = False) -> str:
    """Refuse a secret that no header can carry, without ever quoting it."""
    if (value or empty) and value.isascii() and value.isprintable() and value == value.strip():
        return value
    raise ConfigError(
        f"{setting} is empty or holds characters no key has (spaces, line breaks, accents)",
        hint="copy it again; a secret file must hold the secret alone",
    )
