"""Write beforehand the erratum that a correction after the closing asks for, once the minutes were composed."""

from collections.abc import Sequence

from pdp.core import clock, french
from pdp.core.french import NBSP
from pdp.dispositifs.catalogue import sheet
from pdp.meetings.enums import VoteValue
from pdp.minutes.erratum import CorrectablePoint, CorrectedPart, Correction
from pdp.minutes.queries import MinutesRow
from pdp.minutes.queries.corrected import Corrected, list_corrected_since, seat_labels
from pdp.policy.actor import Actor


def awaited_corrections(
    actor: Actor, minutes: MinutesRow, points: Sequence[CorrectablePoint]
) -> tuple[Correction, ...]:
    """Return what an erratum has to say of the corrections made since this edition.

    The opinion is corrected for those who read it; the answers of the seats, and why, for those who read the votes.
    """
    found: list[Correction] = []
    for one in list_corrected_since(actor, minutes.meeting_public_id, minutes.composed_at):
        position = _position(points, one)
        found += _lines(position, one) if position is not None else ()
    return tuple(found)


def _position(points: Sequence[CorrectablePoint], one: Corrected) -> int | None:
    """Return the point of a correction: the one of its case, and of its dispositif where the case has several."""
    own = [point for point in points if point.case == one.case]
    named = [point for point in own if sheet(one.dispositif).label in point.title]
    return (named or own)[0].position if own else None


def _lines(position: int, one: Corrected) -> list[Correction]:
    correction, lines = one.correction, []
    if one.opinion_changes and correction.decided_at is not None and correction.decided_by is not None:
        on = french.day(clock.local(correction.decided_at).date())
        by = f"{correction.proposed_by.full_name} et {correction.decided_by.full_name}"
        texts = "".join(f" {text.strip()}" for text in (correction.conditions, correction.reasons) if text.strip())
        former, code = correction.former_code.label.lower(), correction.code.label.lower()
        lines.append(
            Correction(
                position,
                CorrectedPart.OPINION,
                f"Avis{NBSP}: {former}.",
                f"Avis{NBSP}: {code}.{texts}",
                f"Rectifié le {on} par {by}.",
            )
        )
    if correction.changes:
        labels = seat_labels(correction.item_id)
        before = " ; ".join(f"{labels.get(seat, '')}{NBSP}: {_said(value)}" for seat, value, _ in correction.changes)
        after = " ; ".join(f"{labels.get(seat, '')}{NBSP}: {_said(value)}" for seat, _, value in correction.changes)
        holds = f"{after}. {correction.explanation}"
        lines.append(Correction(position, CorrectedPart.BALLOT, f"{before}.", holds, correction.reason))
    return lines


def _said(value: str | None) -> str:
    return VoteValue(value).label.lower() if value else "absent"
