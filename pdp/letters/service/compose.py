"""Compose a letter: the facts, cut to what its writer and its recipient may read, in the cellule's own words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from pdp.accounts import queries as accounts
from pdp.accounts.models import Organisation
from pdp.cases.queries import case_facts
from pdp.consent.rules import PARTNER_ROLE
from pdp.core import clock
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.core.french import NBSP, listing
from pdp.dispositifs.catalogue import sheet
from pdp.letters.enums import LetterKind
from pdp.letters.queries.subject import Subject
from pdp.letters.reference import code_of
from pdp.letters.rules import facts as rules
from pdp.letters.rules import template
from pdp.letters.rules.letter import OWN_REFERENCE, Letter, closing_line, dated, paragraphs_of
from pdp.letters.rules.offered import offered
from pdp.letters.service.texts import current_texts
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.visibility import CaseFacts, readable_labels

GREETING = "Madame, Monsieur,"
_CLOSED_TO_PARTNERS = (
    "Aucun organisme ne peut lire ce dossier aujourd’hui : recueillez l’accord de la personne dans l’onglet Partage, "
    "puis revenez ici."
)


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a letter: to which organisation, at which address, with which agreement of the insured."""

    kind: LetterKind
    organisation: str = ""
    address: str = ""
    agreed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter ready to be kept, the labels of all that it says, and its organisation."""

    letter: Letter
    labels: frozenset[Label]
    organisation: Organisation | None


def ensure_offered(subject: Subject, kind: LetterKind) -> None:
    """Refuse a letter that the request does not call for. Raises `NotFound`."""
    opinion, decision = subject.opinion, subject.decision
    if kind not in offered(opinion.code if opinion else None, decision.outcome if decision else None):
        raise NotFound


def list_partners(actor: Actor, subject: Subject) -> Sequence[Organisation]:
    """Return the partners that may read something of the case today, by name."""
    facts = case_facts(subject.case)
    found = {agreement.organisation.id: agreement.organisation for agreement in subject.case.agreements}
    readers = [organisation for organisation in found.values() if partner_labels(actor, organisation, facts)]
    return sorted(readers, key=lambda organisation: (organisation.short_name, organisation.id))


def partner_labels(actor: Actor, organisation: Organisation, facts: CaseFacts) -> frozenset[Label]:
    """Return the labels of a case that a partner may be written about: those that its own people read."""
    role = PARTNER_ROLE.get(organisation.kind)
    if role is None:
        return frozenset()
    reader = Actor(
        user_id=0,
        membership_id=0,
        membership_public_id="",
        name=organisation.name,
        role=role,
        organisation_id=organisation.id,
        organisation_name=organisation.name,
        cellule_id=actor.cellule_id,
        cellule_name=actor.cellule_name,
    )
    return readable_labels(reader, facts, clock.today())


def compose(actor: Actor, subject: Subject, order: Order, reference: str, *, fictitious: bool) -> Composed:
    """Return the letter. Raises `InvalidInput` or `RuleViolation` when it may not be written, and says why."""
    facts = case_facts(subject.case)
    readable = readable_labels(actor, facts, clock.today())
    organisation = None
    if order.kind is LetterKind.PARTNER:
        organisation = _addressee(actor, subject, order.organisation)
        # Its own actions are a partner's, whatever its agreements say.
        readable &= partner_labels(actor, organisation, facts) | {Label.ACTION}
    if order.kind is LetterKind.EMPLOYER:
        _ensure_agreed(order.agreed_on)
    values = rules.values_of(_facts(actor, subject, organisation), order.kind, readable)
    _ensure_whole(order.kind, values, organisation)
    text = current_texts(actor.cellule_id)[code_of(order.kind)]
    letter = Letter(
        cellule=values["cellule"],
        caisse=values["caisse"],
        recipient=_recipient(subject, order, values),
        references=((OWN_REFERENCE, reference), ("Dossier", subject.case.reference)),
        place_and_date=dated(clock.today()),
        subject=template.render(text.title, values),
        greeting=GREETING,
        paragraphs=paragraphs_of(template.render(text.body, values)),
        closing=closing_line(),
        signed_as="Pour la cellule,",
        signed_by=f"{actor.name}, {actor.role_name}",
        made_at=clock.now().replace(microsecond=0).isoformat(),
        fictitious=fictitious,
    )
    labels = rules.labels_of(text.title, text.body, values)
    return Composed(letter, labels if organisation else labels | {Label.IDENTITY}, organisation)


def _addressee(actor: Actor, subject: Subject, public_id: str) -> Organisation:
    partners = list_partners(actor, subject)
    if not partners:
        raise RuleViolation(_CLOSED_TO_PARTNERS)
    chosen = next((organisation for organisation in partners if organisation.public_id == public_id), None)
    if chosen is None:
        raise InvalidInput({"organisation": ["Choisissez à quel organisme vous écrivez."]})
    return chosen


def _ensure_agreed(agreed_on: date | None) -> None:
    """An employer learns nothing without the insured: neither the caisse nor the cellule may write of themselves."""
    if agreed_on is None:
        raise InvalidInput(
            {
                "agreed_on": [
                    "L’employeur ne reçoit un courrier que si la personne a dit oui. "
                    "Écrivez le jour de son accord ; sans accord, rien ne part."
                ]
            }
        )
    if agreed_on > clock.today():
        raise InvalidInput({"agreed_on": ["L’accord ne peut pas avoir été donné dans le futur."]})


def _ensure_whole(kind: LetterKind, values: dict[str, str], organisation: Organisation | None) -> None:
    lacking = rules.missing(kind, values)
    if organisation is not None and (lacking or not rules.says_something(values)):
        raise RuleViolation(
            f"{organisation.short_name} ne peut rien lire de ce que ce courrier dirait{NBSP}: ni l’avis, ni la "
            "décision, et aucune action ne lui revient. L’accord de la personne dit ce qui lui est ouvert."
        )
    if lacking:
        raise RuleViolation(
            f"Ce courrier ne peut pas être écrit{NBSP}: il manque {listing(lacking)}, ou vous ne pouvez pas le lire."
        )


def _facts(actor: Actor, subject: Subject, organisation: Organisation | None) -> rules.Facts:
    cellule = accounts.get_cellule(actor.cellule_id)
    case, request, opinion, decision = subject.case, subject.request, subject.opinion, subject.decision
    return rules.Facts(
        cellule=cellule.name,
        caisse=cellule.caisse_name,
        reference=case.reference,
        person=case.person.full_name,
        dispositif=sheet(request.dispositif).label,
        referent=case.referent.full_name if case.referent else "",
        partner=organisation.name if organisation else "",
        employer=_employer(subject),
        starts_on=request.measure_start,
        ends_on=request.measure_end,
        held_on=subject.held_on,
        opinion=opinion.code.label if opinion else "",
        conditions=opinion.conditions if opinion else "",
        reasons=opinion.reasons if opinion else "",
        decision=decision.outcome.label if decision else "",
        decided_on=decision.decided_on if decision else None,
        deciding_body=decision.deciding_body if decision else "",
        refusal_reasons=decision.reasons if decision else "",
        appeal_routes=decision.appeal_routes if decision else "",
        todo=_todo(subject, organisation.id if organisation else None),
    )


def _employer(subject: Subject) -> str:
    today = clock.today()
    held = [row.employer for row in subject.case.activities if row.ends_on is None or row.ends_on >= today]
    return next((employer for employer in held if employer), "")


def _todo(subject: Subject, organisation_id: int | None) -> tuple[rules.Todo, ...]:
    own = [action for action in subject.actions if action.owner_organisation_id == organisation_id]
    return tuple(rules.Todo(action.text, action.due_on) for action in own)


def _recipient(subject: Subject, order: Order, values: dict[str, str]) -> tuple[str, ...]:
    if order.kind is LetterKind.PARTNER:
        name = values["partenaire"]
    elif order.kind is LetterKind.EMPLOYER:
        name = values["employeur"] or "L’employeur"
    else:
        name = values["personne"]
    return (name, *_lines(order.address))


def _lines(address: str) -> Collection[str]:
    return tuple(line.strip() for line in address.split("\n") if line.strip())
