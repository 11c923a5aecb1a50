"""Records of one person entered twice, written as rows: not through the services under test."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from pdp.cases.enums import SignalSource, Stage
from pdp.cases.models import Case, InsuredPerson, PersonAlias
from pdp.cases.rules.search import search_key
from pdp.core import clock, db
from pdp.core.crypto import blind_index
from pdp.merging.enums import LineKind, ProposalState
from pdp.merging.models import MergeProposal, PersonMerge, PersonMergeLine, PersonUnmerge
from tests.support.databases import as_owner
from tests.support.world import World

NIR, OTHER_NIR = "280057800608492", "284127511654316"


@dataclass(frozen=True)
class Record:
    """A person with one case, by key and public id."""

    person: int
    case_id: int
    case: str


def add_record(world: World, family_name: str, given_name: str, birth_date: date, **more: Any) -> Record:
    """Add a person of cellule `a` with an open case, whose referent is `a.service_social`."""
    with as_owner() as session:
        nir = more.pop("nir", None)
        restricted = more.pop("restricted", False)
        referent = more.pop("referent", "a.service_social")
        person = InsuredPerson(
            cellule_id=world.cellule["a"],
            family_name=family_name,
            given_name=given_name,
            birth_date=birth_date,
            search_key=search_key(family_name, given_name),
            nir=nir,
            nir_index=more.pop("nir_index", blind_index(nir, "insured_person.nir") if nir else None),
            **more,
        )
        session.add(person)
        session.flush()
        case = add_case(world, person.id, restricted=restricted, referent=referent)
        return Record(person.id, case.id, case.public_id)


def add_case(world: World, person_id: int, *, restricted: bool = False, referent: str = "a.service_social") -> Case:
    """Add an open case to a person of cellule `a`."""
    with as_owner() as session:
        number = len(session.scalars(select(Case.id)).all()) + 500
        case = Case(
            cellule_id=world.cellule["a"],
            person_id=person_id,
            reference=f"2026-{number:04}",
            stage=Stage.OPEN,
            opened_on=clock.today(),
            referent_user_id=world.user[referent],
            created_at=clock.now(),
            source=SignalSource.MEDICAL_ADVISER,
            restricted_on=clock.today() if restricted else None,
        )
        session.add(case)
        session.flush()
        return case


def add_duplicate(world: World) -> tuple[Record, Record]:
    """Add Anne Lefèvre and Anne Lefevre, born the same day; only the second one has a number."""
    first = add_record(world, "Lefèvre", "Anne", date(1980, 3, 5), town="Albi", phone="0563000001")
    second = add_record(world, "Lefevre", "Anne", date(1980, 3, 5), town="Castres", nir=NIR)
    return first, second


def add(world: World, key: str) -> None:
    """Add one row of each table of merging about the person of `{key}.shared`, as if merged and undone since."""
    session, cellule_id = db.session(), world.cellule[key]
    case = session.get_one(Case, world.case_id[f"{key}.shared"])
    person_id = case.person_id
    # Another record of the cellule plays the one absorbed: a record without a case would belong to nobody.
    others = (world.case_id[f"{key}.{name}"] for name in ("triage", "alone"))
    twin = next(found for other in others if (found := session.get_one(Case, other)).person_id != person_id)
    alias = PersonAlias(
        cellule_id=cellule_id,
        person_id=person_id,
        former_id=twin.person_id,
        family_name="Ancienne",
        given_name="Identité",
        search_key="",
        nir_index=None,
        since=clock.now(),
    )
    proposal = MergeProposal(
        cellule_id=cellule_id,
        kept_id=person_id,
        absorbed_id=twin.person_id,
        kept_case_id=case.id,
        absorbed_case_id=case.id,
        choices={},
        traits='[["family_name", "", "", "unknown", "", ""], ["given_name", "", "", "unknown", "", ""]]',
        reason="Motif d’essai",
        fingerprint="",
        proposed_by_id=world.user[f"{key}.service_social"],
        proposed_at=clock.now(),
        state=ProposalState.UNDONE,
        decided_by_id=world.user[f"{key}.manager"],
        decided_at=clock.now(),
        decision="Décision d’essai",
        undo_reason="Annulation d’essai",
    )
    session.add_all((alias, proposal))
    session.flush()
    merge = PersonMerge(
        cellule_id=cellule_id,
        proposal_id=proposal.id,
        kept_id=person_id,
        absorbed_id=twin.person_id,
        proposed_by_id=world.user[f"{key}.service_social"],
        confirmed_by_id=world.user[f"{key}.manager"],
        merged_at=clock.now(),
        undo_until=clock.now() + timedelta(days=30),
    )
    session.add(merge)
    session.flush()
    session.add_all(
        (
            PersonMergeLine(
                cellule_id=cellule_id,
                merge_id=merge.id,
                kind=LineKind.VALUE,
                name="town",
                row_id=person_id,
                sealed='["", ""]',
            ),
            PersonUnmerge(
                cellule_id=cellule_id,
                merge_id=merge.id,
                undone_by_id=world.user[f"{key}.manager"],
                undone_at=clock.now(),
            ),
        )
    )
    session.flush()
