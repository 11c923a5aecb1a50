"""What a case of the canary world holds: one row of each kind, every label, a request held and one under way."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from pdp.accounts.enums import OrganisationKind
from pdp.accounts.models import Seat, SeatHolder
from pdp.cases.enums import (
    Axis,
    BoethKind,
    BoethState,
    ConclusionCode,
    EncounterKind,
    ExportFormat,
    RecusalReason,
    RestrictionReason,
    Scheme,
    SignalSource,
    Stage,
    StoppageOrigin,
    TriState,
    UnfitnessState,
)
from pdp.cases.models import (
    Activity,
    Case,
    CaseExport,
    CaseNote,
    CaseReader,
    CaseRecusal,
    EmergencyAccess,
    Encounter,
    InsuredPerson,
    Stoppage,
)
from pdp.consent.enums import AgreementForm
from pdp.consent.models import SharingAgreement
from pdp.core import clock, db
from pdp.dispositifs.enums import Dispositif, PersonStatus, StatusGroup
from pdp.policy.labels import Label
from pdp.requests.enums import PieceNature, PieceState, RequestAuthor, RequestStatus, SnapshotReason
from pdp.requests.models import DispositifRequest, EligibilitySnapshot, HumanAnswer, RequiredPiece
from tests.access.canary.situations import Situation
from tests.access.canary.tokens import Mint
from tests.support.world import World

# The labels under which a note may be written, and the person who writes it.
NOTES = {
    Label.MEDICAL: "service_medical",
    Label.RESTRICTIONS: "spst",
    Label.SOCIAL: "service_social",
    Label.PLAN: "service_social",
}
# A fact of the rules by label, chosen by hand: a sentence about it has that label for a partner.
FACTS = {
    Label.REQUEST: "trial.end",
    Label.EMPLOYMENT: "contract.type",
    Label.STOPPAGE: "stoppage.active",
    Label.BOETH: "boeth.held",
    Label.RESTRICTIONS: "unfitness.state",
    Label.AGREEMENTS: "agreement.attending",
    Label.ALLOWANCE: "pension.old_age",
}
_ANYONE = ""


def add_case(world: World, key: str, name: str, situation: Situation) -> None:
    """Write a person, a case and all that hangs on it but what a séance makes."""
    session, today = db.session(), clock.today()
    person = InsuredPerson(
        cellule_id=world.cellule[key], family_name=_ANYONE, given_name=_ANYONE, search_key=_ANYONE, birth_date=today
    )
    session.add(person)
    session.flush()
    case = Case(
        cellule_id=person.cellule_id,
        person_id=person.id,
        reference=_ANYONE,
        stage=situation.stage,
        axis=Axis.PDP,
        opened_on=today - timedelta(days=60),
        closed_on=today if situation.stage is Stage.CLOSED else None,
        referent_user_id=world.user[f"{key}.{situation.referent}"],
        created_at=clock.now(),
        source=SignalSource.MEDICAL_ADVISER,
        scheme=Scheme.GENERAL,
        work_exclusion_risk=TriState.YES,
        old_age_pension=TriState.NO,
        invalidity_pension=TriState.NO,
        long_term_condition=TriState.YES,
        fund_participates=TriState.YES,
        boeth_kind=BoethKind.RQTH,
        boeth_state=BoethState.HELD,
        unfitness_state=UnfitnessState.RISK_AT_PRE_RETURN,
        conclusion_code=ConclusionCode.COMPATIBLE_WITH_LIMITS,
        restricted_on=today if situation.restricted else None,
        restricted_reason=RestrictionReason.COLLEAGUE if situation.restricted else None,
    )
    session.add(case)
    session.flush()
    world.case[f"{key}.{name}"], world.case_id[f"{key}.{name}"] = case.public_id, case.id
    session.add_all(_rows(world, key, case, situation))
    session.flush()


def _rows(world: World, key: str, case: Case, situation: Situation) -> list[Any]:
    of_case: dict[str, Any] = {"cellule_id": case.cellule_id, "case_id": case.id}
    today = clock.today()
    rows: list[Any] = [
        Activity(**of_case, status=PersonStatus.EMPLOYEE_CDI),
        Stoppage(
            **of_case, origin=StoppageOrigin.ILLNESS, starts_on=today, prescribed_end=today, indemnified=TriState.YES
        ),
        Encounter(**of_case, kind=EncounterKind.SOCIAL_INTERVIEW, happens_on=today),
    ]
    rows += [
        CaseNote(
            **of_case,
            label=label,
            text=_ANYONE,
            author_id=world.user[f"{key}.{situation.referent if author == 'service_social' else author}"],
            written_at=clock.now(),
        )
        for label, author in NOTES.items()
    ]
    rows += [_recusal(world, key, case, name) for name in situation.recused]
    if situation.restricted:
        rows += [_reader(world, key, case, name) for name in situation.readers if name != situation.referent]
    home = {"a": "b", "b": "a"}[key] if situation.abroad else key
    return rows + [_agreement(world, key, home, case, kind, situation) for kind in situation.kinds]


def _recusal(world: World, key: str, case: Case, name: str) -> CaseRecusal:
    user_id = world.user[f"{key}.{name}"]
    return CaseRecusal(
        cellule_id=case.cellule_id,
        case_id=case.id,
        user_id=user_id,
        reason=RecusalReason.EMPLOYER,
        declared_at=clock.now(),
        declared_by_id=user_id,
    )


def _reader(world: World, key: str, case: Case, name: str) -> CaseReader:
    core = name.startswith("service_")
    return CaseReader(
        cellule_id=case.cellule_id,
        case_id=case.id,
        user_id=world.user[f"{key}.{name}"] if core else None,
        organisation_id=None if core else world.organisation[f"{key}.{name}"],
        named_by_id=world.user[f"{key}.manager"],
        named_at=clock.now(),
    )


def _agreement(
    world: World, key: str, home: str, case: Case, kind: OrganisationKind, situation: Situation
) -> SharingAgreement:
    def day(offset: int | None) -> Any:
        return None if offset is None else clock.today() + timedelta(days=offset)

    return SharingAgreement(
        cellule_id=case.cellule_id,
        case_id=case.id,
        organisation_id=world.organisation[f"{home}.{kind}"],
        labels=situation.signed,
        purpose=_ANYONE,
        form=AgreementForm.ORAL,
        starts_on=day(situation.starts),
        ends_on=day(situation.ends),
        withdrawn_on=day(situation.withdrawn),
        recorded_by_id=world.user[f"{key}.service_social"],
        recorded_at=clock.now(),
    )


def add_request(
    world: World, key: str, name: str, mint: Mint, *, held: bool
) -> tuple[DispositifRequest, EligibilitySnapshot]:
    """Write a request with its pieces, its eligibility and a human answer."""
    session = db.session()
    request = DispositifRequest(
        cellule_id=world.cellule[key],
        case_id=world.case_id[f"{key}.{name}"],
        dispositif=Dispositif.ESSAI_ENCADRE if held else Dispositif.CRPE,
        status=RequestStatus.DECIDED if held else RequestStatus.SCHEDULED,
        author=RequestAuthor.INSURED,
        created_by_id=world.user[f"{key}.service_social"],
        created_by_organisation_id=world.organisation[f"{key}.service_social"],
        created_at=clock.now(),
    )
    request.details = {"trial.tutor_name": mint.token(request, "details", "request")} if held else {}
    session.add(request)
    session.flush()
    snapshot = _snapshot(request, mint)
    of_request: dict[str, Any] = {"cellule_id": request.cellule_id, "request_id": request.id}
    session.add_all(
        [
            snapshot,
            RequiredPiece(
                **of_request, position=1, nature=PieceNature.AGREEMENT, kind="ADVISER", state=PieceState.REFUSED
            ),
            RequiredPiece(
                **of_request,
                position=2,
                nature=PieceNature.DOCUMENT,
                kind="TRIAL_CONVENTION",
                state=PieceState.PRESENT,
                recorded_by_id=request.created_by_id,
            ),
            HumanAnswer(
                **of_request,
                status_group=StatusGroup.SALARIE,
                rule_id="EE-E-09",
                accepted=True,
                answered_by_id=request.created_by_id,
                answered_at=clock.now(),
            ),
        ]
    )
    session.flush()
    return request, snapshot


def _snapshot(request: DispositifRequest, mint: Mint) -> EligibilitySnapshot:
    snapshot = EligibilitySnapshot(
        cellule_id=request.cellule_id,
        request_id=request.id,
        taken_at=clock.now(),
        evaluated_on=clock.today(),
        reason=SnapshotReason.BALLOT_OPENED,
        doctrine="regional",
        ruleset_hash="0" * 64,
    )
    rules = [
        {
            "id": "EE-E-09" if label is Label.REQUEST else f"EE-{label}",
            "version": "1",
            "verdict": "a_verifier",
            "reason": mint.token(snapshot, "results", f"finding {label}"),
            "source": "Art. D. 323-6-4",
            "basis": "LAW",
            "doctrine": "any",
            "cause": "unknown",
            "undecided": [],
            "facts": [fact],
            "missing": [],
        }
        for label, fact in FACTS.items()
    ]
    snapshot.results = [
        {
            "dispositif": str(request.dispositif),
            "status_group": "salarie",
            "verdict": "a_verifier",
            "explanation": mint.token(snapshot, "results", "finding request"),
            "doctrine": "regional",
            "evaluated_on": clock.today().isoformat(),
            "substance_on": clock.today().isoformat(),
            "divergence": {
                "regional": "a_verifier",
                "law": "eligible",
                "explanation": mint.token(snapshot, "results", "finding allowance"),
            },
            "rules": rules,
        }
    ]
    snapshot.facts = {"salarie": {"trial.tutor_name": mint.token(snapshot, "facts", "request")}}
    return snapshot


def add_uses(world: World, key: str) -> None:
    """Write an emergency access to a case of the cellule, reviewed since, and a list taken out."""
    now = clock.now()
    db.session().add_all(
        [
            EmergencyAccess(
                cellule_id=world.cellule[key],
                case_id=world.case_id[f"{key}.discreet"],
                user_id=world.user[f"{key}.manager"],
                organisation_id=world.organisation[f"{key}.service_social"],
                role="manager",
                restricted=True,
                reason=_ANYONE,
                opened_at=now - timedelta(hours=3),
                expires_at=now - timedelta(hours=2),
                ended_at=now - timedelta(hours=2),
                reviewed_at=now,
                reviewed_by_id=world.user[f"{key}.dpo"],
            ),
            CaseExport(
                cellule_id=world.cellule[key],
                user_id=world.user[f"{key}.coordinateur"],
                made_at=now,
                file_format=ExportFormat.XLSX,
                with_names=False,
                cases=3,
                reason=_ANYONE,
            ),
        ]
    )
    db.session().flush()


def seats_of(world: World, key: str) -> list[Any]:
    """Return the seats of a cellule in their order, with the membership of their titulaire."""
    session = db.session()
    found = []
    for seat in session.scalars(select(Seat).where(Seat.cellule_id == world.cellule[key]).order_by(Seat.position)):
        holder = session.scalars(
            select(SeatHolder).where(SeatHolder.seat_id == seat.id).order_by(SeatHolder.id)
        ).first()
        assert holder is not None
        found.append((seat, holder.membership_id))
    return found
