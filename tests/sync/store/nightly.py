"""Whole nights against a real database file: the core judges, the store remembers."""

import sqlite3
from contextlib import closing
from datetime import timedelta

from sync.core import guard
from sync.core.judge import Settings, judge
from sync.core.records import Kind
from sync.core.result import Edition, Letter
from tests.build import ae, halo


class Nights:
    """Runs one night after the other, a day apart."""

    def __init__(self, store, clock):
        self.store, self.clock = store, clock

    def begin(self, slot=None):
        return self.store.begin(
            slot or f"nightly/{self.clock.at:%Y-%m-%d}",
            self.clock.at,
            timezone="Europe/Madrid",
            config_hash="c0ffee",
        )

    def decide(self, facts, world, answers=None):
        past = self.store.recall(facts.started)
        gaps = guard.missing(world, past).items()
        standing = {c: self.store.standing(c, ids) for c, ids in gaps}
        trust = guard.weigh(world, past, answers or {}, standing, guard.Limits())
        return judge(facts, world, trust, past, Settings())

    def run(self, world, *, answers=None, letters=(), files=None, slot=None):
        facts = self.begin(slot)
        result = self.decide(facts, world, answers)
        self.store.publish(world, result, Edition(tuple(letters), files or {}))
        self.clock.at += timedelta(days=1)
        return result


def estate(count=10, *, company="Acme", client="Acme", of=range(10)):
    """One company with computers, all linked by name."""
    computers = [i for i in of if i < count]
    return [
        ae(Kind.COMPANY, "c1", company),
        halo(Kind.COMPANY, "1", client),
        *(ae(Kind.COMPUTER, f"pc{i}", f"PC-{i}", inside="c1") for i in computers),
        *(halo(Kind.COMPUTER, f"{100 + i}", f"PC-{i}", inside="1") for i in computers),
    ]


def letter(to=("admin@msp.example",), *, id="<1.a.full@host>", body=b"Subject: x\r\n\r\nHello"):  # noqa: A002
    return Letter(tuple(to), "Subject", id, body, b"Subject: x\r\n\r\nShort")


def rows(path, query, *values):
    """Ask the file itself, past the store."""
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute(query, values).fetchall()


def spoil(path, *statements):
    """Change the file behind the store's back."""
    with closing(sqlite3.connect(path)) as raw:
        for statement in statements:
            raw.execute(statement)
        raw.commit()


def changes(path):
    """Every row of every table but the run's own, to see what a night wrote."""
    quiet = ("record", "verdict", "finding", "pair", "tally", "meta", "decision", "outbox")
    return {table: set(rows(path, f"SELECT * FROM {table}")) for table in quiet}
