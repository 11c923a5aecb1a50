"""Two people who type in the same note: what only one touched is taken, and nothing typed is ever missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdp.core.merge3 import merge

# base, mine, theirs, what both become
TOGETHER = {
    "nobody wrote": ("", "", "", ""),
    "I alone wrote": ("", "Accord.", "", "Accord."),
    "they alone wrote": ("", "", "Réserve.", "Réserve."),
    "both began": ("", "Accord.", "Réserve.", "Réserve.\nAccord."),
    "both began alike": ("", "Accord.", "Accord.", "Accord."),
    "I changed the first, they the last": ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
    "neighbours": ("a\nb", "A\nb", "a\nB", "A\nB"),
    "I changed the last, they added one": ("a\nb", "a\nB", "a\nb\nc", "a\nB\nc"),
    "I changed the last and added one, they added one": ("a", "A\nx", "a\ny", "A\ny\nx"),
    "both added at the end": ("a", "a\nx", "a\ny", "a\ny\nx"),
    "both added at the beginning": ("a", "x\na", "y\na", "y\nx\na"),
    "I removed what they left": ("a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"),
    "both removed the same": ("a\nb", "a", "a", "a"),
    "both changed alike": ("a", "A", "A", "A"),
    "I removed everything, they nothing": ("a\nb", "", "a\nb", ""),
    "blank lines": ("a\n\nb", "a\n\nb\n\nx", "A\n\nb", "A\n\nb\n\nx"),
    "the same paragraph added by both, and one more": ("a", "a\nx\ny", "a\nx", "a\nx\ny"),
}
# base, mine, theirs, both texts one after the other
APART = {
    "the same paragraph": ("a", "A mine", "A theirs", "A theirs\nA mine"),
    "the same among others": ("a\nb\nc", "a\nB1\nc", "a\nB2\nC", "a\nB2\nB1\nC"),
    "I removed what they changed": ("a\nb", "a", "a\nB", "a\nB"),
    "they removed what I changed": ("a\nb", "a\nB", "a", "a\nB"),
}


@pytest.mark.parametrize("case", TOGETHER)
def test_different_paragraphs_are_brought_together(case: str) -> None:
    base, mine, theirs, expected = TOGETHER[case]
    found = merge(base, mine, theirs)
    assert (found.text, found.agreed) == (expected, True)


@pytest.mark.parametrize("case", APART)
def test_the_same_paragraph_is_kept_both_ways(case: str) -> None:
    base, mine, theirs, expected = APART[case]
    found = merge(base, mine, theirs)
    assert (found.text, found.agreed) == (expected, False)


_texts = st.lists(st.sampled_from(["", "a", "b", "c", "d", "e"]), max_size=7).map("\n".join)


def _paragraphs(text: str) -> set[str]:
    return {line for line in text.split("\n") if line}


@given(_texts, _texts, _texts)
def test_nothing_typed_by_either_is_ever_missing(base: str, mine: str, theirs: str) -> None:
    found = _paragraphs(merge(base, mine, theirs).text)
    assert _paragraphs(mine) - _paragraphs(base) <= found
    assert _paragraphs(theirs) - _paragraphs(base) <= found
    assert found <= _paragraphs(base) | _paragraphs(mine) | _paragraphs(theirs)


@given(_texts, _texts)
def test_what_one_alone_wrote_is_taken_as_it_is(base: str, text: str) -> None:
    assert merge(base, text, base).text == text
    assert merge(base, base, text).text == text
    assert merge(base, text, text).text == text
    assert merge(base, text, text).agreed


@given(_texts, _texts, _texts)
def test_a_second_save_of_the_same_text_adds_nothing(base: str, mine: str, theirs: str) -> None:
    first = merge(base, mine, theirs)
    again = merge(mine, mine, first.text)
    assert again.text == first.text
    assert again.agreed
