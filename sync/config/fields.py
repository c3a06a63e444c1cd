"""The shapes a configured value may have: addresses, paths, secrets, texts that must say something.

Messages here never repeat the value: it may be a secret in the wrong place.
"""

import codecs
import difflib
import ipaddress
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo
from pydantic_core import PydanticCustomError


def wrong(message: str, hint: str) -> PydanticCustomError:
    """A mistake with its advice; `mistakes` takes both apart again."""
    return PydanticCustomError("halosync", "{message}", {"message": message, "hint": hint})


def is_loopback(host: str | None) -> bool:
    """Whether this host name means the machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def is_loopback_address(url: str) -> bool:
    return is_loopback(urlsplit(url).hostname)


def _address(text: str, schemes: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not host or parts.scheme not in schemes:
        raise wrong("is not a web address", "write it in full: https://name.example.com")
    if parts.scheme == "http" and "https" in schemes and not is_loopback(host):
        raise wrong("is not encrypted", "use https://; http:// is allowed for 127.0.0.1 only")
    return text


def _api_address(text: str) -> str:
    _address(text, ("https", "http"))
    parts = urlsplit(text)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise wrong(
            "carries a user, a password or a query", "write only https://host/path; secrets apart"
        )
    return text.rstrip("/")


def _secret_address(secret: SecretStr) -> SecretStr:
    _address(secret.get_secret_value(), ("https", "http"))
    return secret


def _proxy(secret: SecretStr) -> SecretStr:
    parts = urlsplit(secret.get_secret_value())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise wrong("is not a proxy address", "write http://proxy.example.com:3128")
    return secret


def _filled(text: str) -> str:
    if not text.strip():
        raise wrong("is empty", "fill it in or leave the key out")
    return text


def _secret_filled(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value().strip():
        raise wrong("is empty", "fill it in, or name a file with the key's name plus _file")
    return secret


def _place(path: Path, info: ValidationInfo) -> Path:
    """Relative paths start at the configuration file, wherever the command was started."""
    base = (info.context or {}).get("base")
    expanded = path.expanduser()
    return (base / expanded).absolute() if base else expanded


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        close = difflib.get_close_matches(name, available_timezones(), n=1)
        advice = f"did you mean {close[0]}?" if close else "write a name such as Europe/Madrid"
        raise wrong(f"is not a known time zone: {name}", advice) from error
    return name


def _cron(text: str, info: ValidationInfo) -> str:
    """The scheduler knows cron; it is handed in, since only the wiring may know both."""
    complain = (info.context or {}).get("cron")
    problem = complain(text) if complain else ""
    if problem:
        raise wrong(f"is not a schedule: {problem}", 'five fields, for example "0 5 * * *"')
    return text


def _mail_address(text: str) -> str:
    name, at, host = text.rpartition("@")
    if not (name and at and host) or any(c.isspace() or c in "<>,;" for c in text):
        raise wrong("is not a mail address", "write only name@example.com, one per entry")
    return text


def _encoding(text: str) -> str:
    """Some of Python's codecs are no text at all, and some need a mark at the file's start."""
    try:
        name = codecs.lookup(text).name
        "Ñ".encode(text, "replace").decode(text)
    except (LookupError, UnicodeError, TypeError, ValueError):
        raise wrong("is not a text encoding", "such as utf-8, cp1252 or utf-16-le") from None
    if name in {"utf-16", "utf-32"}:
        raise wrong(
            "does not say the order of the bytes",
            f"a file with a mark at its start needs no setting; without one write {name}-le",
        )
    return text


def _reachable(address: str) -> str:
    if not address.isascii():
        raise wrong(
            "has letters that mail servers do not take in an address",
            "write the domain in its xn-- form, and the name before the @ in plain letters",
        )
    return address


Text = Annotated[str, AfterValidator(_filled)]
Secret = Annotated[SecretStr, AfterValidator(_secret_filled)]
ApiAddress = Annotated[str, AfterValidator(_api_address)]
SecretAddress = Annotated[SecretStr, AfterValidator(_secret_address)]
ProxyAddress = Annotated[SecretStr, AfterValidator(_proxy)]
Place = Annotated[Path, Field(strict=False), AfterValidator(_place)]
Zone = Annotated[str, AfterValidator(_zone)]
Cron = Annotated[str, AfterValidator(_cron)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
Mailbox = Annotated[MailAddress, AfterValidator(_reachable)]
"""One that we write to or from."""
Encoding = Annotated[str, AfterValidator(_encoding)]
Percent = Annotated[int, Field(ge=1, le=100)]


Wanted = Literal["company", "location", "computer", "user", "high", "medium", "low"]


def _ever_anything(only: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """Refuse what no finding could fit: a company is never medium, and only a company is high."""
    levels = {"high", "medium", "low"} & set(only)
    kinds = set(only) - levels
    of_companies = kinds == {"company"} and levels == {"medium"}
    of_others = bool(kinds) and "company" not in kinds and levels == {"high"}
    if of_companies or of_others:
        raise wrong(
            f"would never list anything: {' and '.join(only)}",
            "an open company is high or low, anything else medium or low",
        )
    return only


Only = Annotated[tuple[Wanted, ...], AfterValidator(_ever_anything)]
"""Which findings a group of readers gets, by kind and by severity."""
