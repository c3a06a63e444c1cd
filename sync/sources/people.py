"""AutoElevate's technicians, from a CSV or XLSX file or a list: its API does not know them.

`PeopleSource(settings, clock)`. A file has no by-id answer, so nobody is ever proven gone.
"""

import codecs
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sync.clock import Clock
from sync.core.pulls import Answer, Manifest, Pull, State
from sync.core.records import AeRecord, Collection, Kind
from sync.core.sides import FlagFile, FlagRow
from sync.errors import ConfigError
from sync.sources.causes import Cause, Trouble
from sync.sources.files import Disk, Files, Taken
from sync.sources.proof import Proof, flaw
from sync.sources.pulling import doubted, failed, finished
from sync.sources.rows import RowFault, name_of
from sync.sources.settings import PeopleSettings
from sync.sources.tabular import Column, Format, Row, read_table
from sync.sources.walk import Tally

YES = {"true", "yes", "y", "1", "x", "sí", "si", "verdadero", "✓", "linked", "vinculado"}
NO = {"false", "no", "n", "0", "falso", "✗", "not linked", "no vinculado"}


class PeopleSource:
    def __init__(self, settings: PeopleSettings, clock: Clock, files: Files | None = None) -> None:
        _check_encoding(settings.encoding)
        self._settings = settings
        self._clock = clock
        self._files = files or Disk(clock)
        self._linked: list[FlagRow] = []
        self._unread = 0
        self._written: datetime | None = None

    @property
    def collections(self) -> tuple[Collection, ...]:
        return (Collection.AE_USERS,)

    def pull(self) -> Iterator[Pull]:
        if self._settings.people is not None:
            yield self._from_list()
        elif self._settings.file is not None:
            yield self._from_file()
        else:
            yield Pull(Manifest(Collection.AE_USERS, State.OFF))

    def ask(self, collection: Collection, record_id: str) -> Answer:  # noqa: ARG002
        return Answer.UNKNOWN

    def facts(self) -> None:
        return None

    def recent_requests(self) -> Mapping[str, int] | None:
        return None

    def flags(self) -> tuple[FlagFile, ...]:
        """Give the file's "linked" column as proof, like a grid's own. After `pull`.

        A file that is not believed says nothing here either: its list is withheld, and says why.
        """
        path = self._settings.file
        if path is None or self._written is None or not self._linked:
            return ()
        rows = tuple(self._linked)
        return (FlagFile(Kind.USER, path.name, self._written, rows, unread=self._unread),)

    def _from_list(self) -> Pull:
        now = self._clock.now()
        rows = [
            {"name": p.name, "email": p.email, "role": p.role} for p in self._settings.people or ()
        ]
        manifest = Manifest(Collection.AE_USERS, State.COMPLETE, endpoint="list")
        return finished(manifest, _judged(self._read(rows)), now, now)

    def _from_file(self) -> Pull:
        path = self._settings.file
        assert path is not None
        self._written = None
        manifest = Manifest(Collection.AE_USERS, State.COMPLETE, endpoint=path.name)
        try:
            with self._files.take(
                path,
                settle_seconds=self._settings.settle_seconds,
                max_bytes=self._settings.max_bytes,
            ) as taken:
                tally = self._read(read_table(taken.handle, self._columns(), self._format()))
        except Trouble as trouble:
            return failed(manifest, trouble, trouble.at or self._clock.now())
        manifest = replace(manifest, as_of=taken.written)
        pull = self._aged(finished(manifest, _judged(tally), taken.at, taken.at), taken)
        self._written = taken.written if pull.manifest.state.trusted else None
        return pull

    def _aged(self, pull: Pull, taken: Taken) -> Pull:
        """Doubt a file that is too old, whatever it says."""
        age = taken.at - taken.written
        if not pull.manifest.state.trusted or age <= timedelta(days=self._settings.max_age_days):
            return pull
        allowed = self._settings.max_age_days
        return doubted(pull, Cause.FILE_OLD, f"{age.days} days old; allowed are {allowed}")

    def _columns(self) -> tuple[Column, ...]:
        settings = self._settings
        return (
            Column("name", settings.name_headers),
            Column("email", settings.email_headers),
            Column("role", settings.role_headers, required=False),
            Column("linked", settings.linked_headers, required=False),
        )

    def _format(self) -> Format:
        return Format(self._settings.encoding, self._settings.final_line_break)

    def _read(self, rows: Iterable[Row]) -> Tally:
        tally = Tally(pages=1, bare=True)
        self._linked, self._unread = [], 0
        for row in rows:
            tally.received += 1
            try:
                person = _person(row)
            except RowFault as fault:
                tally.rejected[str(fault)] += 1
                tally.rows[f"?{tally.received}"] = None
                continue
            self._note_flag(row.get("linked", "").strip().casefold(), person)
            if person.id in tally.seen:
                tally.duplicate += 1
                continue
            tally.rows[person.id] = person
        return tally

    def _note_flag(self, said: str, person: AeRecord) -> None:
        """Keep what the column says; two rows of one person may contradict each other."""
        if said in YES | NO:
            self._linked.append(FlagRow(person.name, said in YES, email=person.email))
        elif said:
            self._unread += 1


def _judged(tally: Tally) -> Proof:
    found = flaw(tally)
    if found is not None:
        cause, detail = found
        return Proof([tally], cause.state, cause.value, detail)
    twice = f"{tally.duplicate} rows repeat an e-mail" if tally.duplicate else ""
    return Proof([tally], detail=twice)


def _person(row: Row) -> AeRecord:
    email = row["email"].strip()
    if not email:
        raise RowFault("email: missing")
    account, _, domain = email.rpartition("@")
    if not account or not domain or any(c.isspace() or not c.isprintable() for c in email):
        raise RowFault("email: not an address")
    return AeRecord(
        Kind.USER,
        email.casefold(),
        name_of(row["name"]),
        email=email,
        mode=name_of(row.get("role", "").strip()),
    )


def _check_encoding(name: str) -> None:
    try:
        codecs.lookup(name)
    except LookupError:
        raise ConfigError(
            f"the users file's encoding {name!r} does not exist",
            hint="utf-8, cp1252 and iso-8859-15 are common ones",
        ) from None
