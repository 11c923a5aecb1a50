"""From loaded rows to what one reader takes to a séance; the rights are those of the reader, now."""

from collections.abc import Iterator

from pdp.advice.service import show_rounds
from pdp.cases.service.projection import Rows, project
from pdp.core import clock
from pdp.core.french import NBSP, capital, day, hour
from pdp.dispositifs.catalogue import sheet
from pdp.meetings import queries as meetings
from pdp.meetings.enums import DecisionOutcome, PointPlace
from pdp.meetings.models import AgendaItem, AgendaPoint, FundDecision
from pdp.meetings.rules.slots import rounded, window
from pdp.packs.queries import EarlierRow, Loaded
from pdp.packs.rules.pack import AgendaLine, Pack
from pdp.packs.rules.sheet import Earlier, Material, Piece, Sheet, compose_sheet
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests.models import DispositifRequest
from pdp.requests.rules.details import shown_details
from pdp.requests.rules.findings import read_stored
from pdp.requests.rules.panel import GroupPanel, group_panels
from pdp.requests.rules.pieces import piece_name

_DECIDED = {DecisionOutcome.GRANTED: "accordée", DecisionOutcome.REFUSED: "refusée"}


def sheet_of(loaded: Loaded, reader: Actor, item: AgendaItem) -> Sheet | None:
    """Return the sheet of a loaded item for a reader; None where the request is not theirs to read."""
    case, request = item.request.case, item.request
    view = project(reader, case, Rows(case.activities, case.stoppages), clock.today())
    if Label.REQUEST not in view.labels:
        return None
    # Rights to benefits are on no sheet, whoever reads it: a paper goes further than a screen.
    printed = view.labels - {Label.ALLOWANCE}
    slot = loaded.slots.get(item.public_id)
    snapshot = loaded.snapshots.get(item.request_id)
    told = item.opinion is not None and Label.OPINION in view.labels
    return compose_sheet(
        Material(
            item=item.public_id,
            view=view,
            dispositif=request.dispositif,
            title=sheet(request.dispositif).label,
            question=_question(item),
            purpose=request.purpose,
            start=request.measure_start,
            end=request.measure_end,
            details=shown_details(request.dispositif, request.details, printed),
            pieces=tuple(_pieces(request)) if Label.AGREEMENTS in view.labels else (),
            panels=_panels(loaded, reader, item, view.labels),
            rounds=show_rounds(reader, loaded.rounds.get(item.request_id, ())),
            earlier=tuple(_earlier(row, view.labels) for row in loaded.earlier.get(case.id, ()))
            if Label.OPINION in view.labels
            else (),
            minutes=item.planned_minutes,
            held_on=clock.local(loaded.meeting.starts_at).date(),
            assessed=snapshot is not None,
            # A partner is told neither rank nor hour: they would tell how many other cases are tabled.
            rank=item.position if reader.is_core else None,
            at=clock.local(slot.start) if slot and reader.is_core else None,
            opinion=f"{item.opinion.code.label}. {item.opinion.conditions}".strip() if item.opinion and told else "",
        )
    )


def pack_of(loaded: Loaded, reader: Actor) -> Pack:
    """Return what a reader takes to a séance: its cover and its sheets, in the order of its slots."""
    found = [(item, sheet_of(loaded, reader, item)) for item in loaded.items]
    readable = [(item, sheet) for item, sheet in found if sheet is not None]
    own = window(loaded.slots[item.public_id] for item, _ in readable if item.public_id in loaded.slots)
    shown = rounded(own) if own and not reader.is_core else None
    meeting = loaded.meeting
    begins, ends = (shown.start, shown.end) if shown else (meeting.starts_at, meeting.ends_at)
    return Pack(
        recipient=reader.name,
        organisation=reader.organisation_name,
        place=meeting.place,
        held_on=clock.local(meeting.starts_at).date(),
        begins=clock.local(begins),
        ends=clock.local(ends),
        is_whole=reader.is_core,
        agenda=tuple(_agenda(loaded, reader, found)),
        sheets=tuple(sheet for _, sheet in readable),
    )


def _agenda(loaded: Loaded, reader: Actor, found: list[tuple[AgendaItem, Sheet | None]]) -> Iterator[AgendaLine]:
    first = [point for point in loaded.points if point.place is PointPlace.OPENING]
    yield from (_point(loaded, reader, point) for point in first)
    for item, shown in found:
        if shown is not None:
            yield AgendaLine(
                title=sheet(item.request.dispositif).label,
                reference=shown.reference,
                whom=shown.whom,
                minutes=item.planned_minutes,
                rank=item.position if reader.is_core else None,
                at=_at(loaded, item.public_id) if reader.is_core else "",
                item=item.public_id,
            )
        elif reader.is_core:
            at = _at(loaded, item.public_id)
            yield AgendaLine("Point examiné sans vous", minutes=item.planned_minutes, rank=item.position, at=at)
    last = [point for point in loaded.points if point.place is PointPlace.CLOSING]
    yield from (_point(loaded, reader, point) for point in last)


def _point(loaded: Loaded, reader: Actor, point: AgendaPoint) -> AgendaLine:
    if not reader.is_core:
        return AgendaLine(point.title, minutes=0)
    return AgendaLine(point.title, minutes=point.planned_minutes, at=_at(loaded, point.public_id))


def _at(loaded: Loaded, public_id: str) -> str:
    slot = loaded.slots.get(public_id)
    return hour(clock.local(slot.start)) if slot else ""


def _question(item: AgendaItem) -> str:
    frozen = item.ballot.question if item.ballot else ""
    return frozen or item.question or meetings.question_of(item.request)


def _pieces(request: DispositifRequest) -> Iterator[Piece]:
    for piece in request.pieces:
        name = piece_name(piece.nature, piece.kind)
        yield Piece(name, piece.state, piece.dated, piece.asked_on, piece.comment)


def _panels(loaded: Loaded, reader: Actor, item: AgendaItem, readable: frozenset[Label]) -> tuple[GroupPanel, ...]:
    snapshot = loaded.snapshots.get(item.request_id)
    if snapshot is None:
        return ()
    results, standing = read_stored(snapshot.results), loaded.standings[item.request_id]
    return group_panels(results, standing, (), readable, may_settle=False, is_core=reader.is_core)


def _earlier(row: EarlierRow, readable: frozenset[Label]) -> Earlier:
    decided = row.decision if Label.DECISION in readable else None
    return Earlier(
        on=clock.local(row.meeting.starts_at).date(),
        dispositif=sheet(row.request.dispositif).label,
        opinion=row.opinion.code.label.lower(),
        conditions=capital(row.opinion.conditions),
        decision=_decision(decided) if decided else "",
    )


def _decision(found: FundDecision) -> str:
    return f"{found.deciding_body}{NBSP}: demande {_DECIDED[found.outcome]} le {day(found.decided_on)}"
