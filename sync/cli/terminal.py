"""What the operator sees: answers on stdout, the rest on stderr, secrets on neither."""

import csv
import io
import json
import logging
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.app.redaction import Redactor
from sync.errors import SyncError

if TYPE_CHECKING:
    from rich.console import Console

    from sync.app.installation import Installation

SCHEMA_VERSION = 1
PIPED_WIDTH = 120
"""Where there is no terminal to ask for its width."""


@dataclass(slots=True)
class Terminal:
    """The options that every command knows, and the ways to speak that follow from them."""

    config: str | None = None
    verbose: int = 0
    quiet: bool = False
    as_json: bool = False
    log_json: bool = False
    log_file: Path | None = None
    redactor: Redactor = field(default_factory=Redactor)
    crash_folder: Path | None = None

    def installation(self) -> "Installation":
        """Load the configuration; what its secrets are is known from here on."""
        from sync.app.installation import installation

        return installation(self.config, self.redactor)

    def log_beside(self, here: "Installation") -> None:
        """Log into the state directory too, and leave crash files there."""
        self.crash_folder = here.where.logs
        self.start_logging(here.where.log_file)

    def start_logging(self, file: Path | None = None) -> None:
        """Log to stderr as loud as asked for, and to the file (a named one goes first)."""
        from sync.app.logs import set_up

        level = logging.ERROR if self.quiet else logging.WARNING - 10 * min(self.verbose, 2)
        set_up(self.redactor, level=level, as_json=self.log_json, file=self.log_file or file)

    def console(self, *, stderr: bool = False) -> "Console":
        """Open rich's console: colour on a terminal only, and NO_COLOR obeyed."""
        from rich.console import Console

        piped = None if (sys.stderr if stderr else sys.stdout).isatty() else PIPED_WIDTH
        return Console(stderr=stderr, highlight=False, width=piped)

    def say(self, text: str = "", *, always: bool = False) -> None:
        """Print a line of the answer; with --json only where that line is the document."""
        if always or not self.as_json:
            print(self._harmless(text), flush=always)  # noqa: T201

    def table(self, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print the answer as CSV in UTF-8: each cell as it stands, unless eyes are to read it."""
        shown = self._harmless if sys.stdout.isatty() else str
        text = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="")
        try:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(header)
            writer.writerows([shown(str(cell)) for cell in row] for row in rows)
        finally:
            text.detach()

    def note(self, text: str) -> None:
        """Print a line beside the answer."""
        if not self.quiet and not self.as_json:
            print(self._harmless(text), file=sys.stderr)  # noqa: T201

    def document(self, command: str, **content: Any) -> None:
        """Print the answer for machines."""
        body = {"schema_version": SCHEMA_VERSION, "command": command, **content}
        print(self.redactor.clean(_as_json(body)), flush=True)  # noqa: T201

    def error(self, error: SyncError) -> None:
        """Say what happened and what to do."""
        if self.as_json:
            self._error_document(error)
            return
        lines = [f"halosync: {error}"]
        if error.hint:
            lines.append(f"  -> {error.hint}")
        print(self._harmless("\n".join(lines)), file=sys.stderr)  # noqa: T201

    def _harmless(self, text: str) -> str:
        """Without secrets, and without anything but line ends that a terminal would obey."""
        lines = self.redactor.clean(text).split("\n")
        if not all(line.isprintable() for line in lines):
            from sync.app.logs import one_line

            lines = [one_line(line) for line in lines]
        return "\n".join(lines)

    def _error_document(self, error: SyncError) -> None:
        body: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "error": str(error).splitlines()[0],
            "hint": error.hint,
            "exit_code": int(error.exit_code),
        }
        mistakes = getattr(error, "mistakes", ())
        if mistakes:
            body["mistakes"] = [
                {"origin": m.origin, "path": m.path, "message": m.message, "hint": m.hint}
                for m in mistakes
            ]
        print(self.redactor.clean(_as_json(body)), file=sys.stderr)  # noqa: T201


def _as_json(body: Any) -> str:
    """Readable where the terminal has the letters; what cannot be seen stays escaped."""
    text = json.dumps(body, ensure_ascii=not _utf8(), default=str)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _utf8() -> bool:
    return (sys.stdout.encoding or "").casefold().replace("-", "") == "utf8"


def interactive() -> bool:
    """Whether a person watches stderr: progress bars are for people."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
