"""Every mail that the life of a séance makes leave, from its planning to its minutes recalled."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import select, update

from pdp.accounts.models import User
from pdp.consent.models import SharingAgreement
from pdp.consultations import jobs as consultation_jobs
from pdp.consultations import service as consultations
from pdp.convocations import service as convocations
from pdp.convocations.enums import Answer
from pdp.core import clock
from pdp.core.calendar import add_working_days
from pdp.meetings import jobs as meeting_jobs
from pdp.meetings import service as meetings
from pdp.meetings.enums import ActionKind, OpinionCode, VoteValue
from pdp.meetings.models import Action, AgendaItem
from pdp.meetings.service import correcting
from pdp.minutes import service as minutes
from pdp.notifications import service as notifications
from pdp.notifications.enums import Pace
from pdp.policy.actor import Actor
from tests.consultations.builders import consult, version_of
from tests.convocations.planned import plan, reschedule
from tests.convocations.planned import version_of as meeting_version
from tests.meetings.builders import build_request
from tests.minutes.whole_seance import WholeSeance
from tests.notifications.smtp import Mailbox
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]


class Scenario:
    """Plays the acts day after day; what waits leaves after each of them."""

    def __init__(self, world: World, actor_of: ActorOf, mailbox: Mailbox) -> None:
        self.world, self.actor_of, self.mailbox = world, actor_of, mailbox
        self.secretary = actor_of("a.coordinateur")
        self.now = clock.now()
        self.whole = WholeSeance(world, actor_of)

    def play(self) -> None:
        """Play all of it; the minutes come first, the stoppages of the world ending with the quarter."""
        self._write()
        self._convene()
        self._consult()
        self._sum_up()

    @contextmanager
    def _day(self, days: int = 1) -> Iterator[None]:
        """Do it so many days later than what came before, and let the mails leave."""
        self.now += timedelta(days=days)
        with self._at(self.now):
            yield

    @contextmanager
    def _at(self, instant: datetime) -> Iterator[None]:
        self.now = instant
        with clock.acting_at(instant):
            yield
            notifications.deliver_links()
            notifications.deliver()

    def _convene(self) -> None:
        """Convene to a séance that moves, gains a point, loses a partner and is cancelled; and move another one."""
        secretary = self.secretary
        with self._day():
            meeting = plan(self.world, secretary, cases=("a.shared",))
            other = plan(self.world, secretary, cases=())
        with self._day():
            convocations.send_convocations(secretary, meeting)
        with self._day():
            reschedule(secretary, meeting)
            reschedule(secretary, other)
        with self._day():
            late = build_request(self.world, "a.alone", question=self.whole.mint("request", "alone"))
            meetings.add_to_agenda(secretary, meeting, request=late, planned_minutes=5)
            convocations.send_convocations(secretary, meeting)
            meetings.cancel_meeting(
                secretary, other, version=meeting_version(secretary, other), reason=self.whole.mint("signal", "alone")
            )
        with self._day():
            convocations.answer_own(self.actor_of("a.cpam"), meeting, answer=Answer.AWAY)
            convocations.answer_own(self.actor_of("a.cpam_2"), meeting, answer=Answer.AWAY)
            convocations.remind(secretary, meeting, confirmed=True)
        starts_at = meetings.read_meeting(secretary, meeting).meeting.starts_at
        # Five working days before are eight at the most here.
        self.now = starts_at - timedelta(days=9)
        while (starts_at - self.now).days > 2:
            with self._day():
                convocations.warn_all()
        with self._day(0):
            item = meetings.read_meeting(secretary, meeting).items[0]
            meetings.remove_from_agenda(secretary, item.item, version=item.version)
        with self._day(0):
            meetings.cancel_meeting(
                secretary,
                meeting,
                version=meeting_version(secretary, meeting),
                reason=self.whole.mint("signal", "shared"),
            )

    def _consult(self) -> None:
        with self._day():
            ends = add_working_days(clock.today(), 5)
            held = consult(self.world, self.secretary, cases=("a.alone", "a.shared"), ends_day=ends)
        with self._day():
            seat, text = self.world.seat["a.cp1"], self.whole.mint("ballot", "shared")
            consultations.type_phone_vote(
                self.secretary, held.ballots[1], seat=seat, value=VoteValue.AGAINST, text=text
            )
            consultations.evoke(self.actor_of("a.cpam_2"), held.ballots[0])
        with self._day(2):
            consultations.relance(self.secretary, held.public_id, version=version_of(held.public_id))
        with self._day(8):
            consultation_jobs.run()

    def _write(self) -> None:
        """Hold the full séance, send its minutes, see one of them held back, another objected to and recalled."""
        with self._day(0):
            meeting = self.whole.play()
            made = correcting.propose_correction(
                self.secretary,
                self.whole.items["withdrawn"],
                reason=self.whole.mint("ballot", "shared"),
                votes={self.world.seat["a.cp2"]: VoteValue.ABSTAIN},
                code=OpinionCode.UNFAVOURABLE,
                conditions="",
                reasons=self.whole.mint("opinion", "withdrawn"),
            )
            correcting.confirm_correction(self.actor_of("a.manager"), made)
        with self._day():
            minutes.compose_minutes(self.secretary, meeting)
            versions = {
                line.version.name: line.version for line in minutes.read_sending(self.secretary, meeting).lines
            }
            leaves_at = minutes.prepare_sending(
                self.secretary, meeting, versions=[version.public_id for version in versions.values()]
            )
            self._withdraw("a.oeth")
        with self._at(leaves_at):
            minutes.send_due()
        with self._day():
            closes_at = minutes.open_window(self.secretary, meeting, days=10)
            minutes.object_to(self.actor_of("a.cap_emploi"), meeting, objection=self.whole.mint("ballot", "shared"))
        with self._at(closes_at):
            minutes.close_due_windows()
        with self._day():
            [sent] = [version for name, version in versions.items() if name == "Cap emploi"]
            minutes.recall(self.secretary, meeting, sent.public_id)
        self._follow()

    def _follow(self) -> None:
        """Settle what the opinions hold, one of them unmet, and let the things to do be late."""
        with as_owner() as session:
            rows = session.execute(
                select(Action.public_id, Action.version, Action.kind, AgendaItem.public_id)
                .join(AgendaItem, AgendaItem.id == Action.item_id)
                .where(Action.kind != ActionKind.TASK)
            ).all()
        held = {row[3]: (row[0], row[1]) for row in rows}
        note = self.whole.mint("action", "expired")
        with self._day():
            for name in ("shared", "expired"):
                action, version = held[self.whole.items[name]]
                meetings.complete_action(self.actor_of("a.cpam"), action, version=version, note=note)
            action, version = held[self.whole.items["added"]]
            meetings.declare_unmet(self.actor_of("a.cpam"), action, version=version, note=note)
        # Seven working days after their date, which is a week after the séance.
        with self._day(9):
            meeting_jobs.follow_actions()

    def _withdraw(self, organisation: str) -> None:
        with as_owner() as session:
            session.execute(
                update(SharingAgreement)
                .where(SharingAgreement.organisation_id == self.world.organisation[organisation])
                .values(withdrawn_on=clock.today())
            )

    def _sum_up(self) -> None:
        """Leave somebody who reads their mails twice a day the digest of what a new séance makes."""
        with as_owner() as session:
            session.execute(
                update(User)
                .where(User.id == self.world.user["a.service_medical"])
                .values(mails_about_meetings=Pace.DIGEST)
            )
        with self._day():
            plan(self.world, self.secretary, cases=("a.partial",))
            notifications.queue_digests()
