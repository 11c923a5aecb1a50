"""Which letters a request calls for, from its opinion and its decision."""

from pdp.letters.enums import LetterKind
from pdp.meetings.enums import DecisionOutcome, OpinionCode

_OF_OPINION = {
    OpinionCode.FAVOURABLE: LetterKind.FAVOURABLE,
    OpinionCode.FAVOURABLE_WITH_CONDITIONS: LetterKind.CONDITIONS,
    OpinionCode.ADJOURNED: LetterKind.ADJOURNED,
}
_TO_THE_EMPLOYER = frozenset({OpinionCode.FAVOURABLE, OpinionCode.FAVOURABLE_WITH_CONDITIONS})


def offered(opinion: OpinionCode | None, decision: DecisionOutcome | None) -> tuple[LetterKind, ...]:
    """Return the letters that may be written, the one that is due first.

    A refused decision takes the place of the opinion: the insured gets one letter, which says what holds.
    """
    refused = decision is DecisionOutcome.REFUSED
    kinds = [LetterKind.REFUSAL] if refused else []
    if opinion in _OF_OPINION and not refused:
        kinds.append(_OF_OPINION[opinion])
    if opinion is not None or decision is not None:
        kinds.append(LetterKind.PARTNER)
    if opinion in _TO_THE_EMPLOYER and not refused:
        kinds.append(LetterKind.EMPLOYER)
    return tuple(kinds)
