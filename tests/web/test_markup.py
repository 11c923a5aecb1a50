"""Pages whose parse is remembered are those alike but for their words."""

import html5lib
import pytest

from tests.support.markup import parse_strictly

PAGE = '<!doctype html><html lang="fr"><head><title>Un titre</title></head><body>{}</body></html>'


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<p>Bonjour</p>", "<p>Bonjour</div>"),
        ("<p>a et b</p>", "<p>a & b &inconnu;</p>"),
        ("<p>a et b</p>", "<p>a < b</p>"),
        ("<p>a et b</p>", "<p>a\x0bb</p>"),
        ('<p title="un">a</p>', '<p title="un" title="deux">a</p>'),
        ('<input value="un">', '<input value="un" deux">'),
    ],
)
def test_a_wrong_page_is_refused_after_a_right_one_like_it(right: str, wrong: str) -> None:
    parse_strictly(PAGE.format(right))
    with pytest.raises(html5lib.html5parser.ParseError):
        parse_strictly(PAGE.format(wrong))
