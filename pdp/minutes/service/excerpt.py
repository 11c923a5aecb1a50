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
from pdp.core.french import NBSP
from pdp.documents.hooks import FiledPaper
from pdp.minutes import queries
from pdp.minutes.enums import SendingState
from pdp.minutes.excerpts import only_case
from pdp.minutes.grounds import cases_of
from pdp.minutes.render import RENDERERS
from pdp.minutes.serial import from_plain
from pdp.minutes.service import doors
from pdp.minutes.service.read import Download
from pdp.minutes.standing import sending
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
    """Return the excerpts of a case that the actor may open, newest first, inside a transaction.

    A partner finds those cut from its own versions, once sent; the core, those cut from the complete ones.
    """
    if not can(actor, Permission.MINUTES_READ):
        return ()
    organisation_id = actor.organisation_id if actor.is_partner else None
    found = queries.list_versions_about(case.cellule_id, case.id, case.public_id, organisation_id)
    events = queries.list_events([row.minutes_id for row in found])
    facts = doors.case_facts(case.cellule_id, [row.content for row in found])
    return tuple(
        ExcerptLink(
            version_id=row.version.public_id,
            reference=row.reference,
            held_on=clock.local(row.starts_at).date(),
            is_sent=sending(events, row.version.id).has_left,
            replaced=any(other.meeting_id == row.meeting_id and other.edition > row.edition for other in found),
        )
        for row in found
        if not actor.is_partner
        or (
            sending(events, row.version.id).state is SendingState.SENT
            and doors.is_still_open(row.version, row.content, facts)
        )
    )


def list_papers(actor: Actor, case: Case) -> Sequence[FiledPaper]:
    """Return the excerpts as the « Pièces » tab shows them."""
    return [
        FiledPaper(
            title=f"Extrait du procès-verbal n°{NBSP}{link.reference}",
            dated=link.held_on,
            detail=_said(link),
            endpoint="minutes.excerpt",
            target=(("case_id", case.public_id), ("version_id", link.version_id)),
        )
        for link in find_excerpts(actor, case)
    ]


def _said(link: ExcerptLink) -> str:
    if link.replaced:
        return "Remplacé par un erratum"
    return "Avis notifié" if link.is_sent else "Procès-verbal non envoyé"


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
