"""A convocation to the séance under way of the base world, with a wish to be read."""

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from pdp.accounts.models import Membership, Seat
from pdp.convocations.enums import Answer, AnswerChannel
from pdp.convocations.models import Convocation
from pdp.core import clock, db, links
from pdp.core.ids import new_public_id
from pdp.meetings.models import Meeting
from tests.support.world import World


def add(world: World, key: str) -> None:
    """Convene two people of a cellule, in the session of the caller."""
    session, now = db.session(), clock.now()
    meeting = session.scalars(select(Meeting).where(Meeting.public_id == world.meeting[f"{key}.open"])).one()
    for person, seat in (("service_social", "ss2"), ("cap_emploi", "cap")):
        public_id = new_public_id()
        session.add(
            Convocation(
                public_id=public_id,
                cellule_id=world.cellule[key],
                meeting_id=meeting.id,
                seat_id=_key(Seat.id, Seat.public_id, world.seat[f"{key}.{seat}"]),
                membership_id=_key(Membership.id, Membership.public_id, world.membership[f"{key}.{person}"]),
                token_hash=links.hash_of(public_id),
                sent_at=now,
                starts_at=meeting.starts_at,
                ends_at=meeting.ends_at,
                place=meeting.place,
                agenda_mark="0" * 64,
                answer=Answer.OTHER_TIME,
                wish="Plutôt le matin",
                answered_at=now,
                channel=AnswerChannel.SITE,
            )
        )
    session.flush()


def _key(key: InstrumentedAttribute[int], named: InstrumentedAttribute[str], public_id: str) -> int:
    return db.session().scalars(select(key).where(named == public_id)).one()
