"""Correct minutes by an erratum: one more edition, numbered, beside the former one."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdp.accounts.queries import lock_cellule
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, RuleViolation
from pdp.minutes import queries
from pdp.minutes.compose import compose_point
from pdp.minutes.document import Document, Point
from pdp.minutes.erratum import CorrectablePoint, Correction, Edition, correct, correctable
from pdp.minutes.facts import MeetingFacts
from pdp.minutes.models import Minutes
from pdp.minutes.queries import MinutesRow
from pdp.minutes.serial import from_plain
from pdp.minutes.service import doors
from pdp.minutes.service.compose import Composed, store_version, versions_of
from pdp.minutes.service.doors import Shelf
from pdp.minutes.service.rectified import awaited_corrections
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_NOTHING = "Écrivez au moins une correction : ce qui était imprimé, ce qu’il faut lire, et le motif."
_MEANWHILE = (
    "Un autre erratum a été composé entre-temps. Rouvrez la page : vos corrections, si elles restent à faire, "
    "s’y ajouteront."
)


@dataclass(frozen=True, slots=True)
class ErratumSheet:
    """The edition to correct, and the points that a correction may be written at."""

    minutes: MinutesRow
    points: tuple[CorrectablePoint, ...]
    # What two persons corrected since, written beforehand.
    awaited: tuple[Correction, ...] = ()


def read_erratum(actor: Actor, meeting_public_id: str) -> ErratumSheet:
    """Return what the coordinator may correct of the newest edition."""
    ensure(actor, Permission.MINUTES_COMPOSE)
    with db.transaction(actor):
        shelf = doors.get_shelf(actor, meeting_public_id)
        opened = doors.open_version(actor, shelf.versions_of(shelf.newest)[0])
        doors.journal(actor, opened)
        points = correctable(from_plain(opened.content))
        return ErratumSheet(shelf.newest, points, awaited_corrections(actor, shelf.newest, points))


def compose_erratum(
    actor: Actor, meeting_public_id: str, *, edition: int, corrections: Sequence[Correction]
) -> Composed:
    """Compose the next edition: the stored text, the corrections at their points, a version per recipient of today.

    `edition` is the one that was read. Raises `Conflict` if another was composed since, `InvalidInput` without any
    correction, `RuleViolation` for a text or a point that cannot be printed.
    """
    ensure(actor, Permission.MINUTES_COMPOSE)
    if not corrections:
        raise InvalidInput({"_form": [_NOTHING]})
    with db.transaction(actor) as session:
        lock_cellule(actor.cellule_id)
        shelf = doors.get_shelf(actor, meeting_public_id)
        former = shelf.newest
        if former.edition != edition:
            raise Conflict(_MEANWHILE)
        minutes = _next(actor, former)
        session.add(minutes)
        session.flush()
        facts = _facts(actor, shelf)
        complete = _complete(actor, shelf, minutes, facts, corrections)
        documents = list(versions_of(facts.meeting, facts.loaded.partners, complete))
        for organisation, document in documents:
            store_version(minutes, organisation, document)
        audit.record(actor, "minutes.correct", subject=minutes, corrections=len(corrections), versions=len(documents))
        return Composed(minutes.public_id, minutes.reference, created=True)


@dataclass(frozen=True, slots=True)
class _Facts:
    loaded: queries.LoadedMeeting
    meeting: MeetingFacts


def _facts(actor: Actor, shelf: Shelf) -> _Facts:
    loaded = queries.load(queries.get_meeting(actor, shelf.newest.meeting_public_id))
    meeting = queries.gather(loaded, number="", secretary=None, composed_at=clock.now(), fictitious=False)
    return _Facts(loaded, meeting)


def _next(actor: Actor, former: MinutesRow) -> Minutes:
    row = db.session().get_one(Minutes, former.id)
    return Minutes(
        cellule_id=actor.cellule_id,
        meeting_id=row.meeting_id,
        year=row.year,
        number=row.number,
        edition=row.edition + 1,
        replaces_id=row.id,
        composed_at=clock.now().replace(microsecond=0),
        composed_by_id=actor.user_id,
    )


def _complete(
    actor: Actor, shelf: Shelf, minutes: Minutes, facts: _Facts, corrections: Sequence[Correction]
) -> Document:
    former = from_plain(queries.version_content(shelf.versions_of(shelf.newest)[0].id))
    edition = Edition(
        number=minutes.edition - 1,
        reference=minutes.reference,
        composed_at=clock.local(minutes.composed_at),
        former_reference=shelf.newest.reference,
        former_composed_at=clock.local(shelf.newest.composed_at),
        journal=audit.fingerprint(actor.cellule_id),
    )
    try:
        return correct(_shut_since(former, facts.meeting), corrections, edition)
    except ValueError as error:
        raise RuleViolation(str(error)) from error


def _shut_since(document: Document, facts: MeetingFacts) -> Document:
    """Put the words of closed doors in place of the points whose case was restricted since the former edition."""
    shut = {point.position: compose_point(point) for point in facts.points if point.closed_doors}
    blocks = tuple(shut.get(block.position, block) if isinstance(block, Point) else block for block in document.blocks)
    return Document(document.meta, blocks)
