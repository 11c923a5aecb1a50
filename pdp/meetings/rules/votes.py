"""What a vote must say, and which answer of a seat holds."""

from pdp.core.errors import InvalidInput
from pdp.meetings.enums import VoteValue


def checked_text(value: VoteValue, text: str) -> str:
    """Return the text kept with a vote: the condition or the reason, nothing for the other values.

    Raises `InvalidInput` on `conditions` or `reason` when the text that the value needs is missing.
    """
    text = text.strip()
    if value is VoteValue.FOR_WITH_CONDITIONS and not text:
        raise InvalidInput({"conditions": ["Écrivez votre condition : elle accompagne le vote."]})
    if value is VoteValue.AGAINST and not text:
        raise InvalidInput({"reason": ["Écrivez votre motif : il accompagne un vote contre."]})
    return text if value in (VoteValue.FOR_WITH_CONDITIONS, VoteValue.AGAINST) else ""
