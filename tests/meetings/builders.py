"""Séances for tests, built with the ORM: an agenda of any length, presence, ballots and votes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from pdp.accounts.enums import OrganisationKind
from pdp.accounts.models import Membership, Organisation, Seat
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.dispositifs.enums import AgreementKind, Dispositif
from pdp.meetings.enums import (
    AttendanceMode,
    AttendanceState,
    BallotStatus,
    MeetingStatus,
    VoteChannel,
    VoteValue,
)
from pdp.meetings.models import AgendaItem, Attendance, Ballot, BallotVoter, Meeting, Vote
from pdp.requests.enums import PieceNature, PieceState, RequestAuthor, RequestStatus, SnapshotReason
from pdp.requests.models import DispositifRequest, EligibilitySnapshot, RequiredPiece
from tests.support.databases import as_owner
from tests.support.world import SEATS, World

RULE: dict[str, Any] = {
    "id": "XX-E-01",
    "version": "2026-abc",
    "verdict": "pass",
    "reason": "Une règle d’essai.",
    "source": "Texte d’essai",
    "basis": "LAW",
    "doctrine": "any",
    "cause": None,
    "undecided": [],
    "facts": ["status"],
    "missing": [],
}

# Which person sits where when everybody came: seat key → person.
SITTING = {name: titulaire for name, _, _, titulaire, _ in SEATS}


def rule(**changes: Any) -> dict[str, Any]:
    """Return one rule as an eligibility keeps it."""
    return RULE | changes


def results(*rules: dict[str, Any], group: str = "salarie") -> list[dict[str, Any]]:
    """Return an eligibility as it is kept, its verdict being the gravest of its rules."""
    order = ["pass", "piece_manquante", "a_verifier", "ineligible"]
    worst = max((each["verdict"] for each in rules), key=order.index, default="pass")
    return [
        {
            "dispositif": "bilan_competences",
            "status_group": group,
            "verdict": "eligible" if worst == "pass" else worst,
            "rules": list(rules or (RULE,)),
            "divergence": None,
            "doctrine": "regional",
            "evaluated_on": "2026-03-02",
            "substance_on": "2026-03-02",
            "ruleset_version": "0" * 64,
            "explanation": "Explication d’essai.",
        }
    ]


@dataclass
class Seance:
    """Public ids of a séance built for a test; ids inside where a test needs plain SQL."""

    meeting: str
    items: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    ballots: list[str] = field(default_factory=list)
    ballot_ids: list[int] = field(default_factory=list)


def build_request(
    world: World, case: str = "a.shared", status: RequestStatus = RequestStatus.READY, **changes: Any
) -> str:
    """Store a complete, eligible request of a case of the world and return its public id.

    `agreements` says otherwise of the attending physician's or the adviser's; `changes` are columns.
    """
    with as_owner():
        request = _request(world, case, status, **changes)
        audit.record(None, "tests.request")
    return request.public_id


def build_meeting(
    world: World,
    items: int = 1,
    *,
    status: MeetingStatus = MeetingStatus.OPEN,
    cases: tuple[str, ...] = ("a.shared",),
    present: tuple[str, ...] = tuple(SITTING),
    ballots: bool = False,
    votes: int = 0,
    kept: list[dict[str, Any]] | None = None,
) -> Seance:
    """Store a séance of cellule a with `items` requests of `cases` in turn; the seats `present` are held.

    `ballots` opens one ballot per item; `votes` of its seats have then answered *pour*, typed. `kept` is
    the eligibility of each request, everything satisfied when not said.
    """
    with as_owner() as session:
        meeting = _meeting(world, status)
        seance = Seance(meeting.public_id)
        seats = _seats(world)
        if status is not MeetingStatus.PLANNED:
            for name, seat in seats.items():
                session.add(_attendance(world, meeting, seat, name, name in present))
        for position in range(1, items + 1):
            request = _request(world, cases[(position - 1) % len(cases)], RequestStatus.SCHEDULED)
            snapshot = _snapshot(request, kept)
            item = AgendaItem(
                cellule_id=meeting.cellule_id, meeting_id=meeting.id, request_id=request.id, position=position
            )
            session.add(item)
            session.flush()
            seance.items.append(item.public_id)
            seance.requests.append(request.public_id)
            if ballots:
                ballot = _ballot(world, item, snapshot, seats, present, votes)
                seance.ballots.append(ballot.public_id)
                seance.ballot_ids.append(ballot.id)
        audit.record(None, "tests.meeting")
    return seance


def _meeting(world: World, status: MeetingStatus) -> Meeting:
    now = clock.now()
    meeting = Meeting(
        cellule_id=world.cellule["a"],
        starts_at=now,
        ends_at=now + timedelta(hours=2),
        place="Salle d’essai",
        status=status,
        opened_at=None if status is MeetingStatus.PLANNED else now,
        created_by_id=world.user["a.coordinateur"],
    )
    db.session().add(meeting)
    db.session().flush()
    return meeting


def _seats(world: World) -> dict[str, Seat]:
    rows = {seat.public_id: seat for seat in db.session().scalars(select(Seat))}
    return {name: rows[world.seat[f"a.{name}"]] for name in SITTING}


def _membership(world: World, person: str) -> int:
    found = db.session().scalars(select(Membership.id).where(Membership.public_id == world.membership[f"a.{person}"]))
    return found.one()


def _attendance(world: World, meeting: Meeting, seat: Seat, name: str, sits: bool) -> Attendance:
    return Attendance(
        cellule_id=meeting.cellule_id,
        meeting_id=meeting.id,
        seat_id=seat.id,
        membership_id=_membership(world, SITTING[name]) if sits else None,
        state=AttendanceState.PRESENT if sits else AttendanceState.ABSENT,
        mode=AttendanceMode.ROOM if sits else None,
    )


def _request(
    world: World,
    case: str,
    status: RequestStatus,
    agreements: Mapping[AgreementKind, PieceState] = MappingProxyType({}),
    **changes: Any,
) -> DispositifRequest:
    values: dict[str, Any] = {
        "cellule_id": world.cellule["a"],
        "case_id": world.case_id[case],
        "dispositif": Dispositif.BILAN_COMPETENCES,
        "status": status,
        "author": RequestAuthor.INSURED,
        "measure_start": clock.today() + timedelta(days=10),
        "measure_end": clock.today() + timedelta(days=20),
        "details": {"funding.source": "CPF"},
        "created_by_id": world.user["a.service_social"],
        "created_by_organisation_id": world.organisation[f"a.{OrganisationKind.SERVICE_SOCIAL}"],
        "created_at": clock.now(),
    }
    request = DispositifRequest(**(values | changes))
    db.session().add(request)
    db.session().flush()
    for position, kind in enumerate((AgreementKind.ATTENDING, AgreementKind.ADVISER), start=1):
        db.session().add(
            RequiredPiece(
                cellule_id=request.cellule_id,
                request_id=request.id,
                position=position,
                nature=PieceNature.AGREEMENT,
                kind=kind.value,
                state=agreements.get(kind, PieceState.GIVEN),
                dated=clock.today(),
            )
        )
    return request


def _snapshot(request: DispositifRequest, kept: list[dict[str, Any]] | None) -> EligibilitySnapshot:
    snapshot = EligibilitySnapshot(
        cellule_id=request.cellule_id,
        request_id=request.id,
        taken_at=clock.now(),
        evaluated_on=clock.today(),
        reason=SnapshotReason.SUBMITTED,
        doctrine="regional",
        ruleset_hash="0" * 64,
        results=kept or results(),
        facts={},
    )
    db.session().add(snapshot)
    db.session().flush()
    return snapshot


def _ballot(
    world: World,
    item: AgendaItem,
    snapshot: EligibilitySnapshot,
    seats: dict[str, Seat],
    present: tuple[str, ...],
    votes: int,
) -> Ballot:
    session = db.session()
    ballot = Ballot(
        cellule_id=item.cellule_id,
        item_id=item.id,
        question="La cellule est-elle favorable ?",
        status=BallotStatus.OPEN,
        opened_at=clock.now(),
        opened_by_id=world.user["a.coordinateur"],
        snapshot_id=snapshot.id,
    )
    session.add(ballot)
    session.flush()
    for rank, name in enumerate(present):
        _voter(world, ballot, seats[name], name, votes=rank < votes)
    return ballot


def _voter(world: World, ballot: Ballot, seat: Seat, name: str, *, votes: bool) -> None:
    session = db.session()
    membership_id = _membership(world, SITTING[name])
    kind = session.scalars(select(Organisation.kind).where(Organisation.id == seat.organisation_id)).one()
    session.add(
        BallotVoter(
            cellule_id=ballot.cellule_id,
            ballot_id=ballot.id,
            seat_id=seat.id,
            membership_id=membership_id,
            seat_label=seat.label,
            organisation_kind=kind,
            voice=seat.voice,
            position=seat.position,
        )
    )
    if votes:
        session.add(
            Vote(
                cellule_id=ballot.cellule_id,
                ballot_id=ballot.id,
                seat_id=seat.id,
                membership_id=membership_id,
                sequence=1,
                value=VoteValue.FOR,
                channel=VoteChannel.TYPED,
                cast_by_id=ballot.opened_by_id,
                cast_at=clock.now(),
            )
        )
