"""A closed séance in the base world, written with the ORM: every text is a word that cannot be there by chance.

Odd points are about the case shared with Cap emploi and the SPST, even ones about the case shared with nobody.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from pdp.accounts.enums import OrganisationKind
from pdp.accounts.models import Seat, SeatHolder
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.dispositifs.enums import Dispositif, StatusGroup
from pdp.meetings.enums import (
    ActionState,
    AttendanceMode,
    AttendanceState,
    BallotStatus,
    DecisionOutcome,
    MeetingStatus,
    OpinionCode,
    VoteChannel,
    VoteValue,
)
from pdp.meetings.models import (
    Action,
    AgendaItem,
    Attendance,
    Ballot,
    BallotVoter,
    CelluleOpinion,
    FundDecision,
    Meeting,
    Vote,
)
from pdp.minutes.enums import MinutesEventKind
from pdp.minutes.models import MinutesEvent, MinutesVersion
from pdp.requests.enums import PieceNature, PieceState, RequestAuthor, RequestStatus, SnapshotReason
from pdp.requests.models import DispositifRequest, EligibilitySnapshot, HumanAnswer, RequiredPiece
from tests.support.databases import as_owner
from tests.support.world import World

# The agreements of the base world begin twenty days before the tests run.
HELD_AT = datetime.combine(clock.today() - timedelta(days=2), time(13, 2), UTC)
CORE_SEATS = ("ss1", "ss2", "sm1", "sm2", "cp1", "cp2")
_KINDS = {
    "ss": OrganisationKind.SERVICE_SOCIAL,
    "sm": OrganisationKind.SERVICE_MEDICAL,
    "cp": OrganisationKind.CPAM,
    "sp": OrganisationKind.SPST,
    "ca": OrganisationKind.CAP_EMPLOI,
}
SHARED_WORDS = (
    "QXASKEDSHARED",
    "QXREASONSHARED",
    "QXSTOPPAGESHARED",
    "QXPIECESHARED",
    "QXGROUNDSSHARED",
    "QXCONDITIONSHARED",
)
ALONE_WORDS = (
    "QXASKEDALONE",
    "QXREASONALONE",
    "QXSTOPPAGEALONE",
    "QXPIECEALONE",
    "QXGROUNDSALONE",
    "QXCONDITIONALONE",
    "QXTALKALONE",
    "QXDISSENTALONE",
    "QXACTIONALONE",
    "QXVOTEALONE",
    "QXANSWERALONE",
    "PrénomAlone",
    "NomAlone",
    "2026-0001",
)
# What no minutes may hold: a rule about the rights to benefits, what was received with an agreement given.
NEVER_WORDS = ("QXRESERVEDSHARED", "QXRESERVEDALONE", "COM-07", "QXRECEIVED")
CORE_ONLY_WORDS = ("QXTALKSHARED", "QXDISSENTSHARED", "QXVOTESHARED")


@dataclass(frozen=True)
class Seance:
    """The public ids of what was written."""

    meeting: str
    requests: tuple[str, ...]


@dataclass(frozen=True)
class _Seats:
    seats: dict[str, Seat]
    titulaires: dict[str, int]
    user_id: int


def hold(
    world: World, *, points: int = 2, at: datetime = HELD_AT, status: MeetingStatus = MeetingStatus.CLOSED
) -> Seance:
    """Write a séance of the cellule `a` with its votes, opinions, decisions and actions."""
    with as_owner() as session:
        seats = _seats(world)
        meeting = Meeting(
            cellule_id=world.cellule["a"],
            starts_at=at,
            ends_at=at + timedelta(hours=2),
            place="Salle du conseil",
            status=status,
            chair_seat_id=seats.seats["ss1"].id,
            opened_at=at,
            closed_at=at + timedelta(hours=2),
            created_by_id=seats.user_id,
        )
        session.add(meeting)
        session.flush()
        _attend(meeting, seats)
        requests = [_point(world, meeting, seats, position) for position in range(1, points + 1)]
        audit.record(None, "tests.seance", subject=meeting)
    return Seance(meeting.public_id, tuple(requests))


def deliver(version_id: str | None = None) -> None:
    """Write that a version was sent, or every one composed so far: a partner finds its own from then on."""
    with as_owner() as session:
        known = select(MinutesEvent.version_id).where(MinutesEvent.version_id.is_not(None))
        wanted = MinutesVersion.public_id == version_id if version_id else MinutesVersion.id.not_in(known)
        for version in session.scalars(select(MinutesVersion).where(wanted)):
            session.add(
                MinutesEvent(
                    cellule_id=version.cellule_id,
                    minutes_id=version.minutes_id,
                    version_id=version.id,
                    organisation_id=version.organisation_id,
                    kind=MinutesEventKind.SENT,
                    at=clock.now(),
                )
            )
        audit.record(None, "tests.deliver")


def _seats(world: World) -> _Seats:
    session = db.session()
    found: dict[str, Seat] = {}
    titulaires: dict[str, int] = {}
    for name in (*CORE_SEATS, "spst", "cap"):
        seat = session.scalars(select(Seat).where(Seat.public_id == world.seat[f"a.{name}"])).one()
        found[name] = seat
        holders = session.scalars(select(SeatHolder).where(SeatHolder.seat_id == seat.id).order_by(SeatHolder.id))
        titulaires[name] = holders.first().membership_id  # type: ignore[union-attr]
    return _Seats(found, titulaires, world.user["a.coordinateur"])


def _attend(meeting: Meeting, seats: _Seats) -> None:
    for name, seat in seats.seats.items():
        excused = name == "sm2"
        db.session().add(
            Attendance(
                cellule_id=meeting.cellule_id,
                meeting_id=meeting.id,
                seat_id=seat.id,
                membership_id=None if excused else seats.titulaires[name],
                state=AttendanceState.EXCUSED if excused else AttendanceState.PRESENT,
                mode=AttendanceMode.VIDEO if name == "cp2" else AttendanceMode.ROOM,
                # The first point begins a quarter of an hour after the opening.
                arrived_at=HELD_AT + timedelta(minutes=27 if name == "cp1" else 3),
            )
        )


def _point(world: World, meeting: Meeting, seats: _Seats, position: int) -> str:
    session, cellule_id = db.session(), meeting.cellule_id
    case = "shared" if position % 2 else "alone"
    word = case.upper()
    request = DispositifRequest(
        cellule_id=cellule_id,
        case_id=world.case_id[f"a.{case}"],
        dispositif=Dispositif.ESSAI_ENCADRE,
        status=RequestStatus.DECIDED,
        author=RequestAuthor.INSURED,
        question=f"La cellule est-elle favorable à QXASKED{word}\u00a0?",
        measure_start=date(2026, 3, 23),
        measure_end=date(2026, 4, 7),
        created_by_id=seats.user_id,
        created_by_organisation_id=world.organisation["a.service_social"],
        created_at=meeting.starts_at,
    )
    session.add(request)
    session.flush()
    item = AgendaItem(
        cellule_id=cellule_id,
        meeting_id=meeting.id,
        request_id=request.id,
        position=position,
        discussion=f"Échange QXTALK{word}",
        started_at=meeting.starts_at + timedelta(minutes=5 + 10 * position),
    )
    session.add(item)
    session.flush()
    _file(request, seats, word)
    _vote(item, seats, _snapshot(request, word), word)
    _conclude(world, item, request, seats, word)
    return request.public_id


def _file(request: DispositifRequest, seats: _Seats, word: str) -> None:
    db.session().add_all(
        [
            RequiredPiece(
                cellule_id=request.cellule_id,
                request_id=request.id,
                position=1,
                nature=PieceNature.AGREEMENT,
                kind="ATTENDING",
                state=PieceState.GIVEN,
                dated=date(2026, 2, 24),
                comment=f"certificat QXRECEIVED{word}",
            ),
            RequiredPiece(
                cellule_id=request.cellule_id,
                request_id=request.id,
                position=2,
                nature=PieceNature.AGREEMENT,
                kind="ADVISER",
                state=PieceState.REFUSED,
                dated=date(2026, 2, 25),
                comment=f"soins en cours QXPIECE{word}",
            ),
            HumanAnswer(
                cellule_id=request.cellule_id,
                request_id=request.id,
                status_group=StatusGroup.SALARIE,
                rule_id="EE-E-09",
                accepted=True,
                reason=f"vu QXANSWER{word}",
                answered_by_id=seats.user_id,
                seat_label="Service social, siège 1",
                answered_at=HELD_AT,
            ),
        ]
    )


def _snapshot(request: DispositifRequest, word: str) -> EligibilitySnapshot:
    rules = [
        _rule("EE-E-09", f"Point à vérifier QXREASON{word}.", "trial.end"),
        _rule("EE-E-10", f"Arrêt QXSTOPPAGE{word}.", "stoppage.active"),
        _rule("COM-07", f"Pension QXRESERVED{word}.", "pension.old_age"),
    ]
    result = {
        "dispositif": "essai_encadre",
        "status_group": "salarie",
        "verdict": "a_verifier",
        "explanation": "L’essai encadré ne peut pas encore être tranché : 1 point est à vérifier.",
        "doctrine": "regional",
        "evaluated_on": "2026-03-12",
        "substance_on": "2026-03-23",
        "rules": rules,
        "divergence": None,
    }
    snapshot = EligibilitySnapshot(
        cellule_id=request.cellule_id,
        request_id=request.id,
        taken_at=HELD_AT,
        evaluated_on=date(2026, 3, 12),
        reason=SnapshotReason.BALLOT_OPENED,
        doctrine="regional",
        ruleset_hash="0" * 64,
        results=[result],
        facts={},
    )
    db.session().add(snapshot)
    db.session().flush()
    return snapshot


def _rule(rule_id: str, reason: str, fact: str) -> dict[str, object]:
    return {
        "id": rule_id,
        "version": "2026.1-0",
        "verdict": "a_verifier",
        "reason": reason,
        "source": "Art. D. 323-6-4",
        "basis": "LAW",
        "doctrine": "any",
        "cause": "unknown",
        "undecided": [],
        "facts": [fact],
        "missing": [],
    }


def _vote(item: AgendaItem, seats: _Seats, snapshot: EligibilitySnapshot, word: str) -> None:
    session = db.session()
    ballot = Ballot(
        cellule_id=item.cellule_id,
        item_id=item.id,
        question=f"La cellule est-elle favorable à QXASKED{word}\u00a0?",
        status=BallotStatus.OPEN,
        opened_at=item.started_at,
        opened_by_id=seats.user_id,
        chair_seat_id=seats.seats["ss1"].id,
        snapshot_id=snapshot.id,
        quorum_reached=True,
        quorum_sentence="Quorum atteint : 5 sièges délibératifs, il en faut 3, et les trois services siègent.",
    )
    session.add(ballot)
    session.flush()
    for position, (name, seat) in enumerate(seats.seats.items(), start=1):
        if name == "sm2":
            continue
        session.add(
            BallotVoter(
                cellule_id=item.cellule_id,
                ballot_id=ballot.id,
                seat_id=seat.id,
                membership_id=seats.titulaires[name],
                seat_label=seat.label,
                organisation_kind=_KINDS[name[:2]],
                voice=seat.voice,
                position=position,
            )
        )
    _cast(ballot, seats, "ss1", VoteValue.AGAINST, 1)
    _cast(ballot, seats, "ss1", VoteValue.FOR, 2)
    for name in ("ss2", "sm1", "cp1"):
        _cast(ballot, seats, name, VoteValue.FOR, 1)
    _cast(ballot, seats, "cp2", VoteValue.AGAINST, 1, f"QXVOTE{word}")
    _cast(ballot, seats, "cap", VoteValue.FOR_WITH_CONDITIONS, 1, f"QXADVICECAP{word}")
    session.flush()
    ballot.status, ballot.closed_at = BallotStatus.CLOSED, item.started_at


def _cast(ballot: Ballot, seats: _Seats, name: str, value: VoteValue, sequence: int, text: str = "") -> None:
    db.session().add(
        Vote(
            cellule_id=ballot.cellule_id,
            ballot_id=ballot.id,
            seat_id=seats.seats[name].id,
            membership_id=seats.titulaires[name],
            sequence=sequence,
            value=value,
            text=text,
            channel=VoteChannel.TYPED,
            cast_by_id=seats.user_id,
            cast_at=ballot.opened_at,
        )
    )


def _conclude(world: World, item: AgendaItem, request: DispositifRequest, seats: _Seats, word: str) -> None:
    session, cellule_id = db.session(), item.cellule_id
    session.add(
        CelluleOpinion(
            cellule_id=cellule_id,
            item_id=item.id,
            code=OpinionCode.FAVOURABLE_WITH_CONDITIONS,
            conditions=f"QXCONDITION{word}",
            dissent=f"QXDISSENT{word}",
            explanation="4 pour\u00a0; 1 contre. La majorité est acquise.",
            recorded_by_id=seats.user_id,
            recorded_at=HELD_AT,
        )
    )
    session.add(
        FundDecision(
            cellule_id=cellule_id,
            request_id=request.id,
            deciding_body="CPAM",
            outcome=DecisionOutcome.GRANTED,
            decided_on=date(2026, 3, 13),
            reasons=f"QXGROUNDS{word}",
            recorded_by_id=seats.user_id,
            recorded_at=HELD_AT,
        )
    )
    owner = "a.cap_emploi" if word == "SHARED" else "a.cpam"
    session.add(
        Action(
            cellule_id=cellule_id,
            item_id=item.id,
            case_id=request.case_id,
            owner_organisation_id=world.organisation[owner],
            text=f"QXACTION{word}",
            due_on=date(2026, 3, 20),
            state=ActionState.OPEN,
            created_by_id=seats.user_id,
        )
    )
