"""Open a case: the person, the signal, the activity and the first arrêt, from one form."""

from datetime import date
from typing import Any

from pdp.audit import service as audit
from pdp.cases import queries
from pdp.cases.enums import Axis, SignalSource, Stage, StoppageOrigin, TriState
from pdp.cases.models import Activity, Case, InsuredPerson, Stoppage
from pdp.cases.rules import nir as nir_rules
from pdp.cases.rules.dates import check_birth, check_stoppage
from pdp.cases.rules.nir import NIR_COLUMN
from pdp.cases.rules.search import search_key
from pdp.core import clock, db
from pdp.core.crypto import blind_index
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.dispositifs.enums import PersonStatus
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.policy.permissions import Permission, can, ensure
from pdp.policy.visibility import readable_labels

# What `same_as` says of a person who only resembles others.
NEW_PERSON = "new"
_STOPPAGE_FIELDS = ("stoppage_starts_on", "stoppage_prescribed_end", "stoppage_origin")


def open_case(
    actor: Actor,
    *,
    family_name: str,
    given_name: str,
    birth_date: date,
    source: SignalSource,
    nir: str = "",
    town: str = "",
    phone: str = "",
    email: str = "",
    signal_reason: str = "",
    axis: Axis | None = None,
    take_charge: bool = False,
    same_as: str = "",
    **parts: Any,
) -> str:
    """Open a case in triage and return its public id; `take_charge` opens the accompaniment at once.

    `same_as` is a case of the person when they are known already; nobody is recognised by name alone.
    `parts` holds the first activity (`activity_status`, `employer`, `post`, `working_time`, `is_micro`)
    and the first arrêt (`stoppage_…`). Raises `InvalidInput` for a wrong number or dates, and
    `RuleViolation` when this number has a case under way.
    """
    ensure(actor, Permission.CASE_OPEN)
    today = clock.today()
    check_birth(birth_date, today)
    number = nir_rules.canonical(nir) if nir else None
    stoppage = _stoppage_values(parts)
    with db.transaction(actor):
        # The reference comes first: its lock makes two openings of one number wait for each other.
        reference = queries.next_reference(actor.cellule_id, today.year)
        known, index = _known_person(actor, number, birth_date, same_as)
        person = known or InsuredPerson(
            cellule_id=actor.cellule_id,
            family_name=family_name,
            given_name=given_name,
            birth_date=birth_date,
            town=town,
            phone=phone,
            email=email,
            search_key=search_key(family_name, given_name),
            nir=number,
            nir_index=index,
        )
        db.session().add(person)
        db.session().flush()
        charged = take_charge and can(actor, Permission.CASE_ASSIGN)
        case = Case(
            cellule_id=actor.cellule_id,
            person_id=person.id,
            reference=reference,
            stage=Stage.OPEN if charged else Stage.TRIAGE,
            axis=axis,
            opened_on=today,
            referent_user_id=actor.user_id if charged else None,
            created_at=clock.now(),
            source=source,
            signal_reason=signal_reason,
        )
        db.session().add(case)
        db.session().flush()
        _add_activity(case, parts)
        if stoppage:
            db.session().add(Stoppage(cellule_id=case.cellule_id, case_id=case.id, **stoppage))
        audit.record(actor, "case.open", case_id=case.id, subject=case, source=source.value, stage=case.stage.value)
    return case.public_id


def _known_person(
    actor: Actor, number: str | None, birth_date: date, same_as: str
) -> tuple[InsuredPerson | None, str | None]:
    """Return the person chosen, or who has this number, when none of their cases is under way, and the index to keep.

    A restricted case must leave no sign: its person is not told of, nor joined. The case opened then has a
    person of its own, found by name, whose number is kept without an index.
    """
    if same_as and same_as != NEW_PERSON:
        return _person_of(actor, same_as, number), None
    if number is None:
        return None, None
    index = blind_index(number, NIR_COLUMN)
    person = queries.find_person_by_nir(actor.cellule_id, index)
    if person is None:
        return None, index
    _refuse_under_way(actor, person, "Ce numéro de sécurité sociale a déjà un dossier en cours")
    if queries.has_hidden_case(person):
        return None, None
    if person.birth_date != birth_date:
        raise InvalidInput(
            {"birth_date": ["Ce numéro est déjà celui d’une personne née un autre jour. Vérifiez les deux."]}
        )
    return person, index


def _person_of(actor: Actor, case_id: str, number: str | None) -> InsuredPerson:
    """Return the person of a case that the actor may read, locked.

    Raises `NotFound`, `InvalidInput` for another number, `RuleViolation` when a case is under way.
    """
    case = queries.get_case(actor, case_id, lock=True)
    if Label.IDENTITY not in readable_labels(actor, queries.case_facts(case), clock.today()):
        raise NotFound
    person = queries.lock_person(case)
    _refuse_under_way(actor, person, "Cette personne a déjà un dossier en cours")
    if number is not None and person.nir != number:
        raise InvalidInput(
            {"nir": ["Ce numéro n’est pas celui de la personne que vous avez choisie. Vérifiez les deux."]}
        )
    return person


def _refuse_under_way(actor: Actor, person: InsuredPerson, said: str) -> None:
    under_way = queries.find_cases_of_person(actor, person)
    if under_way:
        raise RuleViolation(f"{said} : {under_way[0].reference}. Ouvrez-le depuis la liste des dossiers.")


def _stoppage_values(parts: dict[str, Any]) -> dict[str, Any] | None:
    """Return the values of the first arrêt, None when nothing was typed of it."""
    starts_on: date | None = parts.get("stoppage_starts_on")
    prescribed_end: date | None = parts.get("stoppage_prescribed_end")
    origin: StoppageOrigin | None = parts.get("stoppage_origin")
    if starts_on is None and prescribed_end is None and origin is None:
        return None
    if starts_on is None or prescribed_end is None or origin is None:
        sentence = "Un arrêt a un début, une fin prescrite et une origine : complétez-le, ou videz les trois."
        raise InvalidInput({name: [sentence] for name in _STOPPAGE_FIELDS if parts.get(name) is None})
    check_stoppage(starts_on, prescribed_end, None, prefix="stoppage_")
    return {
        "starts_on": starts_on,
        "prescribed_end": prescribed_end,
        "origin": origin,
        "indemnified": parts.get("stoppage_indemnified", TriState.UNKNOWN),
    }


def _add_activity(case: Case, parts: dict[str, Any]) -> None:
    status: PersonStatus | None = parts.get("activity_status")
    if status is None:
        return
    db.session().add(
        Activity(
            cellule_id=case.cellule_id,
            case_id=case.id,
            status=status,
            employer=parts.get("employer", ""),
            post=parts.get("post", ""),
            working_time=parts.get("working_time", ""),
            is_micro=parts.get("is_micro", False),
        )
    )
