"""How a location's name is read inside its company, where the company's own name says nothing."""

from itertools import zip_longest

from rapidfuzz.distance import JaroWinkler

from sync.core.suggest.explain import explain
from sync.core.suggest.organisations import Form, read, words_of
from sync.core.suggest.reasons import reason
from sync.core.suggest.table import initials
from sync.core.suggest.vocabulary import word_set
from sync.core.verdicts import Grade, Reason

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


_NO_PLACE = word_set("unknown none")
"""A name that only says that the place is not known."""
_NOBODY_S = word_set("customer consumer")
"""What AutoElevate's installer writes where nobody names a location."""
_STREETS = word_set("street avenue road boulevard drive lane square plaza")
_IN_ADDRESSES = {"rd": "road", "ln": "lane", "dr": "drive", "ft": "fort", "mt": "mount"}
_TELLING = word_set(
    """
    north south east west northeast northwest southeast southwest norte sur este oeste nord sud
    upper lower old new first second third fourth ground
    """
)
"""Words that set a place apart from one that has all its other words; so do numbers, letters."""
_STATES = word_set(
    """
    al ak az ar ca co ct de fl ga hi ia il ks ky la ma md me mi mn mo ms mt nc nd ne nh nj nm nv ny
    oh ok or pa ri sc sd tn tx ut va vt wa wi wv wy
    """
)
"""They set two places apart as the last word of both: `Portland OR`, `Portland ME`."""
_LANDS = _STATES | word_set(
    """
    usa us uk eeuu canada mexico spain espana england scotland wales ireland texas california
    """
)
"""An address that ends in one of these names no other place by it."""
_ONE_SPELLING = 0.86
TWO_PLACES = 0.45
"""The most that two places can score: under the floor, never shown."""
_DOUBTFUL = 0.6


def read_site(name: str, parent_name: str = "") -> Form:
    """Take a location's name apart; a name that says nothing of the place reads as `main`."""
    of_company = set(words_of(parent_name)) | set(read(parent_name).words)
    words = [word for word in _written_out(name) if word not in of_company]
    place = [word for word in words if word not in _PLACE_WORDS]
    told = [
        word
        for word, after in zip_longest(place, place[1:])
        if word not in _MAIN_WORDS or (word == MAIN and after in _STREETS)
    ]
    return Form(tuple(told) or (MAIN,), frozenset(), "")


def _written_out(name: str) -> list[str]:
    """Read the words as an address means them: `Elm St` is a street, `St. Louis` a saint."""
    words = [_IN_ADDRESSES.get(word, word) for word in words_of(name)]
    for at, word in enumerate(words):
        is_last = at == len(words) - 1
        if at and word == "saint" and (is_last or words[0].isdigit()):
            words[at] = "street"
        elif at and word == "doctor" and (is_last or words[0].isdigit()):
            words[at] = "drive"
        elif word == "saint" and not is_last and words[at + 1].isdigit():
            words[at] = "suite"
    return words


def bound(left: tuple[str, Form], right: tuple[str, Form]) -> tuple[float, Grade]:
    """Give the most that a pair of locations may score, and the best grade it may have."""
    if left[1].words == right[1].words:
        said = set(words_of(left[0])) | set(words_of(right[0]))
        if left[1].words != (MAIN,) or said.isdisjoint(_NO_PLACE | _NOBODY_S):
            return 1.0, Grade.STRONG
        return 1.0, Grade.MEDIUM if said.isdisjoint(_NO_PLACE) else Grade.WEAK
    if (MAIN,) in (left[1].words, right[1].words) or two_places(left[1], right[1]):
        return TWO_PLACES, Grade.WEAK
    ours, theirs = _left_over(left[1], right[1])
    if ours and theirs:  # `Park Clinic` and `Lake Clinic`
        return _DOUBTFUL, Grade.WEAK
    # `Dallas 2` is hardly `Dallas`, and `Dallas Clinic` perhaps; `Dallas, TX` is.
    return 1.0, Grade.STRONG if _LANDS.issuperset(ours + theirs) else Grade.WEAK


def two_places(left: Form, right: Form) -> bool:
    """Tell whether each says what the other is not: `Depot 12`, `Depot 14`; `East`, `West`."""
    over = _left_over(left, right)
    told = (any(map(_tells, words)) for words in over)
    return all(told) or all(words and words[-1] in _STATES for words in over)


def _tells(word: str) -> bool:
    return word in _TELLING or len(word) == 1 or any(c.isdigit() for c in word)


def _left_over(left: Form, right: Form) -> tuple[list[str], list[str]]:
    """Give the words of each that the other has in no spelling."""
    short, whole = sorted((left, right), key=lambda form: len(form.squashed))
    if short.squashed in initials(whole) or short.squashed == whole.squashed:
        return [], []
    ours = [word for word in left.words if word not in right.words]
    theirs = [word for word in right.words if word not in left.words]
    return (
        [word for word in ours if not _spelled_in(word, theirs)],
        [word for word in theirs if not _spelled_in(word, ours)],
    )


def _spelled_in(word: str, others: list[str]) -> bool:
    return not _tells(word) and any(
        not _tells(other) and JaroWinkler.similarity(word, other) >= _ONE_SPELLING
        for other in others
    )


def explain_site(left: tuple[str, Form], right: tuple[str, Form]) -> tuple[Reason, ...]:
    """Give the reasons for a pair of locations."""
    if left[0] == right[0] or left[1].words != right[1].words:
        return explain(left, right)
    if left[1].words == (MAIN,):
        return (reason("default-name"),)
    if read(left[0]).squashed == read(right[0]).squashed:
        return explain(left, right)
    abbreviated = _written_out(left[0]) == _written_out(right[0])
    return (reason("only-abbreviation" if abbreviated else "only-site-words"),)
