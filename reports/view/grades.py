"""How much a grade may be believed: a line of the footer, beside the suggestions themselves."""

from collections.abc import Iterable

from reports.view.parts import Fact
from sync.core.result import Finding
from sync.core.suggest.measured import MEASURED
from sync.core.verdicts import Grade
from sync.words import N_, Words

LABEL = N_("Suggestions that proved right in tests")
OF_KIND = N_("{kind}: {strong} of the strong, {medium} of the medium, {weak} of the weak")


def read(findings: Iterable[Finding], words: Words) -> list[Fact]:
    """One line for the kinds that have suggestions tonight; none where there is none."""
    with_any = {finding.kind for finding in findings if finding.suggestions}
    said = []
    for kind, proved in MEASURED.items():
        if kind in with_any:
            shares = {grade.value: words.percent(*proved[grade]) for grade in Grade}
            said.append(str(words.say(OF_KIND, kind=words.kinds(kind), **shares)))
    return [Fact(words.gettext(LABEL), " · ".join(said))] if said else []
