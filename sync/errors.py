"""Failures an operator can act on: what happened, what to do, and the exit code."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes; the README's table is checked against this one."""

    OK = 0
    BUG = 1
    USAGE = 2
    WITHHELD = 3
    MAIL_NOT_ACCEPTED = 4
    BRAKE = 5
    SOURCE_DOWN = 6
    FINDINGS = 10
    TEMPORARY = 75
    CONFIG = 78
    SIGINT = 130
    SIGTERM = 143


class SyncError(Exception):
    """Something outside our control went wrong; `hint` says what to do about it."""

    exit_code: Exit = Exit.BUG

    def __init__(self, what: str, *, hint: str = "") -> None:
        super().__init__(what)
        self.hint = hint


class UsageError(SyncError):
    """The command line asks for something that does not exist."""

    exit_code = Exit.USAGE


class ConfigError(SyncError):
    """The run cannot start: configuration, permissions, time zone, database."""

    exit_code = Exit.CONFIG


class Busy(SyncError):  # noqa: N818 - a state of the world, not an error of ours
    """Another run holds the lock, or another program the database."""

    exit_code = Exit.TEMPORARY


class Stopped(SyncError):  # noqa: N818 - asked for, not an error
    """A stop was asked for; the transaction was rolled back."""

    exit_code = Exit.SIGTERM


class DeadlinePassed(SyncError):  # noqa: N818
    """The run took longer than its deadline; nothing was published."""

    exit_code = Exit.BUG


class SlotDone(SyncError):  # noqa: N818 - good news
    """The slot was published already; a second run of it is a no-op."""

    exit_code = Exit.OK


PUBLISHED_BEFORE = "the run's report was published before this happened"


def after_publishing(error: BaseException) -> None:
    """Note on an error that it cost nobody the report."""
    error.add_note(PUBLISHED_BEFORE)


def was_published(error: BaseException) -> bool:
    return PUBLISHED_BEFORE in getattr(error, "__notes__", ())
