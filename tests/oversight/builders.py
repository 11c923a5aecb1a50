"""Rows of the watch over accesses, and many cases to open."""

from datetime import timedelta

from pdp.accounts.enums import OrganisationKind
from pdp.cases.models import Case, InsuredPerson
from pdp.consent.enums import AgreementForm
from pdp.consent.models import SharingAgreement
from pdp.core import clock
from pdp.oversight.enums import AlertKind
from pdp.oversight.models import AccessAlert
from pdp.policy.roles import Role
from tests.support.databases import as_owner
from tests.support.world import KINDS, PARTNER_LABELS, World


def add(world: World, key: str, person: str = "cap_emploi", kind: AlertKind = AlertKind.MASS) -> str:
    """Add an alert that was looked at and lifted, in the cellule of a case such as `a.shared`."""
    cellule, now = key.split(".")[0], clock.now()
    with as_owner() as session:
        alert = AccessAlert(
            cellule_id=world.cellule[cellule],
            user_id=world.user[f"{cellule}.{person}"],
            organisation_id=world.organisation[f"{cellule}.{KINDS[Role(person)]}"],
            role=Role(person),
            kind=kind,
            day=clock.today() - timedelta(days=3),
            counted=12,
            threshold=10,
            raised_at=now - timedelta(days=3),
            lifted_at=now,
            lifted_by_id=world.user[f"{cellule}.dpo"],
            lift_reason="Motif d’essai de la levée",
            looked_at=now,
            looked_by_id=world.user[f"{cellule}.dpo"],
            comment="Commentaire d’essai de l’alerte",
        )
        session.add(alert)
        session.flush()
        return alert.public_id


def add_cases(world: World, count: int, *, shared_with: OrganisationKind | None = None) -> list[str]:
    """Add cases of cellule a, shared with an organisation if asked; return their public ids."""
    today = clock.today()
    made: list[str] = []
    with as_owner() as session:
        for number in range(count):
            person = InsuredPerson(
                cellule_id=world.cellule["a"],
                family_name=f"Nom{number}",
                given_name="Prénom",
                birth_date=today - timedelta(days=15000 + number),
                search_key=f"nom{number} prenom",
            )
            session.add(person)
            session.flush()
            model = session.get_one(Case, world.case_id["a.alone"])
            case = Case(
                cellule_id=world.cellule["a"],
                person_id=person.id,
                reference=f"2025-{number:04}",
                stage=model.stage,
                opened_on=today,
                referent_user_id=world.user["a.service_social"],
                created_at=clock.now(),
                source=model.source,
            )
            session.add(case)
            session.flush()
            made.append(case.public_id)
            if shared_with:
                session.add(
                    SharingAgreement(
                        cellule_id=case.cellule_id,
                        case_id=case.id,
                        organisation_id=world.organisation[f"a.{shared_with}"],
                        labels=PARTNER_LABELS,
                        purpose="Préparer le retour au travail",
                        form=AgreementForm.SIGNED,
                        starts_on=today,
                        recorded_by_id=world.user["a.service_social"],
                        recorded_at=clock.now(),
                    )
                )
    return made
