"""The demo's cases, from `seeds/demo/cases.yaml`: written as they would stand today."""

from typing import Any

from pdp.audit import service as audit
from pdp.cases.enums import (
    Axis,
    BoethKind,
    BoethState,
    ConclusionCode,
    EncounterKind,
    Scheme,
    SignalSource,
    Stage,
    StoppageOrigin,
    TriState,
    UnfitnessState,
)
from pdp.cases.models import Activity, Case, Encounter, InsuredPerson, Stoppage
from pdp.cases.rules.search import search_key
from pdp.consent.enums import AgreementForm
from pdp.consent.models import SharingAgreement
from pdp.consent.notices import notice_on
from pdp.core import clock, crypto, db
from pdp.demo.moments import Moments
from pdp.demo.people import People, seed
from pdp.dispositifs.enums import PersonStatus
from pdp.policy.labels import Label
from pdp.policy.reading import Cell, cell

_SHARED = frozenset({Cell.AGREED, Cell.AGREED_WRITE})


def load_cases(people: People, moments: Moments) -> dict[str, Case]:
    """Store the cases of the seed file, each at the day it was opened; return them by key."""
    cases = {}
    for number, story in enumerate(seed("cases"), start=101):
        with clock.acting_at(moments.at(story["opened"])), db.transaction(db.Upkeep(people.cellule.id)):
            cases[story["key"]] = _case(people, moments, number, story)
    return cases


def _case(people: People, moments: Moments, number: int, story: dict[str, Any]) -> Case:
    person = _person(people, moments, story)
    opened = moments.on(story["opened"])
    allowance, conclusion = story.get("allowance", {}), story.get("conclusion", [None, None, ""])
    boeth, unfitness = story.get("boeth", [None, "UNKNOWN", None]), story.get("unfitness", ["UNKNOWN", None])
    case = Case(
        cellule_id=people.cellule.id,
        person_id=person.id,
        reference=f"{opened.year}-{number:04}",
        stage=_stage(story),
        axis=Axis(story["axis"]) if "axis" in story else None,
        opened_on=opened,
        closed_on=moments.day(story.get("closed")),
        referent_user_id=people.users[story["referent"]].id if "referent" in story else None,
        created_at=clock.now(),
        source=SignalSource(story["source"]),
        signal_reason=story["reason"],
        reorientation=story.get("reoriented", [0, ""])[1],
        presentation=story.get("presentation", ""),
        work_exclusion_risk=_tri(story.get("risk")),
        social_evaluation_on=moments.day(story.get("evaluation")),
        insured_request_on=moments.day(story.get("request")),
        scheme=Scheme(story.get("scheme", "GENERAL")),
        affiliation_months=story.get("affiliation_months"),
        old_age_pension=_tri(allowance.get("old_age")),
        invalidity_pension=_tri(allowance.get("invalidity")),
        long_term_condition=_tri(allowance.get("ald")),
        boeth_kind=BoethKind(boeth[0]) if boeth[0] else None,
        boeth_state=BoethState(boeth[1]),
        boeth_valid_until=moments.day(boeth[2]),
        unfitness_state=UnfitnessState(unfitness[0]),
        unfitness_on=moments.day(unfitness[1]),
        conclusion_code=ConclusionCode(conclusion[0]) if conclusion[0] else None,
        conclusion_on=moments.day(conclusion[1]),
        conclusion_limits=conclusion[2],
    )
    db.session().add(case)
    db.session().flush()
    _details(people, moments, case, story)
    author = people.actor(story.get("referent", "nadia"))
    audit.record(author, "case.open", case_id=case.id, subject=case)
    return case


def _person(people: People, moments: Moments, story: dict[str, Any]) -> InsuredPerson:
    given, family = story["name"]
    nir = story.get("nir", "").replace(" ", "") or None
    person = InsuredPerson(
        cellule_id=people.cellule.id,
        given_name=given,
        family_name=family,
        birth_date=moments.born(story["born"]),
        town=story["town"],
        search_key=search_key(family, given),
        nir=nir,
        nir_index=crypto.blind_index(nir, "insured_person.nir") if nir else None,
    )
    db.session().add(person)
    db.session().flush()
    return person


def _details(people: People, moments: Moments, case: Case, story: dict[str, Any]) -> None:
    keys = {"cellule_id": case.cellule_id, "case_id": case.id}
    rows: list[Any] = [
        Activity(
            **keys,
            status=PersonStatus(job["status"]),
            employer=job["employer"],
            post=job["post"],
            working_time=job["time"],
            is_micro=job.get("micro", False),
            starts_on=moments.day(job["since"]),
            ends_on=moments.day(job.get("until")),
        )
        for job in story["activities"]
    ]
    rows += [
        Stoppage(
            **keys,
            origin=StoppageOrigin(origin),
            starts_on=moments.on(start),
            prescribed_end=moments.on(end),
            indemnified=_tri(paid),
        )
        for origin, start, end, paid, _group in story.get("stoppages", [])
    ]
    rows += [
        Encounter(**keys, kind=EncounterKind(kind), happens_on=moments.on(offset))
        for kind, offset in story.get("encounters", [])
    ]
    rows += [
        _agreement(people, moments, case, organisation, start, purpose)
        for organisation, (_all, start, purpose) in story.get("sharing", {}).items()
    ]
    db.session().add_all(rows)


def _agreement(
    people: People, moments: Moments, case: Case, organisation: str, start: int, purpose: str
) -> SharingAgreement:
    """Share with a partner every label that its role may be granted at all."""
    role = next(
        m.role for m in people.memberships.values() if m.organisation_id == people.organisations[organisation].id
    )
    return SharingAgreement(
        cellule_id=case.cellule_id,
        case_id=case.id,
        organisation_id=people.organisations[organisation].id,
        labels=frozenset(label for label in Label if cell(role, label) in _SHARED),
        purpose=purpose,
        notice=notice_on(moments.on(start)).code,
        informed_on=moments.on(start - 2),
        agreed_on=moments.on(start),
        place="Toulouse",
        form=AgreementForm.SIGNED,
        collected_by=people.users["sophie"].full_name,
        starts_on=moments.on(start),
        recorded_by_id=people.users["sophie"].id,
        recorded_at=clock.now(),
    )


def _stage(story: dict[str, Any]) -> Stage:
    if "reoriented" in story:
        return Stage.REORIENTED
    if "closed" in story:
        return Stage.CLOSED
    return Stage.OPEN if "axis" in story else Stage.TRIAGE


def _tri(value: object) -> TriState:
    """Read yes, no or nothing: YAML turns the bare words into booleans."""
    if value in (True, "yes"):
        return TriState.YES
    return TriState.NO if value in (False, "no") else TriState.UNKNOWN
