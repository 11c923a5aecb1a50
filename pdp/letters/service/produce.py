"""Prepare a letter before anybody's eyes, then keep it: its content, its number, who produced it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError

from pdp.accounts.models import Organisation
from pdp.accounts.queries import lock_cellule
from pdp.audit import service as audit
from pdp.cases.service.access import ensure_not_frozen
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, RuleViolation
from pdp.dispositifs.catalogue import sheet
from pdp.letters.enums import LetterKind
from pdp.letters.models import Letter as LetterRow
from pdp.letters.queries import register
from pdp.letters.queries.subject import Subject, get_subject
from pdp.letters.rules.letter import Letter, content_hash, from_plain, says_the_same, to_plain
from pdp.letters.service.compose import Composed, Order, compose, ensure_offered, list_partners
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

# A letter gets its number when it is produced.
_UNNUMBERED = "à numéroter"
_TO_THE_INSURED = frozenset(LetterKind) - {LetterKind.PARTNER, LetterKind.EMPLOYER}
_AT_ONCE = "Un autre courrier vient d’être produit au même moment. Recommencez."


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the page of a letter to write shows: the letter, or why it may not be written."""

    kind: LetterKind
    request: str
    case: str
    case_reference: str
    dispositif: str
    partners: Sequence[Organisation]
    proposed_address: str
    letter: Letter | None
    refusal: str
    errors: dict[str, list[str]]


def prepare_letter(actor: Actor, request_public_id: str, order: Order, *, is_new: bool = False) -> Prepared:
    """Return the letter as it would be produced now, or why it may not be; one journal entry.

    A new one begins with what the case proposes: the town of the insured, the only partner there is.
    """
    ensure(actor, Permission.LETTER_PRODUCE)
    with db.transaction(actor):
        subject = get_subject(actor, request_public_id)
        ensure_offered(subject, order.kind)
        audit.record(actor, "letter.prepare", case_id=subject.case.id, subject=subject.request, kind=order.kind.value)
        partners = list_partners(actor, subject) if order.kind is LetterKind.PARTNER else ()
        address = subject.case.person.town if order.kind in _TO_THE_INSURED else ""
        if is_new:
            only = partners[0].public_id if len(partners) == 1 else ""
            order = replace(order, address=address, organisation=only)
        letter, refusal, errors = _tried(actor, subject, order)
        return Prepared(
            kind=order.kind,
            request=subject.request.public_id,
            case=subject.case.public_id,
            case_reference=subject.case.reference,
            dispositif=sheet(subject.request.dispositif).label,
            partners=partners,
            proposed_address=address,
            letter=letter,
            refusal=refusal,
            errors=errors,
        )


def produce_letter(actor: Actor, request_public_id: str, order: Order, *, fictitious: bool = False) -> str:
    """Keep a letter and return its public id. It is not sent: that is recorded apart, once it left.

    The same letter asked for again the same day, by a second click or a page sent again, is the one already kept.
    Raises `InvalidInput` or `RuleViolation` when it may not be written.
    """
    ensure(actor, Permission.LETTER_PRODUCE)
    try:
        with db.transaction(actor) as session:
            subject = get_subject(actor, request_public_id)
            ensure_offered(subject, order.kind)
            ensure_not_frozen(subject.case)
            lock_cellule(actor.cellule_id)
            year = clock.today().year
            number = register.next_number(actor.cellule_id, year)
            row = LetterRow(year=year, number=number)
            made = compose(actor, subject, order, row.reference, fictitious=fictitious)
            _fill(row, actor, subject, order, made)
            for waiting in register.list_unsent_like(row):
                if says_the_same(from_plain(waiting.content), made.letter):
                    return waiting.public_id
            session.add(row)
            audit.record(
                actor,
                "letter.produce",
                case_id=row.case_id,
                subject=row,
                kind=order.kind.value,
                organisation=row.organisation_id,
            )
    except IntegrityError as error:
        raise Conflict(_AT_ONCE) from error
    return row.public_id


def _fill(row: LetterRow, actor: Actor, subject: Subject, order: Order, made: Composed) -> None:
    row.cellule_id = actor.cellule_id
    row.case_id, row.request_id = subject.case.id, subject.request.id
    row.organisation_id = made.organisation.id if made.organisation else None
    row.kind, row.labels = order.kind, made.labels
    row.content, row.content_hash = to_plain(made.letter), content_hash(made.letter)
    row.agreed_on = order.agreed_on if order.kind is LetterKind.EMPLOYER else None
    row.produced_by_id, row.produced_at = actor.user_id, clock.now()


def _tried(actor: Actor, subject: Subject, order: Order) -> tuple[Letter | None, str, dict[str, list[str]]]:
    try:
        ensure_not_frozen(subject.case)
        return compose(actor, subject, order, _UNNUMBERED, fictitious=False).letter, "", {}
    except InvalidInput as error:
        return None, "", error.errors
    except RuleViolation as error:
        return None, str(error), {}
