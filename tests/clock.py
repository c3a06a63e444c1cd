"""The clock of tests that tell nights one after the other: it stands still until told otherwise."""

from datetime import timedelta

from tests.build import NIGHT


class Calendar:
    def __init__(self) -> None:
        self.at = NIGHT

    def now(self):
        return self.at

    def monotonic(self):
        return self.at.timestamp()

    def wait(self, seconds):
        self.at += timedelta(seconds=seconds)

    def check(self):
        """Nobody asks this to stop."""
