"""The base world of the tests: two cellules, one person per role, seats, and cases in every situation.

Built with the ORM, not through the services under test. Names are fictitious.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta

from pdp.accounts.enums import CORE_KINDS, HolderRank, OrganisationKind, Voice
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
from pdp.accounts.passwords import hash_password
from pdp.accounts.undertakings import in_force
from pdp.audit import service as audit
from pdp.cases.enums import Axis, Scheme, SignalSource, Stage, StoppageOrigin, TriState
from pdp.cases.models import Activity, Case, InsuredPerson, Stoppage
from pdp.consent.enums import AgreementForm
from pdp.consent.models import SharingAgreement
from pdp.core import clock, db
from pdp.dispositifs.enums import PersonStatus
from pdp.factors.models import TotpFactor
from pdp.policy.labels import Label
from pdp.policy.roles import Role
from tests.support import cheap, meetings
from tests.support.databases import as_owner

PASSWORD = "une phrase de passe assez longue"
LONG_AGO = date(2024, 1, 1)

KINDS: dict[Role, OrganisationKind] = {
    Role.SERVICE_SOCIAL: OrganisationKind.SERVICE_SOCIAL,
    Role.MANAGER: OrganisationKind.SERVICE_SOCIAL,
    Role.CSAM: OrganisationKind.SERVICE_SOCIAL,
    Role.COORDINATEUR: OrganisationKind.SERVICE_SOCIAL,
    Role.SERVICE_MEDICAL: OrganisationKind.SERVICE_MEDICAL,
    Role.CPAM: OrganisationKind.CPAM,
    Role.SPST: OrganisationKind.SPST,
    Role.CAP_EMPLOI: OrganisationKind.CAP_EMPLOI,
    Role.COMETE: OrganisationKind.COMETE,
    Role.MDPH: OrganisationKind.MDPH,
    Role.OETH: OrganisationKind.OETH,
    Role.PILOTAGE: OrganisationKind.REGIONAL,
    Role.DPO: OrganisationKind.REGIONAL,
    Role.ADMIN: OrganisationKind.REGIONAL,
}

PARTNER_LABELS = frozenset(Label) - {Label.MEDICAL, Label.SOCIAL, Label.NIR, Label.ALLOWANCE, Label.AGGREGATE}


@dataclass
class World:
    """Ids of what was built; `a` is the cellule that tests act in, `b` its twin."""

    cellule: dict[str, int] = field(default_factory=dict)
    organisation: dict[str, int] = field(default_factory=dict)
    user: dict[str, int] = field(default_factory=dict)
    membership: dict[str, str] = field(default_factory=dict)
    seat: dict[str, str] = field(default_factory=dict)
    case: dict[str, str] = field(default_factory=dict)
    case_id: dict[str, int] = field(default_factory=dict)
    # An open séance with its agenda: "a.open"; its items and requests are named after their case.
    meeting: dict[str, str] = field(default_factory=dict)
    request: dict[str, str] = field(default_factory=dict)
    item: dict[str, str] = field(default_factory=dict)
    ballot: dict[str, str] = field(default_factory=dict)
    action: dict[str, str] = field(default_factory=dict)


def totp_secret(name: str) -> str:
    """Return the secret of the one-time codes of a person: `totp_secret("a.cpam")`."""
    return base64.b32encode(hashlib.sha256(name.encode()).digest()[:20]).decode()


def build() -> World:
    """Fill an empty migrated database and return what is in it."""
    world = World()
    with as_owner():
        for key, name in (("a", "Cellule PDP du Ponant"), ("b", "Cellule PDP du Levant")):
            _cellule(world, key, name)
        _cases(world)
        for key in ("a", "b"):
            meetings.add_open_meeting(world, key)
        audit.record(None, "tests.world")
    for cellule_id in world.cellule.values():
        # The chain of each cellule is open: what a first entry of the month costs is not what tests count.
        with db.transaction(db.Upkeep(cellule_id)):
            audit.record(None, "tests.world")
    return world


def _cellule(world: World, key: str, name: str) -> None:
    session = db.session()
    cellule = Cellule(code=key.upper(), name=name, caisse_name=f"CPAM {key.upper()}", created_at=clock.now())
    session.add(cellule)
    session.flush()
    world.cellule[key] = cellule.id
    session.add(GovernanceRules(cellule_id=cellule.id, valid_from=LONG_AGO))
    for kind in OrganisationKind:
        organisation = Organisation(kind=kind, name=f"{kind.label} {key.upper()}", short_name=f"{kind.label}")
        session.add(organisation)
        session.flush()
        world.organisation[f"{key}.{kind}"] = organisation.id
        session.add(CelluleOrganisation(cellule_id=cellule.id, organisation_id=organisation.id, joined_on=LONG_AGO))
    for role in Role:
        add_person(world, key, role)
    add_person(world, key, Role.SERVICE_SOCIAL, "service_social_2")
    add_person(world, key, Role.SERVICE_MEDICAL, "service_medical_2")
    add_person(world, key, Role.CPAM, "cpam_2")
    _seats(world, key)


def add_person(world: World, key: str, role: Role, name: str | None = None) -> None:
    """Add a person of a role, who accepted the undertaking and has a second factor."""
    session = db.session()
    name = name or str(role)
    user = User(
        email=f"{name}.{key}@example.org",
        given_name=name.split("_")[0].capitalize(),
        family_name=f"Essai{key.upper()}",
        job_title="Fonction d’essai",
        password_hash=_HASH,
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    membership = Membership(
        user_id=user.id,
        organisation_id=world.organisation[f"{key}.{KINDS[role]}"],
        cellule_id=world.cellule[key],
        role=role,
        starts_on=LONG_AGO,
        is_physician=role in {Role.SPST, Role.SERVICE_MEDICAL},
        is_org_manager=role is Role.CAP_EMPLOI,
    )
    session.add(membership)
    session.add(accepted_by(user))
    session.flush()
    session.add(
        TotpFactor(
            user_id=user.id,
            secret=totp_secret(f"{key}.{name}"),
            name="Téléphone d’essai",
            confirmed_at=clock.now(),
            last_step=0,
        )
    )
    world.user[f"{key}.{name}"] = user.id
    world.membership[f"{key}.{name}"] = membership.public_id


def accepted_by(user: User) -> UndertakingAcceptance:
    """Return the row that says that a person accepted the undertaking in force: no sign-in opens without it."""
    return UndertakingAcceptance(user_id=user.id, undertaking=in_force().code, accepted_at=clock.now())


cheap.make_passwords_cheap()
_HASH = hash_password(PASSWORD)

# (seat key, label, kind, voice, people: titulaire then suppléants)
SEATS = (
    ("ss1", "Service social, siège 1", OrganisationKind.SERVICE_SOCIAL, "manager", "coordinateur"),
    ("ss2", "Service social, siège 2", OrganisationKind.SERVICE_SOCIAL, "service_social", "service_social_2"),
    ("sm1", "Service médical, siège 1", OrganisationKind.SERVICE_MEDICAL, "service_medical", None),
    ("sm2", "Service médical, siège 2", OrganisationKind.SERVICE_MEDICAL, "service_medical_2", None),
    ("cp1", "CPAM, siège 1", OrganisationKind.CPAM, "cpam", None),
    ("cp2", "CPAM, siège 2", OrganisationKind.CPAM, "cpam_2", None),
    ("spst", "SPST", OrganisationKind.SPST, "spst", None),
    ("cap", "Cap emploi", OrganisationKind.CAP_EMPLOI, "cap_emploi", None),
)


def _seats(world: World, key: str) -> None:
    for position, seat in enumerate(SEATS, start=1):
        add_seat(world, key, seat, position)


def add_seat(world: World, key: str, row: tuple[str, str, OrganisationKind, str, str | None], position: int) -> None:
    """Add a seat, deliberative for the services of the core, with its titulaire and suppléant."""
    name, label, kind, titulaire, suppleant = row
    seat = Seat(
        cellule_id=world.cellule[key],
        organisation_id=world.organisation[f"{key}.{kind}"],
        label=label,
        position=position,
        voice=Voice.DELIBERATIVE if kind in CORE_KINDS else Voice.CONSULTATIVE,
        starts_on=LONG_AGO,
    )
    session = db.session()
    session.add(seat)
    session.flush()
    world.seat[f"{key}.{name}"] = seat.public_id
    for rank, person in ((HolderRank.TITULAIRE, titulaire), (HolderRank.SUPPLEANT, suppleant)):
        if person:
            membership_id = _membership_id(world, f"{key}.{person}")
            session.add(SeatHolder(seat_id=seat.id, membership_id=membership_id, rank=rank, starts_on=LONG_AGO))


def _membership_id(world: World, name: str) -> int:
    found = db.session().query(Membership).filter_by(public_id=world.membership[name]).one()
    return found.id


# name → (stage, situation of the agreements with Cap emploi and the SPST)
CASES = {
    "alone": (Stage.OPEN, None),
    "shared": (Stage.OPEN, "in_force"),
    "expired": (Stage.OPEN, "expired"),
    "withdrawn": (Stage.OPEN, "withdrawn"),
    "future": (Stage.OPEN, "future"),
    "partial": (Stage.OPEN, "partial"),
    "triage": (Stage.TRIAGE, None),
    "closed": (Stage.CLOSED, "in_force"),
}


def _cases(world: World) -> None:
    for key in ("a", "b"):
        for number, (name, (stage, sharing)) in enumerate(CASES.items(), start=1):
            case = add_case(world, key, number, name, stage)
            if sharing:
                for kind in (OrganisationKind.CAP_EMPLOI, OrganisationKind.SPST):
                    add_agreement(world, key, case, kind, sharing)


def add_case(world: World, key: str, number: int, name: str, stage: Stage = Stage.OPEN) -> Case:
    """Add the case of a new person, with what its eligibility needs; `name` finds its ids in the world."""
    session, today = db.session(), clock.today()
    person = InsuredPerson(
        cellule_id=world.cellule[key],
        family_name=f"Nom{name.capitalize()}",
        given_name=f"Prénom{name.capitalize()}",
        birth_date=date(1980, 1, 1) + timedelta(days=number - 1),
        town="Ville-d’Essai",
        search_key=f"nom{name} prenom{name}",
    )
    session.add(person)
    session.flush()
    case = Case(
        cellule_id=world.cellule[key],
        person_id=person.id,
        reference=f"2026-{number:04}",
        stage=stage,
        axis=Axis.PDP,
        opened_on=today - timedelta(days=60),
        closed_on=today if stage is Stage.CLOSED else None,
        referent_user_id=world.user[f"{key}.service_social"],
        created_at=clock.now(),
        source=SignalSource.MEDICAL_ADVISER,
        scheme=Scheme.GENERAL,
        presentation="Présentation d’essai de la situation.",
        work_exclusion_risk=TriState.YES,
        social_evaluation_on=today - timedelta(days=40),
        insured_request_on=today - timedelta(days=30),
        old_age_pension=TriState.NO,
        invalidity_pension=TriState.NO,
    )
    session.add(case)
    session.flush()
    session.add(
        Activity(cellule_id=case.cellule_id, case_id=case.id, status=PersonStatus.EMPLOYEE_CDI, post="Vendeuse")
    )
    session.add(
        Stoppage(
            cellule_id=case.cellule_id,
            case_id=case.id,
            origin=StoppageOrigin.ILLNESS,
            starts_on=today - timedelta(days=90),
            prescribed_end=today + timedelta(days=60),
            indemnified=TriState.YES,
        )
    )
    world.case[f"{key}.{name}"] = case.public_id
    world.case_id[f"{key}.{name}"] = case.id
    return case


def add_agreement(world: World, key: str, case: Case, kind: OrganisationKind, sharing: str = "in_force") -> None:
    """Share a case with an organisation; `sharing` says how the agreement stands today."""
    today = clock.today()
    starts = {"future": today + timedelta(days=5)}.get(sharing, today - timedelta(days=20))
    db.session().add(
        SharingAgreement(
            cellule_id=case.cellule_id,
            case_id=case.id,
            organisation_id=world.organisation[f"{key}.{kind}"],
            labels=frozenset({Label.REQUEST}) if sharing == "partial" else PARTNER_LABELS,
            purpose="Préparer le retour au travail",
            form=AgreementForm.SIGNED,
            starts_on=starts,
            ends_on=today - timedelta(days=1) if sharing == "expired" else None,
            withdrawn_on=today if sharing == "withdrawn" else None,
            recorded_by_id=world.user[f"{key}.service_social"],
            recorded_at=clock.now(),
        )
    )
