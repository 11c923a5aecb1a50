"""Open the sheet of an item, or one's pack; each case read is one entry of the journal."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pdp.accounts.models import Membership
from pdp.accounts.service import build_actor
from pdp.audit import service as audit
from pdp.cases.queries import case_facts
from pdp.consent.enums import DepartureKind
from pdp.consent.service.register import record_departure
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.meetings.models import AgendaItem, Meeting
from pdp.packs import queries
from pdp.packs.queries import Loaded
from pdp.packs.render import Imprint, render_pack, render_sheet
from pdp.packs.rules.pack import Pack
from pdp.packs.rules.sheet import Sheet
from pdp.packs.service.gather import pack_of, sheet_of
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can, ensure
from pdp.policy.visibility import readable_labels

# The labels that a sheet may print.
_PRINTED = frozenset(
    {
        Label.IDENTITY,
        Label.EMPLOYMENT,
        Label.STOPPAGE,
        Label.CONCLUSION,
        Label.RESTRICTIONS,
        Label.BOETH,
        Label.REQUEST,
        Label.AGREEMENTS,
        Label.OPINION,
        Label.DECISION,
    }
)


@dataclass(frozen=True, slots=True)
class PrintedFile:
    """A PDF as it is sent; its name tells nobody."""

    body: bytes
    file_name: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody convened, whose pack the coordinator may look at; `key` is the public id of the membership."""

    key: str
    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class PackPage:
    """One's own pack; for the coordinator, the pack of a recipient beside it."""

    meeting: str
    starts_at: datetime
    ends_at: datetime
    place: str
    own: Pack
    recipients: tuple[Recipient, ...] = ()
    chosen: Recipient | None = None
    other: Pack | None = None


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One sheet, on its page."""

    meeting: str
    starts_at: datetime
    sheet: Sheet


def read_sheet(actor: Actor, meeting: str, item: str) -> SheetPage:
    """Return the sheet of an item as the actor may read it. Raises `NotFound`."""
    ensure(actor, Permission.MEETING_READ)
    with db.transaction(actor):
        loaded, sheet = _one(actor, meeting, item)
        _journal(actor, "meeting.sheet", loaded.meeting, [sheet], loaded.items)
        return SheetPage(meeting, loaded.meeting.starts_at, sheet)


def print_sheet(actor: Actor, meeting: str, item: str, *, fictitious: bool = False) -> PrintedFile:
    """Return the sheet of an item as a PDF of one page. Raises `NotFound`."""
    ensure(actor, Permission.MEETING_READ)
    with db.transaction(actor):
        loaded, sheet = _one(actor, meeting, item)
        _journal(actor, "meeting.sheet_print", loaded.meeting, [sheet], loaded.items)
        _register(actor, loaded, [sheet])
        imprint = _imprint(actor, loaded, fictitious=fictitious)
    return PrintedFile(render_sheet(sheet, imprint), f"fiche-{sheet.reference}.pdf")


def read_pack(actor: Actor, meeting: str, *, recipient: str | None = None) -> PackPage:
    """Return one's own pack and, for the coordinator, that of a recipient as far as she may read it herself.

    Raises `NotFound` for a partner of whom no case is tabled, and for a recipient who is not convened.
    """
    ensure(actor, Permission.MEETING_READ)
    if recipient and not can(actor, Permission.MEETING_RUN):
        raise NotFound
    with db.transaction(actor):
        runs = can(actor, Permission.MEETING_RUN)
        people = queries.list_recipients(queries.get_meeting(actor, meeting)) if runs else ()
        chosen = _chosen(people, recipient)
        loaded, own = _pack(actor, meeting)
        other = pack_of(_within(loaded, own), build_actor(chosen)) if chosen else None
        _journal(actor, "meeting.pack", loaded.meeting, own.sheets, loaded.items)
        return PackPage(
            meeting=meeting,
            starts_at=loaded.meeting.starts_at,
            ends_at=loaded.meeting.ends_at,
            place=loaded.meeting.place,
            own=own,
            recipients=tuple(_recipient(each) for each in people if each.id != actor.membership_id),
            chosen=_recipient(chosen) if chosen else None,
            other=other,
        )


def print_pack(actor: Actor, meeting: str, *, fictitious: bool = False) -> PrintedFile:
    """Return one's own pack as a PDF, composed now from one's rights and kept nowhere."""
    ensure(actor, Permission.MEETING_READ)
    with db.transaction(actor):
        loaded, own = _pack(actor, meeting)
        _journal(actor, "meeting.pack_print", loaded.meeting, own.sheets, loaded.items)
        _register(actor, loaded, own.sheets)
        imprint = _imprint(actor, loaded, fictitious=fictitious)
    return PrintedFile(render_pack(own, imprint), f"dossier-de-seance-{own.held_on.isoformat()}.pdf")


def _one(actor: Actor, meeting: str, item: str) -> tuple[Loaded, Sheet]:
    loaded = queries.load(queries.get_meeting(actor, meeting), only=item)
    found = sheet_of(loaded, actor, loaded.items[0]) if loaded.items else None
    if found is None:
        raise NotFound
    return loaded, found


def _pack(actor: Actor, meeting: str) -> tuple[Loaded, Pack]:
    loaded = queries.load(queries.get_meeting(actor, meeting))
    own = pack_of(loaded, actor)
    if not actor.is_core and not own.sheets:
        raise NotFound
    return loaded, own


def _within(loaded: Loaded, own: Pack) -> Loaded:
    """Return the rows of the cases that the reader may read: a preview shows nobody more than that."""
    return replace(loaded, items=[item for item in loaded.items if own.sheet_of(item.public_id)])


def _chosen(people: Iterable[Membership], recipient: str | None) -> Membership | None:
    if not recipient:
        return None
    found = next((each for each in people if each.public_id == recipient), None)
    if found is None:
        raise NotFound
    return found


def _recipient(membership: Membership) -> Recipient:
    return Recipient(membership.public_id, membership.user.full_name, membership.organisation.short_name)


def _imprint(actor: Actor, loaded: Loaded, *, fictitious: bool) -> Imprint:
    cellule = loaded.cellule
    return Imprint(cellule.name, cellule.caisse_name, actor.name, clock.local(clock.now()), fictitious)


def _journal(
    actor: Actor, action: str, meeting: Meeting, sheets: Iterable[Sheet], items: Iterable[AgendaItem]
) -> None:
    """A sheet is a read of its case: one entry per sheet, or one for the séance when there is none."""
    by_item = {item.public_id: item for item in items}
    cases: list[int | None] = [by_item[sheet.item].request.case_id for sheet in sheets]
    for case_id in cases or [None]:
        audit.record(actor, action, case_id=case_id, subject=meeting)


def _register(actor: Actor, loaded: Loaded, sheets: Iterable[Sheet]) -> None:
    """Write in the register what leaves towards a partner: case by case, and under which labels."""
    if not actor.is_partner:
        return
    wanted = {sheet.item for sheet in sheets}
    for item in loaded.items:
        if item.public_id in wanted:
            record_departure(
                actor,
                cellule_id=actor.cellule_id,
                case_id=item.request.case_id,
                organisation_id=actor.organisation_id,
                what=DepartureKind.PACK,
                object_kind="meeting",
                object_id=loaded.meeting.id,
                version=f"Fiche de séance du {clock.local(loaded.meeting.starts_at).date():%d/%m/%Y}",
                labels=readable_labels(actor, case_facts(item.request.case), clock.today()) & _PRINTED,
            )
