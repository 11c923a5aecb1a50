"""The excerpt of a case: its points alone, cut from the stored versions and typeset when asked, kept nowhere twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pdp.audit import service as audit
from pdp.cases.models import Case
from pdp.consent.enums import DepartureKind
from pdp.consent.register import record_departure
from pdp.core import clock, db
from pdp.core.errors import NotFound
from pdp.minutes import queries
from pdp.minutes.excerpts import only_case
from pdp.minutes.grounds import cases_of
from pdp.minutes.render import RENDERERS
from pdp.minutes.serial import from_plain
from pdp.minutes.service import doors
from pdp.minutes.service.doors import Shelf
from pdp.minutes.service.read import Download
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, can, ensure


@dataclass(frozen=True, slots=True)
class ExcerptLink:
    """An excerpt that a reader of the case may open."""

    version_id: str
    reference: str
    held_on: date
    is_sent: bool
    replaced: bool


def find_excerpts(actor: Actor, case: Case) -> Sequence[ExcerptLink]:
    """Return the excerpts of a case that the actor may open, newest first, inside a transaction."""
    if not can(actor, Permission.MINUTES_READ):
        return ()
    found = []
    for meeting_id in queries.list_meetings_of(case.cellule_id, case.id):
        shelf = doors.find_shelf(actor, meeting_id)
        if shelf is not None:
            found += [link for link in _links(actor, shelf, case) if link]
    return found


def read_excerpt(actor: Actor, version_public_id: str, case_public_id: str) -> Download:
    """Return the excerpt as a PDF. Missing where the version, or the case in it, is not the actor's to read."""
    ensure(actor, Permission.MINUTES_READ)
    with db.transaction(actor):
        shelf = doors.get_shelf(actor, queries.meeting_of_version(actor.cellule_id, version_public_id))
        opened = doors.open_version(actor, doors.chosen(shelf.versions, version_public_id))
        held = cases_of(opened.content)
        if case_public_id not in held:
            raise NotFound
        minutes = shelf.edition_of(opened.version)
        body = RENDERERS["pdf"].render(only_case(from_plain(opened.content), case_public_id))
        case_id = queries.case_ids(actor.cellule_id, [case_public_id])[case_public_id]
        audit.record(actor, "minutes.excerpt", case_id=case_id, subject=opened.version)
        if actor.is_partner:
            record_departure(
                actor,
                cellule_id=actor.cellule_id,
                case_id=case_id,
                organisation_id=actor.organisation_id,
                what=DepartureKind.MINUTES,
                object_kind="minutes_version",
                object_id=opened.version.id,
                version=f"Extrait du PV n° {minutes.reference} (PDF)",
                labels=held[case_public_id],
            )
        return Download(body, RENDERERS["pdf"].media_type, f"extrait-pv-{minutes.reference}.pdf")


def _links(actor: Actor, shelf: Shelf, case: Case) -> list[ExcerptLink]:
    contents = queries.contents([version.id for version in shelf.versions])
    facts = doors.case_facts(case.cellule_id, list(contents.values()))
    links = []
    for row in shelf.editions:
        for version in shelf.versions_of(row)[:1]:
            content = contents[version.id]
            if case.public_id not in cases_of(content):
                continue
            if actor.is_partner and not doors.is_still_open(version, content, facts):
                continue
            links.append(
                ExcerptLink(
                    version_id=version.public_id,
                    reference=row.reference,
                    held_on=clock.local(row.starts_at).date(),
                    is_sent=shelf.sending_of(version).has_left,
                    replaced=row.id != shelf.newest.id,
                )
            )
    return links
