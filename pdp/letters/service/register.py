"""The register of letters: those of a case, what each says, its files, and when it left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pdp.accounts.queries import list_people
from pdp.audit import service as audit
from pdp.cases import service as cases
from pdp.cases.models import Case
from pdp.cases.queries import case_facts, get_case
from pdp.cases.rules.view import CaseView
from pdp.cases.service.access import ensure_not_frozen
from pdp.consent.enums import DepartureKind
from pdp.consent.register import record_departure
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.dispositifs.catalogue import sheet
from pdp.letters.enums import LetterKind, SendingMeans
from pdp.letters.models import Letter as LetterRow
from pdp.letters.queries import register
from pdp.letters.queries.register import DueRefusal
from pdp.letters.queries.subject import list_subjects
from pdp.letters.render import RENDERERS
from pdp.letters.rules.letter import Letter, file_name, from_plain
from pdp.letters.rules.offered import offered
from pdp.letters.service.compose import partner_labels
from pdp.letters.service.doors import is_open, opened
from pdp.meetings.queries import corrected_at
from pdp.notifications.enums import NoticeKind
from pdp.notifications.service import notify
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can, ensure
from pdp.policy.visibility import readable_labels

_TWICE = "L’envoi de ce courrier est déjà enregistré. La page dit quand, et par qui."
_SHUT_SINCE = (
    "Depuis que ce courrier est produit, cet organisme ne peut plus lire tout ce qu’il dit : il ne part pas. "
    "Produisez-en un autre, réduit à ce que l’accord ouvre aujourd’hui."
)

_CORRECTED_SINCE = (
    "L’avis que dit ce courrier a été rectifié depuis qu’il est produit : il ne part pas. Produisez-en un autre, "
    "qui dit l’avis retenu. S’il est parti avant la rectification, indiquez le jour de son départ."
)


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter as a list shows it."""

    public_id: str
    reference: str
    kind: LetterKind
    recipient: str
    produced_at: datetime
    produced_by: str
    sent_on: date | None
    sent_by_means: SendingMeans | None
    sent_by: str
    case: str = ""
    case_reference: str = ""


@dataclass(frozen=True, slots=True)
class Writable:
    """A request and the letters that may be written about it."""

    request: str
    dispositif: str
    kinds: tuple[LetterKind, ...]


@dataclass(frozen=True, slots=True)
class CaseLetters:
    """The letters of a case that the actor may open, and those that may be written."""

    letters: tuple[LetterLine, ...]
    writable: tuple[Writable, ...]


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """A letter with what it says."""

    line: LetterLine
    letter: Letter
    agreed_on: date | None
    may_record: bool


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it is given out."""

    body: bytes
    media_type: str
    file_name: str


def read_case_letters(actor: Actor, case_public_id: str) -> tuple[CaseView, CaseLetters]:
    """Open the « Courriers » tab of a case."""
    with db.transaction(actor):
        view = cases.read_case(actor, case_public_id, part="letters")
        case = get_case(actor, case_public_id)
        writes = can(actor, Permission.LETTER_PRODUCE) and view.frozen_on is None and Label.REQUEST in view.labels
        return view, CaseLetters(
            letters=tuple(
                _line(row) for row in register.list_of_case(case.cellule_id, case.id) if is_open(actor, row, case)
            ),
            writable=_writable(actor, case) if writes else (),
        )


def list_letters(actor: Actor) -> tuple[Sequence[DueRefusal], Sequence[LetterLine]]:
    """Return the refusals whose letter has not left, and the last letters of the cellule."""
    ensure(actor, Permission.LETTER_PRODUCE)
    with db.transaction(actor):
        due, last = register.list_due_refusals(actor), register.list_last(actor)
        audit.record(actor, "letter.list", due=len(due), count=len(last))
        return due, [_line(row, case, reference) for row, case, reference in last]


def open_letter(actor: Actor, public_id: str) -> OpenLetter:
    """Return a letter with what it says; one journal entry. Raises `NotFound`."""
    ensure(actor, Permission.LETTER_READ)
    with db.transaction(actor):
        row, case = opened(actor, public_id)
        audit.record(actor, "letter.read", case_id=case.id, subject=row)
        return OpenLetter(
            line=_line(row, case.public_id, case.reference),
            letter=from_plain(row.content),
            agreed_on=row.agreed_on,
            may_record=can(actor, Permission.LETTER_PRODUCE) and row.sent_on is None,
        )


def download(actor: Actor, public_id: str, file_format: str) -> Download:
    """Return a file of a letter, made from what it says. A partner's taking of it is written in the register."""
    ensure(actor, Permission.LETTER_READ)
    renderer = RENDERERS.get(file_format)
    if renderer is None:
        raise NotFound
    with db.transaction(actor):
        row, case = opened(actor, public_id)
        letter = from_plain(row.content)
        audit.record(actor, "letter.download", case_id=case.id, subject=row, format=file_format)
        if actor.is_partner:
            _leave(actor, row, case)
        return Download(renderer.make(letter), renderer.media_type, file_name(letter, renderer.extension))


def record_sent(actor: Actor, public_id: str, *, sent_on: date, means: SendingMeans) -> str:
    """Record that a letter left, once; return the public id of its case.

    A partner is told by a neutral mail with a link. Raises `Conflict` when it is recorded already, `InvalidInput`
    for a day or a way that cannot be, `RuleViolation` when the partner may no longer read all that it says or when
    the opinion was corrected before it left.
    """
    ensure(actor, Permission.LETTER_PRODUCE)
    with db.transaction(actor):
        row, case = opened(actor, public_id, lock=True)
        if row.sent_on is not None:
            raise Conflict(_TWICE)
        ensure_not_frozen(case)
        _ensure_possible(row, sent_on, means)
        _ensure_holds(row, sent_on)
        row.sent_on, row.sent_by_means, row.sent_by_id = sent_on, means, actor.user_id
        if row.organisation is not None:
            _to_partner(actor, row, case, means)
        audit.record(actor, "letter.send", case_id=case.id, subject=row, means=means.value)
        return case.public_id


def _ensure_possible(row: LetterRow, sent_on: date, means: SendingMeans) -> None:
    errors: dict[str, list[str]] = {}
    if sent_on > clock.today():
        errors["sent_on"] = ["Ce jour est dans le futur : enregistrez l’envoi une fois le courrier parti."]
    elif sent_on < clock.local(row.produced_at).date():
        errors["sent_on"] = ["Ce jour précède la production du courrier. Vérifiez-le."]
    if means is SendingMeans.SITE and row.organisation_id is None:
        errors["means"] = ["Seul un organisme partenaire lit un courrier dans le site : choisissez un autre moyen."]
    if errors:
        raise InvalidInput(errors)


def _ensure_holds(row: LetterRow, sent_on: date) -> None:
    corrected = corrected_at(row.cellule_id, row.request_id)
    if corrected and row.produced_at < corrected and clock.local(corrected).date() <= sent_on:
        raise RuleViolation(_CORRECTED_SINCE)


def _to_partner(actor: Actor, row: LetterRow, case: Case, means: SendingMeans) -> None:
    assert row.organisation is not None
    if not row.labels <= partner_labels(actor, row.organisation, case_facts(case)) | {Label.ACTION}:
        raise RuleViolation(_SHUT_SINCE)
    people = list_people(actor.cellule_id, clock.today())
    told = [person.user_id for person in people if person.organisation_id == row.organisation_id]
    notify(
        told,
        NoticeKind.LETTER_RECEIVED,
        cellule_id=actor.cellule_id,
        case_id=case.id,
        link=f"/courriers/{row.public_id}",
    )
    if means is not SendingMeans.SITE:
        _leave(actor, row, case)


def _leave(actor: Actor, row: LetterRow, case: Case) -> None:
    assert row.organisation_id is not None
    record_departure(
        actor,
        cellule_id=row.cellule_id,
        case_id=case.id,
        organisation_id=row.organisation_id,
        what=DepartureKind.LETTER,
        object_kind="letter",
        object_id=row.id,
        version=f"{row.reference} {row.content_hash[:12]}",
        labels=row.labels,
    )


def _writable(actor: Actor, case: Case) -> tuple[Writable, ...]:
    labels = readable_labels(actor, case_facts(case), clock.today())
    found = []
    for subject in list_subjects(actor, case):
        opinion = subject.opinion.code if subject.opinion and Label.OPINION in labels else None
        decision = subject.decision.outcome if subject.decision and Label.DECISION in labels else None
        kinds = offered(opinion, decision)
        if kinds:
            found.append(Writable(subject.request.public_id, sheet(subject.request.dispositif).label, kinds))
    return tuple(found)


def _line(row: LetterRow, case: str = "", case_reference: str = "") -> LetterLine:
    return LetterLine(
        public_id=row.public_id,
        reference=row.reference,
        kind=row.kind,
        recipient=_recipient(row),
        produced_at=row.produced_at,
        produced_by=row.produced_by.full_name,
        sent_on=row.sent_on,
        sent_by_means=row.sent_by_means,
        sent_by=row.sent_by.full_name if row.sent_by else "",
        case=case,
        case_reference=case_reference,
    )


def _recipient(row: LetterRow) -> str:
    if row.organisation is not None:
        return row.organisation.short_name
    return "l’employeur" if row.kind is LetterKind.EMPLOYER else "l’assuré"
