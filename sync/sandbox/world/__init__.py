"""The seeded world that the two systems show: created once, then one night after another."""

from datetime import datetime
from random import Random
from typing import Self

from sync.sandbox.world.build import Builder
from sync.sandbox.world.estate import Estate
from sync.sandbox.world.nights import ask_for_rights, fall_silent, pass_night
from sync.sandbox.world.people import hire
from sync.sandbox.world.tickets import by_hand
from sync.sandbox.world.truth import TruthRow, truth_rows
from sync.sandbox.world.wrongs import go_wrong

SILENT_SHARE = 0.05


class World(Estate):
    @classmethod
    def create(cls, seed: int, companies: int, computers: int, epoch: datetime) -> Self:
        """Day zero. The same arguments give the same world in every process."""
        world = cls(seed, epoch)
        rng = Random(f"{seed}/day0")
        builder = Builder(world, rng)
        builder.internal()
        builder.customers(companies, max(companies, computers))
        go_wrong(world, rng)
        fall_silent(world, rng, SILENT_SHARE)
        hire(world, rng, max(12, min(200, companies // 4)))
        ask_for_rights(world, rng, days=20)
        world.by_hand = by_hand(world)
        return world

    def advance(self, nights: int) -> None:
        """Let so many days go by."""
        with self.changing():
            for _ in range(nights):
                pass_night(self)

    def truth(self, linking: str = "exact") -> list[TruthRow]:
        """For every AutoElevate record: whose it is, and whether it links by itself."""
        return truth_rows(self, linking)
