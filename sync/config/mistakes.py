"""What is wrong with a configuration, where, and what to write instead; all of it at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.errors import ConfigError

Path = tuple[str | int, ...]
"""Where a value sits in the configuration: ("halo", "base_url"), ("report", "recipients", 0)."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to correct."""

    origin: str
    """`config.yaml:12`, `environment HALOSYNC_HALO__TENANT`, a credentials file, ..."""
    path: str
    """The key, dotted: `report.recipients.0.to`; empty when the whole file is meant."""
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.origin}: {self.path}" if self.path else self.origin
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}: {self.message}{hint}"


class ConfigMistakes(ConfigError):  # noqa: N818 - named for what it lists
    """The configuration cannot be used; nothing was contacted and nothing was changed."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        count = len(self.mistakes)
        noun = "mistake" if count == 1 else "mistakes"
        lines = "\n".join(f"  {mistake}" for mistake in self.mistakes)
        super().__init__(
            f"{count} {noun} in the configuration; nothing was contacted\n{lines}",
            hint="correct the lines above and try `halosync config check`",
        )


def dotted(path: Path) -> str:
    return ".".join(str(part) for part in path)
