"""The demo's cellule: organisations, people and seats, from `seeds/demo/cellule.yaml`."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import yaml

from pdp.accounts import queries
from pdp.accounts import service as accounts
from pdp.accounts.enums import HolderRank, OrganisationKind, Voice
from pdp.accounts.models import (
    Cellule,
    CelluleOrganisation,
    GovernanceRules,
    Membership,
    Organisation,
    Seat,
    SeatHolder,
    UndertakingAcceptance,
    User,
)
from pdp.accounts.undertakings import in_force
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.resources import data_dir
from pdp.policy.actor import Actor
from pdp.policy.roles import Role

BEGINNING = date(2022, 1, 3)


@cache
def seed(name: str) -> Any:
    """Return a file of `seeds/demo/`."""
    return yaml.safe_load((data_dir("seeds") / "demo" / f"{name}.yaml").read_text())


@dataclass
class People:
    """Who is who in the demo: keys of `cellule.yaml` to stored rows."""

    cellule: Cellule
    organisations: dict[str, Organisation] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """Return the actor of a person, as a sign-in would."""
        with db.reading():
            found = queries.find_membership(self.users[key].id, self.memberships[key].public_id, clock.today())
        if found is None:
            raise LookupError(key)
        return accounts.build_actor(found)


def load_people() -> People:
    """Store the demo's cellule, its organisations, people and seats."""
    content = seed("cellule")
    with db.transaction():
        people = People(_cellule(content["cellule"]))
        for key, values in content["organisations"].items():
            people.organisations[key] = _organisation(people.cellule, values)
        for key, values in content["people"].items():
            _person(people, key, *values)
        for position, (label, values) in enumerate(content["seats"].items(), start=1):
            _seat(people, position, label, *values)
        audit.record(None, "demo.people", count=len(people.users))
    return people


def _cellule(values: dict[str, str]) -> Cellule:
    cellule = Cellule(
        code=values["code"],
        name=values["name"],
        caisse_name=values["caisse"],
        territory=values["territory"],
        created_at=clock.now(),
    )
    db.session().add(cellule)
    db.session().flush()
    db.session().add(GovernanceRules(cellule_id=cellule.id, valid_from=BEGINNING))
    return cellule


def _organisation(cellule: Cellule, values: dict[str, str]) -> Organisation:
    kind = OrganisationKind(values["kind"])
    sensitive = kind in {OrganisationKind.COMETE, OrganisationKind.MDPH}
    organisation = Organisation(kind=kind, name=values["name"], short_name=values["short"], sensitive=sensitive)
    db.session().add(organisation)
    db.session().flush()
    db.session().add(CelluleOrganisation(cellule_id=cellule.id, organisation_id=organisation.id, joined_on=BEGINNING))
    return organisation


def _person(
    people: People, key: str, given: str, family: str, job: str, organisation: str, role: str, flags: list[str]
) -> None:
    user = User(
        email=f"{key}@demo.example.org", given_name=given, family_name=family, job_title=job, created_at=clock.now()
    )
    db.session().add(user)
    db.session().flush()
    membership = Membership(
        user_id=user.id,
        organisation_id=people.organisations[organisation].id,
        cellule_id=people.cellule.id,
        role=Role(role),
        starts_on=BEGINNING,
        is_physician="physician" in flags,
        is_org_manager="manager" in flags,
    )
    accepted = UndertakingAcceptance(user_id=user.id, undertaking=in_force().code, accepted_at=clock.now())
    db.session().add_all((membership, accepted))
    db.session().flush()
    people.users[key], people.memberships[key] = user, membership


def _seat(
    people: People, position: int, label: str, organisation: str, voice: str, titulaire: str, suppleant: str | None
) -> None:
    seat = Seat(
        cellule_id=people.cellule.id,
        organisation_id=people.organisations[organisation].id,
        label=label,
        position=position,
        voice=Voice(voice),
        starts_on=BEGINNING,
    )
    db.session().add(seat)
    db.session().flush()
    people.seats[label] = seat
    for rank, holder in ((HolderRank.TITULAIRE, titulaire), (HolderRank.SUPPLEANT, suppleant)):
        if holder:
            db.session().add(
                SeatHolder(
                    seat_id=seat.id, membership_id=people.memberships[holder].id, rank=rank, starts_on=BEGINNING
                )
            )
