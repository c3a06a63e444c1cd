"""What Halo's tickets proved tonight: a line in the footer, and the links that rest on them."""

from collections.abc import Iterable

from reports.view.parts import Fact
from reports.view.visible import visible
from sync.core.pulls import Tickets
from sync.core.records import Side
from sync.core.result import Origin, Result
from sync.words import N_, Several, Words

TICKETS = N_("Tickets as evidence")
READ = Several(
    "{clients} with tickets from AutoElevate in the last {days} days; {n} ticket read",
    "{clients} with tickets from AutoElevate in the last {days} days; {n} tickets read",
)
CLIENTS = Several("{n} client", "{n} clients")
MISSING = N_("missing tonight: {cause}")
PARTLY = N_("not read to the end: {cause}")
PROVEN = N_(
    "The link {ae} – {halo} is known now: AutoElevate raised tickets for that client, and no other "
    "company can be meant."
)
MOST = 5
MORE = Several(
    "{n} more link is known by its tickets.", "{n} more links are known by their tickets."
)


def read(result: Result, words: Words) -> list[Fact]:
    """One line where tickets are evidence: what they gave, or why there is none."""
    system = result.systems.get(Side.HALO)
    if system is None or system.tickets is None:
        return []
    return [Fact(words.gettext(TICKETS), " · ".join(_said(system.tickets, words)))]


def _said(tickets: Tickets, words: Words) -> Iterable[str]:
    if tickets.read or not tickets.cause:
        clients = str(words.say(CLIENTS, n=len(tickets.clients)))
        yield str(words.say(READ, n=tickets.read, clients=clients, days=tickets.days))
    if tickets.cause:
        cause = " ".join((words.cause(tickets.cause), visible(tickets.detail, 200))).strip()
        yield str(words.say(PARTLY if tickets.read else MISSING, cause=cause))


def proven(result: Result, words: Words) -> Iterable[str]:
    """The links that tickets made known: told once, in the night in which they did."""
    pairs = [pair for pair in result.pairs_made if pair.origin is Origin.TICKETS]
    for pair in pairs[:MOST]:
        yield str(words.say(PROVEN, ae=visible(pair.ae_name), halo=visible(pair.halo_name)))
    if len(pairs) > MOST:
        yield str(words.say(MORE, n=len(pairs) - MOST))
