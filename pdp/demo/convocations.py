"""The convocations of the demo's next séance: sent four days ago, most of them answered, one reminded."""

from sqlalchemy import select, update

from pdp.accounts.models import Membership
from pdp.convocations import service
from pdp.convocations.enums import Answer
from pdp.convocations.models import Convocation
from pdp.core import clock, db
from pdp.demo.moments import Moments
from pdp.demo.people import People
from pdp.meetings.models import Meeting
from pdp.notifications.enums import MailState
from pdp.notifications.models import LinkMail

# Who answered what in the site, how many days ago; the others are still awaited.
_ANSWERS = (
    ("helene", Answer.ROOM, -3, ""),
    ("sophie", Answer.ROOM, -3, ""),
    ("antoine", Answer.REMOTE, -3, ""),
    ("martine", Answer.ROOM, -2, ""),
    ("emilie", Answer.REMOTE, -2, ""),
    ("laurent", Answer.OTHER_TIME, -2, "Plutôt après 15 h, je suis en entreprise avant."),
)


def convene(people: People, moments: Moments, meeting: str) -> None:
    """Convene the people of the next séance and play their answers: one by telephone, one reminder."""
    secretary = people.actor("claire")
    with clock.acting_at(moments.at(-4)):
        service.send_convocations(secretary, meeting)
    for key, answer, day, wish in _ANSWERS:
        with clock.acting_at(moments.at(day, 11)):
            if _find(people, meeting, key):
                service.answer_own(people.actor(key), meeting, answer=answer, wish=wish)
    with clock.acting_at(moments.at(-1)):
        julien = _find(people, meeting, "julien")
        if julien:
            service.answer_for(secretary, julien, answer=Answer.AWAY)
        service.remind(secretary, meeting, convocation=_find(people, meeting, "isabelle"))
    # Nothing leaves the demo by mail: its pages show what an installation with a server shows.
    with db.transaction() as session:
        session.execute(update(LinkMail).values(state=MailState.SENT, ended_at=clock.now()))


def _find(people: People, meeting: str, key: str) -> str | None:
    with db.reading(people.actor(key)) as session:
        return session.scalars(
            select(Convocation.public_id)
            .join(Membership, Membership.id == Convocation.membership_id)
            .join(Meeting, Meeting.id == Convocation.meeting_id)
            .where(Membership.public_id == people.memberships[key].public_id, Meeting.public_id == meeting)
        ).one_or_none()
