"""Turns the configuration into the parts of one run. The only file that knows them all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from pydantic import SecretStr

from sync import __version__
from sync.app.connections import Tape, connections
from sync.app.installation import Installation
from sync.app.post import compose, shelf, transport
from sync.clock import Clock
from sync.config import Config, fingerprint
from sync.core.guard import Limits
from sync.core.judge import Settings
from sync.core.names import Exact
from sync.core.records import Kind
from sync.core.sheet import Linking
from sync.core.sides import FlagFile
from sync.job import Parts
from sync.sources.autoelevate import AutoElevateSource
from sync.sources.flags import FlagReader, FlagSettings
from sync.sources.halo import HaloSource
from sync.sources.people import PeopleSource
from sync.sources.settings import (
    AutoElevateSettings,
    HaloSettings,
    PeopleSettings,
    Person,
    TicketSettings,
)
from sync.sources.tabular import Format
from sync.sources.walk import Progress
from sync.store import Keep, Store

DAYS_A_MONTH = 365.25 / 12


@contextmanager
def parts(
    here: Installation,
    store: Store,
    clock: Clock,
    tape: Tape,
    progress: Progress | None = None,
) -> Iterator[Parts]:
    """Open what one run works with, and close it afterwards."""
    config = here.config
    with connections(config, clock, store, tape, here.redactor) as way:
        people = PeopleSource(people_settings(config), way.clock, way.files)
        yield Parts(
            sources=(
                HaloSource(halo_settings(config), way.to_halo, progress),
                AutoElevateSource(
                    autoelevate_settings(config), way.to_autoelevate, way.ledger, progress
                ),
                people,
            ),
            memory=store,
            compose=compose(config),
            shelf=shelf(here),
            outbox=store,
            transport=transport(config),
            clock=way.clock,
            settings=judging(config),
            zone=here.zone,
            timezone=config.schedule.timezone,
            config_hash=fingerprint(config),
            version=__version__,
            flags=partial(
                all_flags, FlagReader(flag_settings(config), way.clock, way.files), people
            ),
        )


def all_flags(reader: FlagReader, people: PeopleSource) -> tuple[FlagFile, ...]:
    """Give every "Linked" column: the users file's own, and the grids', which speak last."""
    return (*people.flags(), *reader.read())


def plain(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def halo_settings(config: Config) -> HaloSettings:
    halo = config.halo
    return HaloSettings(
        base_url=halo.base_url,
        client_id=plain(halo.client_id),
        client_secret=plain(halo.client_secret),
        tenant=halo.tenant,
        auth_url=halo.auth_url or "",
        auth_hosts=halo.auth_hosts,
        asset_name_fields=halo.asset_name_fields,
        asset_types=halo.asset_types,
        exclude_internal=halo.exclude_internal,
        requests_per_window=halo.requests_per_5_minutes,
        tickets=ticket_settings(config),
    )


def ticket_settings(config: Config) -> TicketSettings | None:
    """Settings of the ticket evidence; without its section no ticket is asked for."""
    wanted = config.ticket_evidence
    if wanted is None:
        return None
    kind = "" if wanted.ticket_type is None else wanted.ticket_type
    return TicketSettings(wanted.agent or "", kind, wanted.days)


def autoelevate_settings(config: Config) -> AutoElevateSettings:
    ae = config.autoelevate
    return AutoElevateSettings(
        key=plain(ae.key),
        hmac_key=plain(ae.hmac_key),
        base_url=ae.base_url,
        spacing_seconds=ae.spacing_seconds,
        requests_per_hour=ae.requests_per_hour,
    )


def people_settings(config: Config) -> PeopleSettings:
    """Settings of the technicians' file; without a `users` section the class is off."""
    users = config.users
    if users is None:
        return PeopleSettings()
    people = (
        tuple(Person(p.name, p.email, p.role) for p in users.list)
        if users.list is not None
        else None
    )
    return PeopleSettings(
        file=users.file,
        people=people,
        name_headers=users.columns.name,
        email_headers=users.columns.email,
        role_headers=users.columns.role,
        linked_headers=users.columns.linked,
        max_age_days=users.max_age_days,
        encoding=users.encoding,
        final_line_break=users.final_line_break,
    )


def flag_settings(config: Config) -> FlagSettings:
    """Settings of the "Linked" columns; without a `flags` section there are no files."""
    flags = config.flags
    if flags is None:
        return FlagSettings()
    places = {
        Kind.COMPANY: flags.companies,
        Kind.LOCATION: flags.locations,
        Kind.COMPUTER: flags.computers,
        Kind.USER: flags.users,
    }
    return FlagSettings(
        files=tuple((kind, path) for kind, path in places.items() if path),
        name_headers=flags.columns.name,
        company_headers=flags.columns.company,
        email_headers=flags.columns.email,
        linked_headers=flags.columns.linked,
        max_age_days=flags.max_age_days,
        form=Format(flags.encoding, flags.final_line_break),
    )


def judging(config: Config) -> Settings:
    return Settings(
        linking=Linking(
            exact=Exact(config.linking.exact),
            many_to_one=frozenset(str(who) for who in config.linking.allow_many_to_one),
            own_domains=frozenset(config.users.own_domains if config.users else ()),
        ),
        limits=Limits(**config.brake.model_dump()),
    )


def keep(config: Config) -> Keep:
    """What the store may forget."""
    retention = config.retention
    return Keep(
        days=retention.daily_backups,
        weeks=retention.weekly_backups,
        mail=timedelta(days=retention.outbox_days),
        closed=months(retention.history_months),
    )


def months(number: int) -> timedelta:
    return timedelta(days=round(number * DAYS_A_MONTH))
