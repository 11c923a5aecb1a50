"""The opinion of the cellule as pages show it: what holds, and what was corrected."""

from pdp.meetings.models import CelluleOpinion
from pdp.meetings.queries.rows import CorrectionMark, OpinionView


def opinion_view(opinion: CelluleOpinion | None) -> OpinionView | None:
    """Return an opinion with its texts; None while there is none."""
    if opinion is None:
        return None
    return OpinionView(
        opinion.public_id,
        opinion.code,
        opinion.conditions,
        opinion.reasons,
        opinion.explanation,
        opinion.dissent,
        opinion.recorded_at,
        correction_mark(opinion),
    )


def correction_mark(opinion: CelluleOpinion) -> CorrectionMark | None:
    """Return what was corrected of an opinion; None when the first one holds."""
    found = opinion.correction
    if found is None or found.decided_by is None or found.decided_at is None:
        return None
    return CorrectionMark(
        found.public_id,
        found.decided_at,
        found.proposed_by.full_name,
        found.decided_by.full_name,
        opinion.first_code,
    )
