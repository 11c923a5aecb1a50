"""Cases in every situation that decides who sees them, added to both cellules of the base world."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from pdp.accounts.enums import PARTNER_KINDS
from pdp.audit import service as audit
from pdp.cases.enums import Axis, RecusalReason, RestrictionReason, SignalSource, Stage
from pdp.cases.models import Case, CaseReader, CaseRecusal, InsuredPerson
from pdp.consent.enums import AgreementForm
from pdp.consent.models import SharingAgreement
from pdp.core import clock, db
from pdp.policy.labels import Label
from tests.support.databases import as_owner
from tests.support.world import World

EVERYTHING = frozenset(Label)
FEW = frozenset({Label.IDENTITY, Label.REQUEST})


@dataclass(frozen=True)
class Situation:
    """A case, and what of it is agreed with each partner: days are counted from today."""

    stage: Stage = Stage.OPEN
    labels: frozenset[Label] | None = None
    starts: int = -20
    ends: int | None = None
    withdrawn: int | None = None
    referent: str | None = "service_social"
    abroad: bool = False
    # Restricted: only the referent, these people and, for a partner, its organisation when it is named.
    restricted: bool = False
    readers: tuple[str, ...] = ()
    former_readers: tuple[str, ...] = ()
    partners_named: bool = False
    # The processing of the person is restricted (art. 18 RGPD).
    frozen: bool = False
    # Who declared a conflict of interest, and whose déport has ended.
    recused: tuple[str, ...] = ()
    formerly_recused: tuple[str, ...] = ()


SITUATIONS: dict[str, Situation] = {
    "open, no agreement": Situation(),
    "open, no referent": Situation(referent=None),
    "open, referent is a colleague": Situation(referent="service_social_2"),
    "open, everything agreed": Situation(labels=EVERYTHING),
    "open, few labels agreed": Situation(labels=FEW),
    "open, agreement without a label": Situation(labels=frozenset()),
    "agreement begins today": Situation(labels=FEW, starts=0),
    "agreement begins tomorrow": Situation(labels=FEW, starts=1),
    "agreement ends today": Situation(labels=FEW, ends=0),
    "agreement ended yesterday": Situation(labels=FEW, ends=-1),
    "withdrawn today": Situation(labels=FEW, withdrawn=0),
    "withdrawn from tomorrow": Situation(labels=FEW, withdrawn=1),
    "agreement of the other cellule's organisations": Situation(labels=EVERYTHING, abroad=True),
    "in triage, everything agreed": Situation(stage=Stage.TRIAGE, labels=EVERYTHING),
    "in triage, no agreement": Situation(stage=Stage.TRIAGE),
    "closed, everything agreed": Situation(stage=Stage.CLOSED, labels=EVERYTHING),
    "reoriented, everything agreed": Situation(stage=Stage.REORIENTED, labels=EVERYTHING),
    "restricted, nobody named": Situation(restricted=True, labels=EVERYTHING),
    "restricted, no referent": Situation(restricted=True, referent=None, labels=EVERYTHING),
    "restricted, some named": Situation(
        restricted=True, referent="service_social_2", readers=("service_medical", "coordinateur"), labels=EVERYTHING
    ),
    "restricted, reader withdrawn": Situation(
        restricted=True, referent="service_social_2", readers=("manager",), former_readers=("cpam", "service_medical")
    ),
    "restricted, partners named": Situation(restricted=True, labels=EVERYTHING, partners_named=True),
    "restricted, partners named without an agreement": Situation(restricted=True, partners_named=True),
    "restricted, in triage, the CSAM named": Situation(stage=Stage.TRIAGE, restricted=True, readers=("csam",)),
    "restricted and closed": Situation(
        stage=Stage.CLOSED, restricted=True, readers=("cpam",), partners_named=True, labels=EVERYTHING
    ),
    "open, a déport in the core and at a partner": Situation(
        labels=EVERYTHING, recused=("cpam", "spst"), formerly_recused=("manager", "cap_emploi")
    ),
    "restricted, a reader takes no part": Situation(restricted=True, readers=("cpam", "manager"), recused=("cpam",)),
    "in triage, the CSAM takes no part": Situation(stage=Stage.TRIAGE, recused=("csam",)),
    "frozen, everything agreed": Situation(frozen=True, labels=EVERYTHING),
    "frozen, in triage, few labels agreed": Situation(stage=Stage.TRIAGE, frozen=True, labels=FEW),
    "frozen and restricted, partners named": Situation(
        restricted=True, frozen=True, partners_named=True, labels=EVERYTHING
    ),
}
# Written by hand: the situations in which an agreement of one's own organisation opens the case.
OPEN_TO_PARTNERS = {
    "open, everything agreed",
    "open, few labels agreed",
    "agreement begins today",
    "agreement ends today",
    "withdrawn from tomorrow",
    "in triage, everything agreed",
    "restricted, partners named",
    "open, a déport in the core and at a partner",
}
# Written by hand: who takes no part in a case that others of their role see.
RECUSED_OF: dict[str, set[str]] = {
    "open, a déport in the core and at a partner": {"cpam", "spst"},
    "restricted, a reader takes no part": {"cpam"},
    "in triage, the CSAM takes no part": {"csam"},
}
# Written by hand: who of the core opens each restricted case. Nobody else of the cellule does.
RESTRICTED_TO: dict[str, set[str]] = {
    "restricted, nobody named": {"service_social"},
    "restricted, no referent": set(),
    "restricted, some named": {"service_social_2", "service_medical", "coordinateur"},
    "restricted, reader withdrawn": {"service_social_2", "manager"},
    "restricted, partners named": {"service_social"},
    "restricted, partners named without an agreement": {"service_social"},
    "restricted, in triage, the CSAM named": {"service_social"},
    "restricted and closed": {"service_social", "cpam"},
    "restricted, a reader takes no part": {"service_social", "manager"},
    "frozen and restricted, partners named": {"service_social"},
}


@dataclass
class Placed:
    """The ids of the cases, by cellule and situation."""

    ids: dict[tuple[str, str], int] = field(default_factory=dict)

    def name(self, case_id: int) -> tuple[str, str]:
        """Return the cellule and the situation of a case."""
        return next(key for key, value in self.ids.items() if value == case_id)


def place(world: World) -> Placed:
    """Add every situation to both cellules."""
    placed = Placed()
    with as_owner():
        for key in ("a", "b"):
            person = (
                db.session()
                .scalars(select(InsuredPerson).where(InsuredPerson.cellule_id == world.cellule[key]).limit(1))
                .one()
            )
            frozen = _frozen_person(world, key)
            for number, (name, situation) in enumerate(SITUATIONS.items(), start=1):
                owner = frozen if situation.frozen else person.id
                placed.ids[key, name] = _case(world, key, number, situation, owner)
        audit.record(None, "tests.situations")
    return placed


def _frozen_person(world: World, key: str) -> int:
    person = InsuredPerson(
        cellule_id=world.cellule[key],
        family_name="Limite",
        given_name="Lou",
        birth_date=date(1980, 4, 2),
        search_key="limite lou",
        frozen_on=clock.today(),
    )
    db.session().add(person)
    db.session().flush()
    return person.id


def _case(world: World, key: str, number: int, situation: Situation, person_id: int) -> int:
    case = Case(
        cellule_id=world.cellule[key],
        person_id=person_id,
        reference=f"2025-{number:04}",
        stage=situation.stage,
        axis=Axis.PDP,
        opened_on=clock.today(),
        referent_user_id=world.user[f"{key}.{situation.referent}"] if situation.referent else None,
        created_at=clock.now(),
        source=SignalSource.SELF,
        restricted_on=clock.today() if situation.restricted else None,
        restricted_reason=RestrictionReason.COLLEAGUE if situation.restricted else None,
    )
    db.session().add(case)
    db.session().flush()
    _name(world, key, case, situation)
    _set_aside(world, key, case, situation)
    if situation.labels is not None:
        owner = {"a": "b", "b": "a"}[key] if situation.abroad else key
        for kind in PARTNER_KINDS:
            db.session().add(_agreement(world, case, situation, world.organisation[f"{owner}.{kind}"], key))
    return case.id


def _name(world: World, key: str, case: Case, situation: Situation) -> None:
    people = {world.user[f"{key}.{name}"]: False for name in situation.readers}
    people |= {world.user[f"{key}.{name}"]: True for name in situation.former_readers}
    kinds = PARTNER_KINDS if situation.partners_named else ()
    rows = [CaseReader(user_id=user, ended_at=clock.now() if former else None) for user, former in people.items()]
    rows += [CaseReader(organisation_id=world.organisation[f"{key}.{kind}"]) for kind in kinds]
    for row in rows:
        row.cellule_id, row.case_id, row.named_at = case.cellule_id, case.id, clock.now()
        row.named_by_id = world.user[f"{key}.manager"]
        db.session().add(row)


def _set_aside(world: World, key: str, case: Case, situation: Situation) -> None:
    people = dict.fromkeys(situation.recused) | {name: clock.now() for name in situation.formerly_recused}
    for name, ended in people.items():
        user_id = world.user[f"{key}.{name}"]
        db.session().add(
            CaseRecusal(
                cellule_id=case.cellule_id,
                case_id=case.id,
                user_id=user_id,
                reason=RecusalReason.PERSONAL,
                declared_at=clock.now(),
                declared_by_id=user_id,
                ended_at=ended,
                ended_by_id=world.user[f"{key}.coordinateur"] if ended else None,
            )
        )


def _agreement(world: World, case: Case, situation: Situation, organisation_id: int, key: str) -> SharingAgreement:
    def day(offset: int | None) -> date | None:
        return None if offset is None else clock.today() + timedelta(days=offset)

    return SharingAgreement(
        cellule_id=case.cellule_id,
        case_id=case.id,
        organisation_id=organisation_id,
        labels=situation.labels,
        purpose="Essai",
        form=AgreementForm.SIGNED,
        starts_on=day(situation.starts),
        ends_on=day(situation.ends),
        withdrawn_on=day(situation.withdrawn),
        recorded_by_id=world.user[f"{key}.service_social"],
        recorded_at=clock.now(),
    )
