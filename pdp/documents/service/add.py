"""Add a piece: judged, scanned, sealed, then stored with one journal entry."""

from dataclasses import dataclass
from typing import IO

from pdp.audit import service as audit
from pdp.cases.models import Case
from pdp.cases.queries import get_case
from pdp.core import antivirus, clock, db
from pdp.core.antivirus import Verdict
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.documents import hooks, queries
from pdp.documents.enums import About, PaperKind, ReviewState, ScanState, Spread
from pdp.documents.models import Document
from pdp.documents.rules import access as rules
from pdp.documents.rules.access import Reader
from pdp.documents.rules.inspection import Fit, Unfit, inspect
from pdp.documents.rules.inspection.names import declared
from pdp.documents.rules.kinds import PAPERS
from pdp.documents.rules.limits import Limits, ensure_room
from pdp.documents.service import access, notices, store
from pdp.policy.actor import Actor
from pdp.policy.labels import LABEL_NAMES, Label
from pdp.policy.permissions import Permission, ensure

LIMITS = Limits()
_INFECTED = (
    "L’antivirus a trouvé un programme dangereux dans ce fichier : il n’a pas été gardé. "
    "Prévenez la personne qui vous l’a remis, et demandez-lui une autre copie."
)
_SCANS = {Verdict.CLEAN: ScanState.CLEAN, Verdict.UNKNOWN: ScanState.WAITING}


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a file: its piece, whether it was there already, and what it awaits."""

    public_id: str
    existed: bool
    review: ReviewState
    scan: ScanState


def add_document(
    actor: Actor,
    case_id: str,
    *,
    title_kind: PaperKind,
    stream: IO[bytes],
    file_name: str,
    label: Label | None = None,
    spread: Spread = Spread.AGREED,
    precision: str = "",
    about: About | None = None,
    about_ref: str | None = None,
    replaces: str | None = None,
    limits: Limits = LIMITS,
) -> Added:
    """Add a piece to a case; a partner's is a proposal that the referent examines.

    Without a label the kind's usual one holds. `replaces` names the piece that this one is a newer
    version of. The same file sent twice by the same person is one piece. Raises `InvalidInput` for the
    file or the label, `RuleViolation` past a limit, `NotFound` for a hidden case.
    """
    ensure(actor, Permission.DOCUMENT_ADD)
    label = label or PAPERS[title_kind].label
    _ensure_may_add(actor, case_id, label, limits)
    fit = _fit(actor, case_id, stream, file_name, limits)
    verdict = antivirus.installed().scan(fit.body)
    if verdict is Verdict.INFECTED:
        _journal_refusal(actor, case_id, "infected")
        raise InvalidInput({"file": [_INFECTED]})
    with db.transaction(actor):
        case = get_case(actor, case_id, lock=True)
        reader = access.reader_of(actor, case)
        _ensure_allowed(reader, case, label, limits)
        former = _former(actor, reader, case, replaces)
        body = store.keep(case, fit.body)
        again = next((row for row in queries.list_same_content(case, body) if row.added_by_id == actor.user_id), None)
        if again is not None:
            audit.record(actor, "document.replay", case_id=case.id, subject=again)
            return Added(again.public_id, True, again.review, again.scan)
        _ensure_expected(actor, case, about, about_ref)
        document = Document(
            cellule_id=case.cellule_id,
            case_id=case.id,
            label=label,
            kind=title_kind,
            precision=precision,
            media=fit.media,
            size=len(fit.body),
            body_id=body.id,
            added_by_id=actor.user_id,
            organisation_id=actor.organisation_id,
            added_at=clock.now(),
            review=ReviewState.PROPOSED if actor.is_partner else ReviewState.ACCEPTED,
            # How far a proposal goes is for the referent to say: until then, no further than the core.
            spread=Spread.CORE if actor.is_partner else spread,
            refusal="",
            scan=_SCANS[verdict],
            scanned_at=clock.now() if verdict is Verdict.CLEAN else None,
            withdrawal="",
            replaces_id=former.id if former else None,
            about=about,
            about_ref=about_ref,
        )
        db.session().add(document)
        db.session().flush()
        if former is not None and not actor.is_partner:
            former.replaced_at = clock.now()
            former.version += 1
        audit.record(
            actor,
            "document.propose" if actor.is_partner else "document.add",
            case_id=case.id,
            subject=document,
            kind=title_kind.value,
            label=label.value,
            scan=document.scan.value,
        )
        if actor.is_partner:
            notices.tell_examiners(case, document)
    return Added(document.public_id, False, document.review, document.scan)


def _ensure_may_add(actor: Actor, case_id: str, label: Label, limits: Limits) -> None:
    """Refuse early, before the file is read at all."""
    with db.reading(actor):
        case = get_case(actor, case_id)
        _ensure_allowed(access.reader_of(actor, case), case, label, limits)


def _ensure_allowed(reader: Reader, case: Case, label: Label, limits: Limits) -> None:
    access.ensure_open(case)
    addable = rules.addable(reader)
    if not addable:
        raise NotFound
    if label not in addable:
        # A label that one may not read is not even named.
        name = f" sous « {LABEL_NAMES[label]} »" if label in reader.readable else " à cet endroit"
        raise InvalidInput({"label": [f"Vous ne pouvez pas ranger de pièce{name} : choisissez une autre rubrique."]})
    midnight = clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    ensure_room(
        limits,
        in_case=queries.count_of_case(case),
        today=queries.count_of_person(case.cellule_id, reader.actor.user_id, midnight),
    )


def _fit(actor: Actor, case_id: str, stream: IO[bytes], file_name: str, limits: Limits) -> Fit:
    try:
        declared(file_name)
        return inspect(stream.read(limits.largest + 1), file_name, largest=limits.largest)
    except Unfit as refusal:
        _journal_refusal(actor, case_id, refusal.reason.value)
        raise InvalidInput({"file": [refusal.reason.label]}) from None


def _journal_refusal(actor: Actor, case_id: str, reason: str) -> None:
    """Leave a trace of a file that was not kept: one account that tries many is worth a look."""
    with db.transaction(actor):
        case = get_case(actor, case_id)
        audit.record(actor, "document.rejected", case_id=case.id, subject=case, reason=reason)


def _former(actor: Actor, reader: Reader, case: Case, replaces: str | None) -> Document | None:
    if replaces is None:
        return None
    former = queries.find_document(actor, replaces, lock=True)
    facts = access.facts_of(former)
    if former.case_id != case.id or not rules.knows(reader, facts) or not rules.may_replace(reader, facts):
        raise NotFound
    if former.replaced_at is not None:
        raise RuleViolation("Cette pièce a déjà une version plus récente : remplacez plutôt celle-ci.")
    return former


def _ensure_expected(actor: Actor, case: Case, about: About | None, about_ref: str | None) -> None:
    if about is About.PIECE and about_ref not in {piece.ref for piece in hooks.list_expected(actor, case)}:
        raise InvalidInput({"expected": ["Cette demande n’attend plus cette pièce. Choisissez dans la liste."]})
