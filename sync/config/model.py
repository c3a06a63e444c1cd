"""Every setting and its default, in the order of `config.example.yaml`; nowhere else."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sync.config.fields import (
    ApiAddress,
    Cron,
    Encoding,
    MailAddress,
    Mailbox,
    Only,
    Percent,
    Place,
    ProxyAddress,
    Secret,
    SecretAddress,
    Text,
    Zone,
    is_loopback,
    wrong,
)
from sync.config.flags import Flags
from sync.config.section import Section
from sync.config.tickets import TicketEvidence
from sync.core.guard import Limits

_LIMITS = Limits()


class Halo(Section):
    """HaloPSA: where it is and how to log in."""

    base_url: ApiAddress
    auth_url: ApiAddress | None = None
    """None = `{origin of base_url}/auth`."""
    auth_hosts: tuple[Text, ...] = ()
    """Hosts outside the instance's own domain that may receive the client secret."""
    tenant: str = ""
    client_id: Secret
    """Kept out of logs like a secret, though it opens nothing by itself."""
    client_secret: Secret
    asset_name_fields: Annotated[tuple[Text, ...], Field(min_length=1)] = (
        "key_field",
        "inventory_number",
    )
    asset_types: tuple[Text | int, ...] = ()
    exclude_internal: bool = True
    ca_file: Place | None = None
    proxy: ProxyAddress | None = None
    requests_per_5_minutes: Annotated[int, Field(ge=1, le=300)] = 240


class AutoElevate(Section):
    """AutoElevate's partner API: the key of a service user."""

    base_url: ApiAddress = "https://partner-api.autoelevate.com"
    key: Secret
    hmac_key: Secret | None = None
    """Present = requests are signed; absent = bearer."""
    spacing_seconds: Annotated[float, Field(ge=0, le=300)] = 4
    requests_per_hour: Annotated[int, Field(ge=1, le=100)] = 80
    ca_file: Place | None = None
    proxy: ProxyAddress | None = None

    @model_validator(mode="after")
    def _scheme(self) -> Self:
        prefix = self.key.get_secret_value()[:4]
        if self.hmac_key is not None and prefix == "aeb_":
            raise wrong(
                "has a bearer key (aeb_) together with hmac_key",
                "leave hmac_key out, or use the key that begins with aeh_",
            )
        if self.hmac_key is None and prefix == "aeh_":
            raise wrong(
                "has a signing key (aeh_) without hmac_key",
                "add hmac_key or hmac_key_file: the secret shown once when the key was made",
            )
        return self


class Columns(Section):
    """The headers that may stand over each column of the users file; the first found is taken."""

    name: tuple[Text, ...] = ("Name", "Full Name", "User", "Nombre")
    email: tuple[Text, ...] = ("Email", "E-mail", "Email Address", "Correo electrónico")
    role: tuple[Text, ...] = ("Role", "Rol")
    linked: tuple[Text, ...] = (
        "Linked to Ticketing System",
        "Linked",
        "Vinculado al sistema de tickets",
    )


class Person(Section):
    name: Text
    email: MailAddress
    role: str = ""


class Users(Section):
    """AutoElevate's technicians, which its API does not list: a file, or the list itself."""

    file: Place | None = None
    list: tuple[Person, ...] | None = None
    columns: Columns = Columns()
    encoding: Encoding = "utf-8"
    """Of a CSV file without a mark at its start; never guessed."""
    final_line_break: bool = True
    """False = a CSV file whose last line has no end is taken for whole."""
    max_age_days: Annotated[int, Field(ge=1)] = 35
    own_domains: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.file is None) == (self.list is None):
            raise wrong("needs either file or list", "name a CSV or XLSX file, or list the people")
        return self


class Linking(Section):
    """What counts as the same name, and which Halo clients may be shared."""

    exact: Literal["text", "trimmed", "casefold"] = "text"
    allow_many_to_one: tuple[Text | int, ...] = ()
    """Halo clients, by id or name, that several companies may share on purpose."""


class Brake(Section):
    """When a shrunken answer is doubted instead of believed."""

    min_rows: Annotated[int, Field(ge=1)] = _LIMITS.min_rows
    max_drop_percent: Percent = _LIMITS.max_drop_percent
    note_percent: Percent = _LIMITS.note_percent
    max_rows: Annotated[int, Field(ge=1)] = _LIMITS.max_rows
    parent_rows: Annotated[int, Field(ge=2)] = _LIMITS.parent_rows


class Schedule(Section):
    """When `halosync serve` runs; cron, systemd and Task Scheduler keep their own time."""

    cron: Cron = "0 5 * * *"
    timezone: Zone = "UTC"


class Recipients(Section):
    """One mail: who gets it, in which language, and how much of it."""

    to: Annotated[tuple[Mailbox, ...], Field(min_length=1)]
    language: Literal["en", "es"] | None = None
    """None = the report's."""
    only: Only = ()
    """Kinds and severities, each narrowing what the other leaves; empty = everything."""
    counts_only: bool = False


class Report(Section):
    policy: Literal["always", "changes", "problems"]
    """Deliberately without a default: silence must be a decision."""
    recipients: tuple[Recipients, ...] = ()
    language: Literal["en", "es"] = "en"
    archive_dir: Place | None = None
    """None = `reports` in the state directory."""
    allowed_domains: tuple[Text, ...] = ()
    """Empty = any; otherwise a recipient elsewhere is refused."""

    @model_validator(mode="after")
    def _domains(self) -> Self:
        allowed = {domain.casefold().lstrip("@") for domain in self.allowed_domains}
        for address in (to for group in self.recipients for to in group.to):
            if allowed and address.rpartition("@")[2].casefold() not in allowed:
                raise wrong(
                    f"sends to {address}, outside allowed_domains",
                    "correct the address, or add its domain to report.allowed_domains",
                )
        return self


class OAuth(Section):
    """An application that gets tokens for mail instead of a password (client credentials)."""

    tenant: str = ""
    """Microsoft 365: the tenant's id or domain; the token address follows from it."""
    token_url: ApiAddress | None = None
    client_id: Text
    client_secret: Secret
    scope: str = ""
    """Empty = what the transport needs at Microsoft 365."""

    @model_validator(mode="after")
    def _whose(self) -> Self:
        if not self.tenant and self.token_url is None:
            raise wrong("has no tenant", "set mail.oauth.tenant, or token_url for other services")
        return self


class Mail(Section):
    """How the finished mail leaves: an SMTP server, Microsoft Graph, or a folder of .eml files."""

    transport: Literal["smtp", "graph", "folder"] = "smtp"
    folder: Place | None = None
    host: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    tls: Literal["starttls", "tls", "none-on-loopback"] = "starttls"
    ca_file: Place | None = None
    username: str = ""
    password: Secret | None = None
    oauth: OAuth | None = None
    """Smtp: log in by XOAUTH2 instead of a password. Graph: always."""
    graph_url: ApiAddress = "https://graph.microsoft.com/v1.0"
    sender: Mailbox

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.transport == "folder" and self.folder is None:
            raise wrong("has no folder", "name the folder that takes the .eml files: mail.folder")
        if self.transport == "smtp" and not self.host:
            raise wrong("has no host", "name the mail server: mail.host")
        if self.tls == "none-on-loopback" and self.host and not is_loopback(self.host):
            raise wrong(
                "would send without TLS to another machine",
                "set mail.tls to starttls or tls; none-on-loopback is for 127.0.0.1",
            )
        return self

    @model_validator(mode="after")
    def _login(self) -> Self:
        if self.transport == "graph" and self.oauth is None:
            raise wrong("has no oauth section", "Graph needs one: mail.oauth.tenant, client_id ...")
        if self.oauth is None and bool(self.username) != (self.password is not None):
            raise wrong("needs username and password together", "set both, or neither")
        if self.oauth is not None and self.password is not None:
            raise wrong("has a password beside oauth", "keep one of the two")
        if self.oauth is not None and self.transport == "smtp" and not self.username:
            raise wrong("has oauth without username", "name the mailbox: mail.username")
        return self


class Heartbeat(Section):
    """Addresses told that a run started, went well or failed: run id and counts, never names."""

    start: SecretAddress | None = None
    ok: SecretAddress | None = None
    fail: SecretAddress | None = None


class Retention(Section):
    """How long what can be spared is kept; decisions and events stay for ever."""

    history_months: Annotated[int, Field(ge=1)] = 13
    outbox_days: Annotated[int, Field(ge=7)] = 90
    daily_backups: Annotated[int, Field(ge=1)] = 7
    weekly_backups: Annotated[int, Field(ge=1)] = 4
    archive_months: Annotated[int, Field(ge=1)] | None = None
    """None = the archive's nights are kept for ever."""


class Config(Section):
    """One installation's settings, checked as a whole."""

    halo: Halo
    autoelevate: AutoElevate
    users: Users | None = None
    """None = technicians are not judged."""
    flags: Flags | None = None
    """None = nobody brings AutoElevate's "Linked" columns; nothing is wrong with that."""
    ticket_evidence: TicketEvidence | None = None
    """None = Halo's tickets are not read, nor is the right to read them asked for."""
    linking: Linking = Linking()
    brake: Brake = Brake()
    state_dir: Place | None = None
    """None = `$STATE_DIRECTORY`, else the platform's folder for such things."""
    schedule: Schedule = Schedule()
    report: Report
    mail: Mail | None = None
    heartbeat: Heartbeat = Heartbeat()
    retention: Retention = Retention()
    run_deadline_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    min_free_megabytes: Annotated[int, Field(ge=0)] = 200
    """A run does not start with less room than this in the state directory."""
    allow_readable_secrets: bool = False
    """For read-only container mounts, where file modes cannot be set."""
    allow_root: bool = False

    @model_validator(mode="after")
    def _mail_way(self) -> Self:
        if self.report.recipients and self.mail is None:
            raise wrong("has recipients but no mail section", "say how mail leaves: mail.host ...")
        return self
