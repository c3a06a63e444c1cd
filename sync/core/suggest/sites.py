"""How a location's name is read inside its company, where the company's own name says nothing."""

from sync.core.suggest.explain import explain
from sync.core.suggest.organisations import Form, read, words_of
from sync.core.suggest.reasons import reason
from sync.core.suggest.vocabulary import word_set
from sync.core.verdicts import Reason

MAIN = "main"
"""What every name reads as that a site gets when nobody names it."""

_MAIN_WORDS = word_set(
    """
    main hq headquarter headquarters head primary default corporate corp central principal
    hauptsitz zentrale haupt sede central siege customer consumer unknown none
    """
)
_PLACE_WORDS = word_set(
    """
    office offices ofc site location branch oficina standort buro filiale bureau sucursal campus
    facility
    """
)


def read_site(name: str, parent_name: str = "") -> Form:
    """Take a location's name apart; a name that says nothing of the place reads as `main`."""
    of_company = set(words_of(parent_name)) | set(read(parent_name).words)
    words = [word for word in words_of(name) if word not in of_company]
    place = [word for word in words if word not in _PLACE_WORDS]
    told = [word for word in place if word not in _MAIN_WORDS]
    return Form(tuple(told) or (MAIN,), frozenset(), "")


def explain_site(left: tuple[str, Form], right: tuple[str, Form]) -> tuple[Reason, ...]:
    """Give the reasons for a pair of locations."""
    if left[0] == right[0] or left[1].words != right[1].words:
        return explain(left, right)
    if left[1].words == (MAIN,):
        return (reason("default-name"),)
    if read(left[0]).squashed != read(right[0]).squashed:
        return (reason("only-site-words"),)
    return explain(left, right)
