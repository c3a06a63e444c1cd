"""What `halosync init` has to know, and the commented configuration that it makes of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

DEFAULT_AE = "https://partner-api.autoelevate.com"


@dataclass(frozen=True, slots=True)
class HaloAnswers:
    url: str
    client_id: str
    client_secret: str
    tenant: str = ""
    auth_url: str = ""
    asset_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AutoElevateAnswers:
    key: str
    hmac_key: str = ""
    url: str = DEFAULT_AE


@dataclass(frozen=True, slots=True)
class MailAnswers:
    host: str
    sender: str
    port: int = 587
    tls: str = "starttls"
    username: str = ""
    password: str = ""
    to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    halo: HaloAnswers
    autoelevate: AutoElevateAnswers
    mail: MailAnswers | None = None
    users_file: Path | None = None
    timezone: str = "UTC"
    language: str = "en"

    def secrets(self) -> Mapping[str, str]:
        """Each secret by the name of its file."""
        found = {
            "halo-client-secret": self.halo.client_secret,
            "autoelevate-key": self.autoelevate.key,
            "autoelevate-hmac-key": self.autoelevate.hmac_key,
            "smtp-password": self.mail.password if self.mail else "",
        }
        return {name: secret for name, secret in found.items() if secret}


def draft(answers: Answers) -> str:
    """Write the configuration; every key that is not in it has its default."""
    sections = (
        _HEAD,
        _halo(answers.halo),
        _autoelevate(answers.autoelevate),
        _users(answers.users_file),
        _rest(answers),
        _mail(answers.mail),
    )
    return "\n".join(sections)


_HEAD = """\
# halosync. Every other setting and its default: config.example.yaml.
# After a change: halosync config check, then halosync doctor.
"""


def _halo(halo: HaloAnswers) -> str:
    lines = ["halo:", f"  base_url: {_text(halo.url)}"]
    if halo.auth_url:
        lines += [
            '  # The "Authorisation Server", as Halo names it.',
            f"  auth_url: {_text(halo.auth_url)}",
        ]  # fmt: skip
    if halo.tenant:
        lines += ["  # As Halo names itself.", f"  tenant: {_text(halo.tenant)}"]
    lines += [
        '  # Application of type "Client ID and Secret (Services)", permissions',
        "  # read:customers and read:assets.",
        f"  client_id: {_text(halo.client_id)}",
        "  client_secret_file: secrets/halo-client-secret",
        "  # Which asset fields may hold a computer's name; any match counts.",
        "  asset_name_fields: [key_field, inventory_number]",
        "  # Asset types that are computers; empty: all types, monitors and licences too.",
        f"  asset_types: {_list(halo.asset_types)}",
        "",
    ]  # fmt: skip
    return "\n".join(lines)


def _autoelevate(autoelevate: AutoElevateAnswers) -> str:
    lines = ["autoelevate:"]
    if autoelevate.url != DEFAULT_AE:
        lines.append(f"  base_url: {_text(autoelevate.url)}")
    lines += [
        "  # A service user's key with companyView, locationView, computerView.",
        "  key_file: secrets/autoelevate-key",
    ]
    if autoelevate.hmac_key:
        lines.append("  hmac_key_file: secrets/autoelevate-hmac-key")
    return "\n".join([*lines, ""])


def _users(file: Path | None) -> str:
    if file is not None:
        return f"users:\n  file: {_text(str(file))}\n"
    return (
        "# AutoElevate's interface does not list technicians. To have them compared too, take the\n"
        "# Users screen's list as CSV or XLSX (name, e-mail) and name it here.\n"
        "# users:\n#   file: users.csv\n"
    )


def _rest(answers: Answers) -> str:
    to = answers.mail.to if answers.mail else ()
    return (
        "state_dir: ./state\n\n"
        f'schedule:\n  cron: "0 5 * * *"\n  timezone: {_text(answers.timezone)}\n\n'
        "report:\n"
        "  # always: every night. changes: when something changed. problems: while one is open.\n"
        "  policy: always\n"
        f"  language: {answers.language}\n"
    ) + (f"  recipients:\n    - to: {_list(to)}\n" if to else _NOBODY)


_NOBODY = """\
  # recipients:
  #   - to: [you@example.com]
"""


def _mail(mail: MailAnswers | None) -> str:
    if mail is None:
        return (
            "# Without mail, reports stay in the state directory.\n"
            "# mail:\n#   host: smtp.example.com\n#   sender: halosync@example.com\n"
        )
    lines = [
        "mail:",
        f"  host: {_text(mail.host)}",
        f"  port: {mail.port}",
        f"  tls: {mail.tls}",
    ]
    if mail.username:
        lines += [f"  username: {_text(mail.username)}", "  password_file: secrets/smtp-password"]
    return "\n".join([*lines, f"  sender: {_text(mail.sender)}", ""])


def _text(value: str) -> str:
    """A quoted text: JSON's quotes are YAML's, and no character has a second meaning in them."""
    return json.dumps(value, ensure_ascii=False)


def _list(values: Sequence[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
