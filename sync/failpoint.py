"""Named places where a test may kill, stop or starve the process. Inert in ordinary use.

A failpoint acts only when the test entry point has armed it in this process: an environment
variable alone does nothing.
"""

from collections.abc import Callable

_armed: dict[str, Callable[[], None]] = {}
_seen: set[str] = set()


def failpoint(name: str) -> None:
    """Do what a test armed for this name; otherwise nothing."""
    _seen.add(name)
    act = _armed.get(name)
    if act is not None:
        act()


def arm(name: str, act: Callable[[], None]) -> None:
    """Test entry point: run `act` whenever the named place is passed."""
    _armed[name] = act


def disarm() -> None:
    _armed.clear()


def passed() -> frozenset[str]:
    """Every failpoint this process has gone through, for the test that counts them."""
    return frozenset(_seen)
