"""The SQL twins of `policy.visibility`: which cases, and which label of them, an actor may read."""

from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Select, String, and_, exists, false, literal, or_, select, true, type_coerce
from sqlalchemy.orm import aliased

from pdp.cases.enums import Stage
from pdp.cases.models import Case, CaseReader, CaseRecusal, InsuredPerson
from pdp.cases.rules.workflow import ENDED
from pdp.consent.models import SharingAgreement
from pdp.core import clock
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.reading import Cell, cell
from pdp.policy.roles import Role

_ALWAYS = frozenset({Cell.READ, Cell.WRITE, Cell.READ_OWN})
_AGREED = frozenset({Cell.AGREED, Cell.AGREED_WRITE})
_CSAM_AFTER_TRIAGE = frozenset({Label.IDENTITY, Label.EMPLOYMENT})


def visible_to(actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the filter over `Case` that is the twin of `policy.visibility.can_see_case`."""
    return and_(Case.hidden_on.is_(None), would_see(actor, today))


def would_see(actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the filter of what the actor may see, cases hidden before their erasure included."""
    own_cellule = and_(Case.cellule_id == actor.cellule_id, not_recused(actor))
    if actor.in_emergency:
        return and_(own_cellule, Case.id == actor.emergency_case_id) if actor.is_core else false()
    if actor.is_partner:
        return and_(own_cellule, _opened(actor), _shared(actor, today, None))
    return and_(own_cellule, _opened(actor)) if actor.is_core or actor.role is Role.CSAM else false()


def not_recused(actor: Actor) -> ColumnElement[bool]:
    """Say, over `Case`, that the person declared no conflict of interest, which not even an emergency overrides."""
    recusal = _recusal()
    return ~exists().where(
        recusal.cellule_id == Case.cellule_id,
        recusal.case_id == Case.id,
        recusal.user_id == actor.user_id,
        recusal.ended_at.is_(None),
    )


@cache
def _recusal() -> type[CaseRecusal]:
    """Return the déport inside the filter. An alias copies every column: it is made once, not at each page."""
    return aliased(CaseRecusal)


@cache
def _person() -> type[InsuredPerson]:
    return aliased(InsuredPerson)


def _opened(actor: Actor) -> ColumnElement[bool]:
    """Say that the case is not restricted, or that the actor is its referent or named."""
    unrestricted = Case.restricted_on.is_(None)
    if not (actor.is_core or actor.is_partner):
        return unrestricted
    named = exists().where(
        CaseReader.cellule_id == Case.cellule_id,
        CaseReader.case_id == Case.id,
        CaseReader.ended_at.is_(None),
        CaseReader.organisation_id == actor.organisation_id
        if actor.is_partner
        else CaseReader.user_id == actor.user_id,
    )
    if actor.is_partner:
        return or_(unrestricted, named)
    return or_(unrestricted, Case.referent_user_id == actor.user_id, named)


def open_cases(actor: Actor) -> Select[int, str]:
    """Select the key and the reference of each case that the actor may see today."""
    return select(Case.id, Case.reference).where(visible_to(actor, clock.today()))


def reads_label(actor: Actor, label: Label, today: date) -> ColumnElement[bool]:
    """Return the filter over `Case` that is the twin of `label in policy.visibility.readable_labels`."""
    return and_(visible_to(actor, today), _opens(actor, label, today))


def _opens(actor: Actor, label: Label, today: date) -> ColumnElement[bool]:
    access = cell(actor.role, label)
    always: ColumnElement[bool] = true() if access in _ALWAYS else false()
    if actor.role is Role.CSAM:
        later: ColumnElement[bool] = true() if label in _CSAM_AFTER_TRIAGE else false()
        return or_(and_(Case.stage == Stage.TRIAGE, always), and_(Case.stage != Stage.TRIAGE, later))
    if actor.role is Role.SPST and label is Label.CONCLUSION and not actor.is_physician:
        return false()
    if access is Cell.OWNER:
        if actor.in_emergency:
            return false()
        return true() if actor.role is Role.MANAGER else Case.referent_user_id == actor.user_id
    return _shared(actor, today, label) if access in _AGREED else always


def named_in_lists(actor: Actor, today: date) -> ColumnElement[bool]:
    """Say that a list may name the person of a case; a partner's lists hold the reference and the initials.

    A stolen partner account thus gets no name without opening a case, which is counted and stopped.
    """
    return false() if actor.is_partner else reads_label(actor, Label.IDENTITY, today)


def _shared(actor: Actor, today: date, label: Label | None) -> ColumnElement[bool]:
    """Say that an agreement in force covers the actor's organisation, and the label when one is given.

    Nothing is shared of a person whose processing is restricted.
    """
    agreement, person = SharingAgreement, _person()
    words = type_coerce(agreement.labels, String)
    covers = words != "" if label is None else (literal(" ") + words + literal(" ")).contains(f" {label.value} ")
    return and_(
        Case.stage.not_in(ENDED),
        exists().where(person.cellule_id == Case.cellule_id, person.id == Case.person_id, person.frozen_on.is_(None)),
        exists().where(
            agreement.cellule_id == Case.cellule_id,
            agreement.case_id == Case.id,
            agreement.organisation_id == actor.organisation_id,
            agreement.starts_on <= today,
            or_(agreement.ends_on.is_(None), agreement.ends_on >= today),
            or_(agreement.withdrawn_on.is_(None), agreement.withdrawn_on > today),
            covers,
        ),
    )
