"""What a goal's run counts, and the one line that is printed of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Tier = Literal["push", "release", "nightly"]
TIERS: tuple[Tier, ...] = ("push", "release", "nightly")


@dataclass(slots=True)
class Tally:
    """Trials made, and a sentence for each thing that must not have happened."""

    trials: int = 0
    violations: list[str] = field(default_factory=list)
    notes: dict[str, object] = field(default_factory=dict)
    """Further figures of the printed line: name -> value."""
    asked: Counter[str] = field(default_factory=Counter)
    """Every request that was sent, by shape (`tests.reliability.recorder`)."""

    def broken(self, *what: str) -> None:
        self.violations.extend(what)

    def add(self, other: "Tally") -> None:
        self.trials += other.trials
        self.violations += other.violations
        self.asked.update(other.asked)


@dataclass(frozen=True, slots=True)
class Line:
    """One goal's line."""

    goal: str
    tally: Tally
    seconds: float
    seed: int
    sabotage: int | None = None
    """Violations found with a guard removed; None = that run is not of this tier."""

    @property
    def met(self) -> bool:
        return not self.tally.violations and self.tally.trials > 0 and self.sabotage != 0

    def __str__(self) -> str:
        facts = {
            "trials": self.tally.trials,
            "violations": len(self.tally.violations),
            "seconds": f"{self.seconds:.1f}",
            "seed": self.seed,
            **self.tally.notes,
        }
        if self.sabotage is not None:
            facts["sabotage"] = self.sabotage
        return f"{self.goal}: " + " ".join(f"{name}={value}" for name, value in facts.items())


def first(violations: Iterable[str], most: int = 12) -> list[str]:
    """The violations worth printing: each kind of sentence is seen, none fills the screen."""
    listed = list(violations)
    more = [f"... and {len(listed) - most} more"] if len(listed) > most else []
    return listed[:most] + more
