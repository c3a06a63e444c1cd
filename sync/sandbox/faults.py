"""The script of what goes wrong: {endpoint, page, attempt} -> verb, and hooks into a pull."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sync.sandbox.verbs import Verb
from sync.sandbox.wire import Ask

Act = Callable[[], object]


@dataclass(frozen=True)
class Rule:
    """One line of the script. Page or attempt None = every one."""

    endpoint: str
    does: Verb | Act
    page: int | None
    attempt: int | None

    def fits(self, ask: Ask) -> bool:
        return (
            self.endpoint in {ask.endpoint, "*"}
            and self.page in {None, ask.page}
            and self.attempt in {None, ask.attempt}
        )


class Faults:
    """The script of one sandbox.

    Endpoints: `halo.` token, authinfo, clients, sites, assets, agents, agents.me, teams, roles,
    assettypes, applications, instance, tickets, actions; `ae.` companies, locations, computers,
    usage, audit-logs, elevation-requests; `*` is all of them. Answers by id are `halo.clients.one`
    and the like, page 0. Pages count from 1 (AutoElevate: `skip` divided by `take`, plus 1).
    `attempt` counts how often that very page of that endpoint was asked for, from 1.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: Counter[tuple[str, int]] = Counter()
        self._rules: list[Rule] = []
        self._before: list[Rule] = []
        self._after: list[Rule] = []

    def on(
        self, endpoint: str, *verbs: Verb, page: int | None = None, attempt: int | None = None
    ) -> None:
        """Let these verbs act whenever endpoint, page and attempt fit."""
        self._rules += [Rule(endpoint, verb, page, attempt) for verb in verbs]

    def script(self, lines: dict[tuple[str, int | None, int | None], Verb]) -> None:
        for (endpoint, page, attempt), verb in lines.items():
            self.on(endpoint, verb, page=page, attempt=attempt)

    def before(
        self,
        endpoint: str,
        act: Act,
        *,
        page: int | None = None,
        attempt: int | None = None,
    ) -> None:
        """Do this (change the world, say) just before that page is read."""
        self._before.append(Rule(endpoint, act, page, attempt))

    def after(
        self,
        endpoint: str,
        act: Act,
        *,
        page: int | None = None,
        attempt: int | None = None,
    ) -> None:
        """Do this when that page has been read and before its bytes leave."""
        self._after.append(Rule(endpoint, act, page, attempt))

    def clear(self) -> None:
        """Forget the script and what was asked so far."""
        with self._lock:
            self._asked.clear()
            for rules in (self._rules, self._before, self._after):
                rules.clear()

    def number(self, ask: Ask) -> None:
        """Count this question as the next attempt at its page."""
        with self._lock:
            self._asked[ask.endpoint, ask.page] += 1
            ask.attempt = self._asked[ask.endpoint, ask.page]

    def verbs(self, ask: Ask) -> list[Verb]:
        return [r.does for r in list(self._rules) if r.fits(ask) and isinstance(r.does, Verb)]

    def just_before(self, ask: Ask) -> None:
        _do(self._before, ask)

    def just_after(self, ask: Ask) -> None:
        _do(self._after, ask)


def _do(rules: list[Rule], ask: Ask) -> None:
    for rule in list(rules):
        if rule.fits(ask) and callable(rule.does):
            rule.does()
