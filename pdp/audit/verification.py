"""Read the whole journal again and find the first entry that is not what was sealed.

Entries are read by pages and anchors by batches: the memory used does not grow with the journal.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from pdp.audit import anchors, queries, rules
from pdp.audit.anchors import Anchor
from pdp.core import clock, crypto, db

if TYPE_CHECKING:
    from pdp.audit.models import AuditSegment

_BATCH = 500


class JournalBroken(Exception):
    """Something of the journal is not what was sealed: where, and what is wrong, in English."""

    def __init__(self, cellule_key: int, month: str, sequence: int, what: str) -> None:
        super().__init__(f"cellule {cellule_key}, month {month}, entry {sequence}: {what}")
        self.cellule_key, self.month, self.sequence, self.what = cellule_key, month, sequence, what


@dataclass
class Report:
    """What a whole journal holds. `unanchored` entries came after the last anchor of their segment."""

    segments: int = 0
    entries: int = 0
    unsealed: int = 0
    destroyed: int = 0
    anchors: int = 0
    unanchored: int = 0
    _anchored: dict[tuple[int, str], int] = field(default_factory=dict)


def verify() -> Report:
    """Verify every segment, every certificate and every anchor. Raises `JournalBroken` at the first fault."""
    report = Report()
    with db.reading(db.INSTALLATION):
        segments = queries.list_segments()
        keys = queries.list_cellule_keys()
    for segment in segments:
        with db.reading(db.Upkeep(segment.cellule_key)):
            _verify_segment(segment, report)
    for cellule_key in sorted({*keys, *(segment.cellule_key for segment in segments)}):
        with db.reading(db.Upkeep(cellule_key)):
            _refuse_strays(cellule_key)
    _verify_anchors({(found.cellule_key, found.month): found for found in segments if found.sealed}, report)
    report.unanchored = sum(
        found.last_sequence - report._anchored.get((found.cellule_key, found.month), 0)
        for found in segments
        if found.sealed and found.destroyed_at is None
    )
    return report


def refuse_broken(segment: "AuditSegment") -> None:
    """Verify one segment, its anchors left aside. Raises `JournalBroken`."""
    _verify_segment(segment, Report())


def is_whole(segment: "AuditSegment") -> bool:
    """Tell whether one segment is what was sealed, its anchors left aside."""
    try:
        refuse_broken(segment)
    except JournalBroken:
        return False
    return True


def _verify_segment(segment: "AuditSegment", report: Report) -> None:
    if segment.destroyed_at is not None:
        _verify_certificate(segment)
        report.destroyed += 1
        return
    if segment.sealed:
        count = _verify_chain(segment)
        report.entries += count
    else:
        count = _verify_numbers(segment)
        report.unsealed += count
    report.segments += 1


def _verify_chain(segment: "AuditSegment") -> int:
    """Follow the seals of a segment to its end, which may move forward while it is read."""
    place = (segment.cellule_key, segment.month)
    if segment.key_id not in crypto.ring().keys:
        raise JournalBroken(*place, 1, f"sealed with key {segment.key_id}, which this installation does not hold")
    key = crypto.ring().derive(segment.key_id, rules.JOURNAL_KEY)
    sequence, previous = 0, ""
    while True:
        page = queries.list_entries(segment.id, after=sequence)
        for row in page:
            if row.sequence != sequence + 1:
                raise JournalBroken(*place, sequence + 1, f"missing: entry {row.sequence} follows")
            sequence += 1
            body = rules.entry_body(*place, sequence, dict(row._mapping))
            previous = rules.mac(key, body, previous)
            if not rules.same(row.seal, previous):
                raise JournalBroken(*place, sequence, "altered, forged or moved: its seal does not hold")
        if not page:
            now = queries.get_segment(segment.id)
            if now.last_sequence <= sequence:
                break
            if not queries.list_entries(segment.id, after=sequence, limit=1):
                raise JournalBroken(*place, sequence + 1, f"missing: the segment says it has {now.last_sequence}")
    if now.last_sequence != sequence or not rules.same(now.last_seal, previous):
        raise JournalBroken(*place, sequence, f"the segment ends otherwise: it says {now.last_sequence} entries")
    return sequence


def _verify_numbers(segment: "AuditSegment") -> int:
    """Count the rows of before the sealing: they are numbered, and the first sealed entry says how many they are."""
    place, sequence = (segment.cellule_key, segment.month), 0
    while page := queries.list_entries(segment.id, after=sequence):
        for row in page:
            sequence += 1
            if row.sequence != sequence:
                raise JournalBroken(*place, sequence, f"missing among the unsealed: {row.sequence} follows")
            if row.seal is not None:
                raise JournalBroken(*place, sequence, "sealed, in a segment of unsealed entries")
    told = queries.find_sealed_from(segment.cellule_key)
    if told is None and queries.has_sealed(segment.cellule_key):
        raise JournalBroken(*place, 1, "unsealed entries that no sealed one speaks of")
    expected = segment.last_sequence if told is None else told
    if sequence != expected:
        raise JournalBroken(*place, sequence, f"{sequence} unsealed entries, where {expected} were counted")
    return sequence


def certificate(segment: "AuditSegment", key_id: int) -> str:
    """Return the certificate of a segment that is destroyed: the key's id and an HMAC."""
    assert segment.destroyed_at is not None
    body = rules.certificate_body(
        segment.cellule_key,
        segment.month,
        sealed=segment.sealed,
        count=segment.last_sequence,
        last_seal=segment.last_seal,
        destroyed_at=segment.destroyed_at,
    )
    return f"{key_id}:{rules.mac(crypto.ring().derive(key_id, rules.CERTIFICATE_KEY), body)}"


def _verify_certificate(segment: "AuditSegment") -> None:
    place = (segment.cellule_key, segment.month, segment.last_sequence)
    number = (segment.certificate or "").partition(":")[0]
    known = number.isdigit() and int(number) in crypto.ring().keys
    if not known or not rules.same(segment.certificate, certificate(segment, int(number))):
        raise JournalBroken(*place, "the segment was destroyed without a valid certificate")
    if queries.list_entries(segment.id, after=0, limit=1):
        raise JournalBroken(*place, "the segment has a certificate of destruction and still holds entries")


def _refuse_strays(cellule_key: int) -> None:
    stray = queries.find_stray(cellule_key)
    if stray:
        month = clock.local(stray[1]).strftime("%Y-%m")
        raise JournalBroken(cellule_key, month, 0, f"row {stray[0]} stands in no segment of its cellule")


def _verify_anchors(segments: "dict[tuple[int, str], AuditSegment]", report: Report) -> None:
    try:
        for batch in _batches(anchors.read()):
            _verify_batch(batch, segments)
            report.anchors += len(batch)
            report._anchored.update({(anchor.cellule_key, anchor.month): anchor.sequence for anchor in batch})
    except FileNotFoundError:
        anchored = next((found for found in segments.values() if found.anchored_sequence), None)
        if anchored:
            what = f"it was anchored, and the anchors' file is missing: {anchors.path()}"
            raise JournalBroken(anchored.cellule_key, anchored.month, anchored.last_sequence, what) from None


def _verify_batch(batch: list[Anchor], segments: "dict[tuple[int, str], AuditSegment]") -> None:
    found = _seals(batch)
    for anchor in batch:
        place = (anchor.cellule_key, anchor.month, anchor.sequence)
        if not anchor.whole:
            raise JournalBroken(*place, f"line {anchor.number} of {anchors.path().name} is altered or out of place")
        segment = segments.get((anchor.cellule_key, anchor.month))
        if segment is None:
            raise JournalBroken(*place, f"the segment is missing: it was anchored on {anchor.at}")
        if segment.destroyed_at is not None:
            seal = segment.last_seal if anchor.sequence == segment.last_sequence else anchor.seal
            if anchor.sequence > segment.last_sequence or not rules.same(seal, anchor.seal):
                raise JournalBroken(*place, "its certificate of destruction says less than an anchor")
        elif place not in found:
            raise JournalBroken(*place, f"missing: it was anchored on {anchor.at}")
        elif not rules.same(found[place], anchor.seal):
            raise JournalBroken(*place, f"it is not the entry that was anchored on {anchor.at}")


def _seals(batch: list[Anchor]) -> dict[tuple[int, str, int], str | None]:
    places: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for anchor in batch:
        places[anchor.cellule_key].append((anchor.month, anchor.sequence))
    found: dict[tuple[int, str, int], str | None] = {}
    for cellule_key, wanted in places.items():
        with db.reading(db.Upkeep(cellule_key)):
            seals = queries.find_seals(cellule_key, wanted)
        found |= {(cellule_key, month, sequence): seal for (month, sequence), seal in seals.items()}
    return found


def _batches(lines: Iterator[Anchor]) -> Iterator[list[Anchor]]:
    while batch := list(islice(lines, _BATCH)):
        yield batch
