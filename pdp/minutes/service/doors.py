"""Which editions and versions of minutes are open to an actor, and the trace that opening one leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pdp.audit import service as audit
from pdp.core import clock
from pdp.core.errors import NotFound
from pdp.core.french import NBSP, day
from pdp.meetings import queries as meetings
from pdp.minutes import queries
from pdp.minutes.enums import MinutesEventKind, SendingState
from pdp.minutes.grounds import cases_of, still_open, without_cases
from pdp.minutes.queries import MinutesRow, VersionRow
from pdp.minutes.standing import EventRow, Sending, sending
from pdp.policy.actor import Actor
from pdp.policy.roles import Role
from pdp.policy.visibility import CaseFacts, can_see_case

_SHUT = (
    "Cette version du procès-verbal ne vous est plus ouverte : un accord de partage sur lequel elle repose "
    "n’est plus en vigueur. Adressez-vous au secrétariat de la cellule."
)
_NOTHING_FOR_YOU = (
    "Aucun procès-verbal de cette séance ne vous est ouvert. "
    "Un partenaire reçoit les points des dossiers partagés avec son organisme, une fois le procès-verbal envoyé."
)


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version with its neutral document, as plain values."""

    version: VersionRow
    content: dict[str, Any]
    # A point is left out: its case was restricted since, and the reader is not named, or takes no part in it.
    shortened: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """The editions of the minutes of a séance with the versions that are this actor's, and the register."""

    editions: tuple[MinutesRow, ...]
    versions: tuple[VersionRow, ...]
    events: tuple[EventRow, ...]

    def versions_of(self, minutes: MinutesRow) -> tuple[VersionRow, ...]:
        """Return the versions of one edition, the complete one first."""
        return tuple(version for version in self.versions if version.minutes_id == minutes.id)

    def sending_of(self, version: VersionRow) -> Sending:
        """Return where the sending of a version stands."""
        return sending(self.events, version.id)

    def edition_of(self, version: VersionRow) -> MinutesRow:
        """Return the edition that a version belongs to."""
        return next(row for row in self.editions if row.id == version.minutes_id)

    @property
    def newest(self) -> MinutesRow:
        """Return the last edition composed, whoever may read it."""
        return self.editions[0]


def find_shelf(actor: Actor, public_id: str) -> Shelf | None:
    """Return the minutes named by their public id or by that of their séance, inside a transaction.

    A partner has the versions of its organisation that were sent to it and not recalled; the coordinator all of
    them; the rest of the core the complete ones.
    """
    whole = _whole(actor.cellule_id, public_id)
    if whole is None:
        return None
    mine = tuple(version for version in whole.versions if _is_for(actor, version, whole.events))
    return replace(whole, versions=mine)


def whole_shelf(cellule_id: int, public_id: str) -> Shelf:
    """Return every edition and version, for an act that nobody reads."""
    found = _whole(cellule_id, public_id)
    if found is None:
        raise NotFound
    return found


def _whole(cellule_id: int, public_id: str) -> Shelf | None:
    editions = tuple(queries.list_editions(cellule_id, public_id))
    if not editions:
        return None
    keys = [row.id for row in editions]
    return Shelf(editions, tuple(queries.list_versions(keys)), tuple(queries.list_events(keys)))


def get_shelf(actor: Actor, public_id: str) -> Shelf:
    """Return the minutes with at least one version that is the actor's. Raises `NotFound`, in words."""
    shelf = find_shelf(actor, public_id)
    if shelf is None:
        raise NotFound
    if not shelf.versions:
        raise NotFound(_recalled(actor, shelf.events) or _NOTHING_FOR_YOU)
    return shelf


def nothing_for_you() -> NotFound:
    """Return the refusal of a partner for whom no minutes are open."""
    return NotFound(_NOTHING_FOR_YOU)


def chosen(versions: Sequence[VersionRow], public_id: str) -> VersionRow:
    """Return the version named. Raises `NotFound`."""
    found = next((version for version in versions if version.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def open_version(actor: Actor, version: VersionRow) -> ShownVersion:
    """Return a version with its document; shut for a partner once a sharing that it rests on has ended."""
    content = queries.version_content(version.id)
    facts = case_facts(actor.cellule_id, [content])
    if actor.is_partner and not is_still_open(version, content, facts):
        raise NotFound(_SHUT)
    shown = _without_recused(actor, content, facts) if actor.is_partner else visible(actor, content, facts)
    return ShownVersion(version, shown, shortened=shown is not content)


def _without_recused(actor: Actor, content: dict[str, Any], facts: Mapping[str, CaseFacts]) -> dict[str, Any]:
    """Return a partner's document without the cases in which its reader, not its organisation, takes no part."""
    return without_cases(
        content, [case for case in cases_of(content) if case in facts and actor.user_id in facts[case].recused]
    )


def visible(actor: Actor, content: dict[str, Any], facts: Mapping[str, CaseFacts]) -> dict[str, Any]:
    """Return a document without the cases that a person of the core may no longer know: restricted, or a déport."""
    today = clock.today()
    hidden = [case for case in cases_of(content) if case in facts and not can_see_case(actor, facts[case], today)]
    return without_cases(content, hidden)


def is_still_open(version: VersionRow, content: Any, facts: Mapping[str, CaseFacts]) -> bool:
    """Tell whether every sharing that a partner's version rests on is in force."""
    if version.organisation_id is None or version.organisation_kind is None:
        return False
    return still_open(content, version.organisation_id, version.organisation_kind, facts, clock.today())


def case_facts(cellule_id: int, contents: Sequence[Any]) -> Mapping[str, CaseFacts]:
    """Return what decides who sees each case that these documents speak of, by public id."""
    named = sorted({case for content in contents for case in cases_of(content)})
    keys = queries.case_ids(cellule_id, named)
    facts = meetings.case_facts(cellule_id, list(keys.values()))
    return {public_id: facts[key] for public_id, key in keys.items() if key in facts}


def journal(actor: Actor, opened: ShownVersion, **detail: Any) -> None:
    """Opening a document is a read of each case in it: one entry per case, or one when it holds none."""
    keys = queries.case_ids(actor.cellule_id, sorted(cases_of(opened.content)))
    case_ids: list[int | None] = [*sorted(keys.values())]
    for case_id in case_ids or [None]:
        audit.record(actor, "minutes.read", case_id=case_id, subject=opened.version, **detail)


def note_reception(
    actor: Actor, shelf: Shelf, version: VersionRow, *, file_format: str = "", sha256: str = ""
) -> None:
    """Write in the register that a recipient opened, or took, for the first time, what was sent to it."""
    kind = MinutesEventKind.DOWNLOADED if file_format else MinutesEventKind.OPENED
    known = any(
        event.version_id == version.id
        and event.kind is kind
        and event.user_id == actor.user_id
        and event.format == file_format
        for event in shelf.events
    )
    is_recipient = actor.is_partner or version.is_complete
    if known or not is_recipient or shelf.sending_of(version).state is not SendingState.SENT:
        return
    queries.add_once(
        cellule_id=actor.cellule_id,
        minutes_id=version.minutes_id,
        version_id=version.id,
        organisation_id=version.organisation_id,
        user_id=actor.user_id,
        kind=kind,
        at=clock.now(),
        format=file_format,
        sha256=sha256,
        once=f"{kind.value}:{version.id}:{actor.user_id}:{file_format}",
    )


def _is_for(actor: Actor, version: VersionRow, events: Sequence[EventRow]) -> bool:
    if actor.is_partner:
        mine = version.organisation_id == actor.organisation_id
        return mine and sending(events, version.id).state is SendingState.SENT
    return actor.role is Role.COORDINATEUR or version.is_complete


def _recalled(actor: Actor, events: Sequence[EventRow]) -> str:
    """Return what to say to a partner whose version was recalled; empty when none was."""
    if not actor.is_partner:
        return ""
    days = [
        event.at
        for event in events
        if event.kind is MinutesEventKind.RECALLED and event.organisation_id == actor.organisation_id
    ]
    if not days:
        return ""
    on: date = clock.local(max(days)).date()
    return (
        f"Le procès-verbal de cette séance vous avait été envoyé ; la cellule l’a rappelé le{NBSP}{day(on)}. "
        "Détruisez ce que vous en avez téléchargé ou imprimé, sans le transmettre à personne."
    ).replace(" ;", f"{NBSP};")
