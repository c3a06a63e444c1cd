"""Foreign names become visible and harmless."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from reports.view.visible import header_text, is_clean, marker, pasteable, visible


def test_an_ordinary_name_is_left_alone():
    for name in ("Smith & Sons Ltd", "Ñandú, S.L.", "株式会社", "Zürich – HQ", "🔧 Werkstatt"):
        assert visible(name) == name


def test_what_cannot_be_seen_gets_a_marker():
    assert visible("Ac\u200bme\u00a0Ltd") == "Ac⟨ZWSP⟩me⟨NBSP⟩Ltd"
    assert visible("a\u202eb\r\n\0") == "a⟨RLO⟩b⟨CR⟩⟨LF⟩⟨NUL⟩"
    assert visible("x\u2800y\ud800") == "x⟨U+2800⟩y⟨U+D800⟩"


def test_a_name_is_cut_at_120_characters():
    assert len(visible("A" * 10_000)) == 120
    assert visible("A" * 10_000).endswith("A…")
    assert visible("A" * 120) == "A" * 120


def test_stacked_marks_cannot_cover_other_lines():
    tower = "Z" + "\u0335" * 90

    assert visible(tower) == "Z" + "\u0335" * 3 + "⟨…⟩"


def test_a_heap_of_marks_is_one_in_any_script_and_what_a_language_needs_is_none():
    for heap in ("ก" + "\u0e49" * 60, "x" + "\ufe20" * 9, "ب" + "\u064b" * 5):
        assert visible(heap) == heap[:4] + "⟨…⟩"
    for word in ("ကြို့", "རྒྱུད", "שָׁלוֹם", "\u2764\ufe0f"):
        assert visible(word) == word


@given(st.text(max_size=300))
def test_nothing_invisible_ever_passes(text):
    shown = visible(text)

    assert shown.isprintable()
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in shown)


@given(st.text(max_size=300))
def test_a_header_stays_one_line(text):
    assert not set("\r\n\0\u202e\u2028") & set(header_text(text))


def test_the_text_to_paste_is_what_a_person_can_type():
    assert pasteable("  Smith\u00a0&  Sons\u200b Ltd ") == "Smith & Sons Ltd"
    assert pasteable("Cafe\u0301") == "Café"
    assert is_clean("Smith & Sons Ltd")
    assert not is_clean("Smith  & Sons")
    assert not is_clean("Smith ")


def test_a_space_needs_no_marker_but_every_other_white_space_does():
    assert marker(" ") == ""
    assert marker("\t") == "⟨TAB⟩"
    assert marker("\u3000") == "⟨IDSP⟩"
