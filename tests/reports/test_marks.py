"""Where two names differ is marked, and what the eye misses is said."""

from hypothesis import given
from hypothesis import strategies as st

from reports.view.marks import compare, hard_to_see


def shown(a: str, b: str) -> tuple[str, str]:
    """Both names with what is marked in brackets."""
    return tuple(
        "".join(f"[{text}]" if role == "mark" else text for text, role in prose)
        for prose in compare(a, b)
    )


def test_whole_words_are_marked_where_they_are_different_words():
    assert shown("Smith & Sons  Ltd", "Smith and Sons Limited") == (
        "Smith [&] Sons [␣Ltd]",
        "Smith [and] Sons [Limited]",
    )


def test_single_letters_are_marked_inside_similar_words():
    assert shown("Jonson Motors", "Johnson Motors") == ("Jonson Motors", "Jo[h]nson Motors")
    assert shown("LT-0231", "LT-00231") == ("LT-0231", "LT-[0]0231")


def test_a_space_at_the_end_becomes_a_symbol():
    assert shown("Elm & Ash ", "Elm & Ash") == ("Elm & Ash[␣]", "Elm & Ash")


def test_invisible_characters_are_marked_by_name():
    assert shown("Ac\u200bme", "Acme") == ("Ac[⟨ZWSP⟩]me", "Acme")
    assert shown("Acme\u00a0Ltd", "Acme Ltd") == ("Acme[⟨NBSP⟩]Ltd", "Acme[␣]Ltd")


def test_a_letter_of_another_alphabet_is_marked():
    assert shown("\u0410cme Ltd", "Acme Ltd")[0] in {"[\u0410]cme Ltd", "[\u0410cme] Ltd"}


def test_names_that_differ_in_case_only_are_no_strangers():
    assert shown("ELM & ASH ", "Elm & Ash") == ("[ELM] & [ASH␣]", "[Elm] & [Ash]")


def test_two_names_with_nothing_in_common_are_left_unmarked():
    assert shown("Contoso", "Acorn Building") == ("Contoso", "Acorn Building")


ordinary = st.text(
    st.characters(categories=("L", "N", "P"), exclude_characters="⟨⟩␣…"), max_size=60
)


@given(ordinary, ordinary)
def test_marking_neither_loses_nor_adds_a_letter(a, b):
    for text, marked in zip((a, b), compare(a, b), strict=True):
        assert "".join(piece for piece, _ in marked) == text


def test_it_says_what_is_easily_missed():
    assert hard_to_see("Smith  Ltd", "Smith Ltd") == ("two spaces in a row",)
    assert hard_to_see("Smith Ltd ", "Smith Ltd") == ("a space after the name",)
    assert hard_to_see("O\u2019Brien", "O'Brien") == ("a curly apostrophe or quotation mark",)
    assert hard_to_see("A\u2013B", "A-B") == ("a dash that is not the keyboard’s hyphen",)
    assert hard_to_see("\u0410cme", "Acme") == ("letters of another alphabet that look the same",)
    assert hard_to_see("Cafe\u0301", "Café") == ("the same letters in another encoding",)


def test_it_says_nothing_of_what_anybody_sees():
    assert hard_to_see("Smith & Sons", "Smith and Sons") == ()


def test_a_heap_of_marks_is_not_set_beside_the_other_name():
    ours, _ = compare("Zalgo" + "\u0335" * 90, "Zalgo")

    assert "".join(piece.text for piece in ours).count("\u0335") == 3
