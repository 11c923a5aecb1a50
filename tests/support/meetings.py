"""A séance of the base world: open, two cases on its agenda, the first one put to the vote."""

from datetime import timedelta
from typing import TYPE_CHECKING

from pdp.accounts.enums import OrganisationKind
from pdp.accounts.models import Membership, Seat, SeatHolder
from pdp.core import clock, db
from pdp.dispositifs.enums import Dispositif
from pdp.meetings.enums import ActionState, AttendanceMode, AttendanceState, BallotStatus, MeetingStatus
from pdp.meetings.models import Action, AgendaItem, Attendance, Ballot, BallotVoter, Meeting
from pdp.requests.enums import RequestAuthor, RequestStatus, SnapshotReason
from pdp.requests.models import DispositifRequest, EligibilitySnapshot

if TYPE_CHECKING:
    from tests.support.world import World

QUESTION = "La cellule est-elle favorable à un bilan de compétences pendant l’arrêt\u00a0?"
# Cases on the agenda, in order; the ballot of the first one is open.
AGENDA = ("shared", "alone")
ABSENT = "spst"


def add_open_meeting(world: "World", key: str) -> None:
    """Add an open séance to the cellule `key`: every seat sits but the SPST, nobody has voted yet."""
    session, now = db.session(), clock.now()
    meeting = Meeting(
        cellule_id=world.cellule[key],
        starts_at=now - timedelta(minutes=30),
        ends_at=now + timedelta(hours=2),
        place="Salle du conseil",
        status=MeetingStatus.OPEN,
        opened_at=now - timedelta(minutes=25),
        created_by_id=world.user[f"{key}.coordinateur"],
    )
    session.add(meeting)
    session.flush()
    world.meeting[f"{key}.open"] = meeting.public_id
    seats = session.query(Seat).filter_by(cellule_id=meeting.cellule_id).order_by(Seat.position).all()
    holders = _sit(world, key, meeting, seats)
    meeting.chair_seat_id = seats[0].id
    for position, case in enumerate(AGENDA, start=1):
        item, snapshot = _item(world, key, meeting, position, case)
        if position == 1:
            meeting.current_item_id, item.started_at = item.id, now - timedelta(minutes=4)
            _ballot(world, key, item, snapshot, seats, holders)
            _action(world, key, item)


def _sit(world: "World", key: str, meeting: Meeting, seats: list[Seat]) -> dict[int, int]:
    """Write who sits, and return the membership of each occupied seat."""
    session = db.session()
    holders: dict[int, int] = {}
    for seat in seats:
        # Titulaires were added first.
        holder = session.query(SeatHolder).filter_by(seat_id=seat.id).order_by(SeatHolder.id).first()
        assert holder is not None
        present = seat.public_id != world.seat[f"{key}.{ABSENT}"]
        session.add(
            Attendance(
                cellule_id=meeting.cellule_id,
                meeting_id=meeting.id,
                seat_id=seat.id,
                membership_id=holder.membership_id if present else None,
                state=AttendanceState.PRESENT if present else AttendanceState.AWAITED,
                mode=AttendanceMode.ROOM if present else None,
            )
        )
        if present:
            holders[seat.id] = holder.membership_id
    return holders


def _item(
    world: "World", key: str, meeting: Meeting, position: int, case: str
) -> tuple[AgendaItem, EligibilitySnapshot]:
    session = db.session()
    membership = session.query(Membership).filter_by(public_id=world.membership[f"{key}.service_social"]).one()
    request = DispositifRequest(
        cellule_id=meeting.cellule_id,
        case_id=world.case_id[f"{key}.{case}"],
        dispositif=Dispositif.BILAN_COMPETENCES,
        status=RequestStatus.SCHEDULED,
        author=RequestAuthor.INSURED,
        purpose="Préparer une reconversion.",
        measure_start=clock.today() + timedelta(days=14),
        measure_end=clock.today() + timedelta(days=40),
        details={},
        created_by_id=membership.user_id,
        created_by_organisation_id=membership.organisation_id,
        created_at=clock.now(),
    )
    session.add(request)
    session.flush()
    snapshot = EligibilitySnapshot(
        cellule_id=meeting.cellule_id,
        request_id=request.id,
        taken_at=clock.now(),
        evaluated_on=clock.today(),
        reason=SnapshotReason.BALLOT_OPENED if position == 1 else SnapshotReason.SUBMITTED,
        doctrine="regional",
        ruleset_hash="0" * 64,
        results=[_eligible()],
        facts={},
    )
    item = AgendaItem(
        cellule_id=meeting.cellule_id,
        meeting_id=meeting.id,
        request_id=request.id,
        position=position,
        question=QUESTION,
    )
    session.add_all((snapshot, item))
    session.flush()
    world.request[f"{key}.{case}"] = request.public_id
    world.item[f"{key}.{case}"] = item.public_id
    return item, snapshot


def _eligible() -> dict[str, object]:
    today = clock.today().isoformat()
    return {
        "dispositif": "bilan_competences",
        "status_group": "salarie",
        "verdict": "eligible",
        "explanation": "Rien ne s’oppose au bilan de compétences.",
        "doctrine": "regional",
        "evaluated_on": today,
        "substance_on": today,
        "divergence": None,
        "rules": [
            {
                "id": "BC-E-01",
                "version": "1",
                "verdict": "pass",
                "reason": "L’arrêt est en cours et indemnisé.",
                "source": "Article L. 323-3-1 du code de la sécurité sociale",
                "basis": "LAW",
                "doctrine": "any",
                "cause": None,
                "facts": ["stoppage.active"],
                "missing": [],
                "undecided": [],
            }
        ],
    }


def _ballot(
    world: "World",
    key: str,
    item: AgendaItem,
    snapshot: EligibilitySnapshot,
    seats: list[Seat],
    holders: dict[int, int],
) -> None:
    session = db.session()
    ballot = Ballot(
        cellule_id=item.cellule_id,
        item_id=item.id,
        question=item.question,
        status=BallotStatus.OPEN,
        opened_at=clock.now() - timedelta(minutes=2),
        opened_by_id=world.user[f"{key}.coordinateur"],
        chair_seat_id=seats[0].id,
        snapshot_id=snapshot.id,
    )
    session.add(ballot)
    session.flush()
    world.ballot[f"{key}.shared"] = ballot.public_id
    organisations = {world.organisation[f"{key}.{kind}"]: kind for kind in OrganisationKind}
    for position, seat in enumerate((seat for seat in seats if seat.id in holders), start=1):
        session.add(
            BallotVoter(
                cellule_id=ballot.cellule_id,
                ballot_id=ballot.id,
                seat_id=seat.id,
                membership_id=holders[seat.id],
                seat_label=seat.label,
                organisation_kind=organisations[seat.organisation_id],
                voice=seat.voice,
                position=position,
            )
        )


def _action(world: "World", key: str, item: AgendaItem) -> None:
    """Give the SPST a thing to do on the first case."""
    action = Action(
        cellule_id=item.cellule_id,
        item_id=item.id,
        case_id=world.case_id[f"{key}.{AGENDA[0]}"],
        owner_organisation_id=world.organisation[f"{key}.spst"],
        text="Transmettre l’étude de poste.",
        due_on=clock.today() + timedelta(days=10),
        state=ActionState.OPEN,
        created_by_id=world.user[f"{key}.coordinateur"],
    )
    db.session().add(action)
    db.session().flush()
    world.action[f"{key}.{AGENDA[0]}"] = action.public_id
