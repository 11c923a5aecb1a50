"""The PDF of a letter."""

from pdp.core.typeset import typeset
from pdp.letters.rules.letter import Letter, footer, to_plain


def render_pdf(letter: Letter) -> bytes:
    """Return the PDF, the same bytes each time."""
    made = letter.made
    data = {
        **to_plain(letter),
        "title": letter.title,
        "footer": footer(letter),
        "made": {"year": made.year, "month": made.month, "day": made.day, "hour": made.hour, "minute": made.minute},
    }
    return typeset("official_letter.typ", data, made)
