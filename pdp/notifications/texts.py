"""The words of a mail: the sentences of its kind, a link and at most a reference; 72 columns.

The templates hold no logic: `$texte`, `$reference`, `$faits` and `$lien` are all that is ever replaced, so
that no wording can pull in a name or a text.
"""

from collections.abc import Mapping
from functools import lru_cache
from string import Template
from textwrap import fill

from pdp.core.french import NBSP
from pdp.core.resources import data_dir
from pdp.notifications.enums import Family, NoticeKind

_COLUMNS = 72
_ABOUT = {
    Family.CASES: "sur des dossiers",
    Family.MEETINGS: "sur des séances ou des consultations",
    Family.DUTIES: "sur la vie de la cellule",
}


def sentences(kind: NoticeKind) -> str:
    """Return what a kind says, one paragraph after the other, on the page as in the mail."""
    return _read(f"{kind.value}.txt")


def count_in_words(counts: Mapping[Family, int]) -> str:
    """Say how much awaits somebody, family by family: « 4 éléments vous attendent : 3 sur des dossiers, … »."""
    total = sum(counts.values())
    parts = [f"{counts[family]}{NBSP}{_ABOUT[family]}" for family in Family if counts.get(family)]
    awaits = "élément vous attend" if total == 1 else "éléments vous attendent"
    return f"{total}{NBSP}{awaits}{NBSP}: {', '.join(parts)}."


def body(
    kind: NoticeKind,
    link: str,
    reference: str | None,
    *,
    frame: str = "_frame.txt",
    facts: str = "",
    counted: str = "",
) -> str:
    """Return the plain text of a mail. `link` is absolute; `reference` is the case's own number.

    `frame` is what surrounds the sentences: another one for a link that opens a door. `facts` says when and where;
    `counted` how much awaits, before the sentences.
    """
    text = Template(_read(frame)).substitute(
        texte="\n\n".join(filter(None, (counted, sentences(kind)))),
        reference=f"Référence{NBSP}: {reference}" if reference else "",
        lien=link,
        faits=facts,
    )
    paragraphs = [paragraph for paragraph in text.split("\n\n") if paragraph.strip()]
    return "\n\n".join(_wrap(paragraph) for paragraph in paragraphs) + "\n"


def _wrap(paragraph: str) -> str:
    # A link is never cut: it stands alone on its line, however long.
    return fill(paragraph.strip(), _COLUMNS, break_long_words=False, break_on_hyphens=False)


@lru_cache(maxsize=64)
def _read(name: str) -> str:
    return (data_dir("templates") / "emails" / name).read_text().strip()
