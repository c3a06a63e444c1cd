"""Where log lines go and what they look like: one line each, in UTC, without secrets."""

import json
import logging
import logging.handlers
import os
import sys
import traceback
import unicodedata
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

from sync.app.redaction import Redactor

LOGGER = "halosync"
FILE_BYTES = 5 * 1024 * 1024
FILES = 10
FILE_DAYS = 30


def one_line(text: str) -> str:
    """Make whatever cannot be seen visible, so that a name forges no line and steers no terminal.

    A lone surrogate too: no file and no terminal takes one.
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode()


class LineFormatter(logging.Formatter):
    """Text lines, or JSON lines; redacted last of all."""

    def __init__(self, redactor: Redactor, *, as_json: bool = False) -> None:
        super().__init__()
        self._redactor, self._as_json = redactor, as_json

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        level, message = record.levelname.lower(), one_line(record.getMessage())
        trace = self._trace(record)
        if self._as_json:
            line = {"time": at, "level": level, "message": message}
            text = json.dumps(line | ({"traceback": trace} if trace else {}), ensure_ascii=False)
        else:
            text = f"{at} {level}: {message}" + "".join(f"\n    {row}" for row in trace)
        return self._redactor.clean(text)

    @staticmethod
    def _trace(record: logging.LogRecord) -> list[str]:
        if not record.exc_info:
            return []
        rows = "".join(traceback.format_exception(*record.exc_info)).splitlines()
        return [one_line(row) for row in rows]


def set_up(
    redactor: Redactor, *, level: int, as_json: bool = False, file: Path | None = None
) -> None:
    """Send log lines to stderr from this level on, and from INFO on to the file, if one is named.

    May be called again when the file becomes known; what was set up before is closed.
    """
    logger = logging.getLogger(LOGGER)
    close()
    logger.propagate = False
    logger.setLevel(min(level, logging.INFO))
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setLevel(level)
    handlers: list[logging.Handler] = [terminal]
    if file is not None:
        handlers.append(_file_handler(file, min(level, logging.INFO)))
    for handler in handlers:
        handler.setFormatter(LineFormatter(redactor, as_json=as_json))
        logger.addHandler(handler)


def close() -> None:
    """Close every handler of ours; called at the end of the process and before a new set-up."""
    logger = logging.getLogger(LOGGER)
    for handler in tuple(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    logger.propagate = True


class _PrivateFileHandler(logging.handlers.RotatingFileHandler):
    def _open(self) -> TextIOWrapper:
        stream = super()._open()
        if os.name == "posix":
            os.fchmod(stream.fileno(), 0o600)
        return stream


def _file_handler(file: Path, level: int) -> logging.Handler:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = _PrivateFileHandler(
        file, maxBytes=FILE_BYTES, backupCount=FILES - 1, encoding="utf-8"
    )
    handler.setLevel(level)
    return handler


def forget(folder: Path, now: datetime) -> None:
    """Remove rotated logs and crash files that nobody has written to for a month."""
    for file in (*folder.glob("*.log.*"), *folder.glob("crash-*.txt")):
        if now.timestamp() - file.stat().st_mtime > FILE_DAYS * 86_400:
            file.unlink()


def write_crash(folder: Path, error: BaseException, redactor: Redactor, facts: list[str]) -> Path:
    """Write a bug's redacted traceback where it can be sent from, and give the file."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"crash-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}.txt"
    rows = "".join(traceback.format_exception(error)).splitlines()
    text = redactor.clean("\n".join([*facts, "", *map(one_line, rows), ""]))
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
                   encoding="utf-8") as stream:  # fmt: skip
        stream.write(text)
    return file
