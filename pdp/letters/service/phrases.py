"""The sentences offered where an opinion, its reasons or a note are written."""

from collections.abc import Sequence

from pdp.dispositifs.enums import Dispositif
from pdp.letters.enums import TextKind
from pdp.letters.service.texts import current_texts
from pdp.meetings.hooks import Phrase, PhraseUse

_USES = {
    TextKind.REASONS: PhraseUse.REASONS,
    TextKind.CONDITIONS: PhraseUse.CONDITIONS,
    TextKind.AWAITED: PhraseUse.AWAITED,
    TextKind.NOTE: PhraseUse.NOTE,
}


def find_phrases(cellule_id: int, dispositif: Dispositif) -> Sequence[Phrase]:
    """Return the sentences in use for a dispositif, its own before those for all; inside a transaction."""
    found = [
        text
        for text in current_texts(cellule_id).values()
        if text.active and text.kind in _USES and text.dispositif in (None, dispositif)
    ]
    found.sort(key=lambda text: text.dispositif is None)
    return [Phrase(_USES[text.kind], text.title, text.body) for text in found]
