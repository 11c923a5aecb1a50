"""The end of the journal's oldest segments: whole ones only, verified first, a certificate left behind.

Entries are kept twelve months at least (setting PDP_JOURNAL_MONTHS): the segment of a month goes on the first
run after that time has passed since its last day. The database checks the age by its own clock.
"""

from pdp.audit import queries, service, verification
from pdp.core import clock, crypto, db

_months: list[int] = [12]


class RetentionRefused(RuntimeError):
    """A segment could not be destroyed whole: nothing of it was."""


def keep_for(months: int) -> None:
    """Say how many months this installation keeps its journal."""
    _months[:] = [months]


def limit() -> str:
    """Return the first month that is still kept, as 2025-11."""
    today = clock.today()
    month = today.year * 12 + today.month - 1 - _months[0]
    return f"{month // 12:04}-{month % 12 + 1:02}"


def destroy_old_segments() -> int:
    """Destroy every segment older than the months kept; return how many. Raises `JournalBroken` on a bad one.

    One transaction per segment: an interrupted run is taken up by the next one.
    """
    with db.reading(db.INSTALLATION):
        old = [found.id for found in queries.list_segments() if found.destroyed_at is None and found.month < limit()]
        keys = {found.id: found.cellule_key for found in queries.list_segments()}
    for segment_id in old:
        with db.transaction(db.Upkeep(keys[segment_id])):
            _destroy(segment_id)
    return len(old)


def _destroy(segment_id: int) -> None:
    segment = queries.lock_segment(segment_id)
    verification.refuse_broken(segment)
    key_id = crypto.ring().current
    segment.destroyed_at = clock.now()
    segment.certificate = verification.certificate(segment, key_id)
    db.session().flush()
    gone = queries.delete_entries(segment_id)
    if gone != segment.last_sequence:
        raise RetentionRefused(f"segment {segment_id}: {gone} entries would go, {segment.last_sequence} were sealed")
    service.record(None, "journal.destroy", subject=segment, month=segment.month, count=gone)
