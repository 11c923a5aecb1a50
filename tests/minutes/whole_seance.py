"""A séance with all that can happen in one, played through the services; each text is a word of a `Mint`.

Late partner, proxy, déport, secret, agreed and named ballots, conditions, dissent, alternatives, adjournment, list
without a debate, point added in session, and a consultation with a vote by phone reported in it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from pdp.accounts.enums import BallotMode, HolderRank, OrganisationKind, Voice
from pdp.accounts.models import Membership, Organisation, Seat, SeatHolder
from pdp.audit import service as audit
from pdp.cases import service as cases
from pdp.cases.enums import RecusalReason
from pdp.cases.models import Activity, Case, CaseNote, InsuredPerson
from pdp.consent.enums import AgreementForm
from pdp.consent.models import SharingAgreement
from pdp.consultations import jobs
from pdp.consultations import service as consultations
from pdp.core import clock, db
from pdp.core.calendar import add_working_days
from pdp.dispositifs.enums import AgreementKind, StatusGroup
from pdp.meetings import service
from pdp.meetings.enums import (
    AttendanceMode,
    AttendanceState,
    DecisionOutcome,
    MeetingStatus,
    OpinionCode,
    PointKind,
    VoteValue,
)
from pdp.meetings.models import AgendaItem, Attendance, Ballot, Meeting
from pdp.meetings.rules.conditions import HeldLine
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from pdp.requests import queries as requests
from pdp.requests.enums import PieceState, SnapshotReason
from pdp.requests.models import DispositifRequest, HumanAnswer, RequiredPiece
from pdp.requests.service import take_snapshot
from tests.consultations.builders import consult, version_of
from tests.meetings.builders import SITTING, build_meeting, build_request
from tests.minutes.six_recipients import Agreed, Mint
from tests.support.databases import as_owner
from tests.support.world import LONG_AGO, World

ActorOf = Callable[[str], Actor]
_BASE = frozenset(Label) - {Label.MEDICAL, Label.SOCIAL, Label.NIR, Label.ALLOWANCE, Label.AGGREGATE}
_WITHOUT_NAME = frozenset({Label.REQUEST, Label.EMPLOYMENT, Label.OPINION, Label.AGREEMENTS})
# The agreements that this world adds to those of the base one, and the seats of those who had none.
_SIGNED = {
    ("shared", "mdph"): frozenset({Label.IDENTITY, Label.REQUEST}),
    ("expired", "oeth"): _BASE,
    ("expired", "comete"): _WITHOUT_NAME,
    ("future", "comete"): _BASE,
    ("future", "mdph"): frozenset({Label.IDENTITY, Label.BOETH, Label.REQUEST, Label.OPINION}),
}
# What holds on the day of the séance, written from `tests/support/world.py` and from the lines above.
AGREED: Agreed = {
    ("shared", "spst"): frozenset(map(str, _BASE)),
    ("shared", "cap_emploi"): frozenset(map(str, _BASE)),
    ("partial", "spst"): frozenset({"request"}),
    ("partial", "cap_emploi"): frozenset({"request"}),
    ("shared", "mdph"): frozenset({"identity", "request"}),
    ("expired", "oeth"): frozenset(map(str, _BASE)),
    ("expired", "comete"): frozenset({"request", "employment", "opinion", "agreements"}),
    ("future", "comete"): frozenset(map(str, _BASE)),
    ("future", "mdph"): frozenset({"identity", "boeth", "request", "opinion"}),
}
CASES = ("shared", "alone", "partial", "expired", "future", "withdrawn")
FOR, CONDITIONS, AGAINST = VoteValue.FOR, VoteValue.FOR_WITH_CONDITIONS, VoteValue.AGAINST


class WholeSeance:
    """The séance, its words, and what each act needs to know of the rows it changes."""

    def __init__(self, world: World, actor_of: ActorOf) -> None:
        self.world, self.actor_of, self.mint = world, actor_of, Mint()
        self.secretary = actor_of("a.coordinateur")
        self.seats = dict(world.seat)
        self.meeting = ""
        self.items: dict[str, str] = {}
        self.requests: dict[str, str] = {}
        self._extend()

    def play(self) -> str:
        """Play it to its closing and return its public id."""
        self._consult()
        self._prepare()
        self._open()
        self._listed()
        self._named_with_an_alternative()
        self._secret_with_a_deport()
        self._agreed()
        self._adjourned()
        self._refused()
        self._added_in_session()
        service.close_meeting(self.secretary, self.meeting, version=self._meeting_version())
        service.record_decision(
            self.actor_of("a.cpam_2"),
            self.requests["shared"],
            outcome=DecisionOutcome.GRANTED,
            decided_on=clock.today(),
            reasons=self.mint("decision", "shared"),
        )
        return self.meeting

    def _extend(self) -> None:
        """Write what the base world lacks: seats and agreements of three partners, and a file full of words."""
        with as_owner() as session:
            for position, kind in enumerate(("comete", "mdph", "oeth"), start=9):
                seat = Seat(
                    cellule_id=self.world.cellule["a"],
                    organisation_id=self.world.organisation[f"a.{kind}"],
                    label=OrganisationKind(kind).label,
                    position=position,
                    voice=Voice.CONSULTATIVE,
                    starts_on=LONG_AGO,
                )
                session.add(seat)
                session.flush()
                self.seats[f"a.{kind}"] = seat.public_id
                public_id = self.world.membership[f"a.{kind}"]
                member = session.scalars(select(Membership.id).where(Membership.public_id == public_id)).one()
                session.add(
                    SeatHolder(seat_id=seat.id, membership_id=member, rank=HolderRank.TITULAIRE, starts_on=LONG_AGO)
                )
            for (case, kind), labels in _SIGNED.items():
                session.add(self._agreement(case, kind, labels))
            for case in CASES:
                self._fill(session.get_one(Case, self.world.case_id[f"a.{case}"]), case)
            # The séance under way of the base world would take note of what was given in writing before it.
            session.query(Meeting).filter_by(public_id=self.world.meeting["a.open"]).update(
                {"status": MeetingStatus.CANCELLED}
            )
            audit.record(None, "tests.whole_seance")

    def _agreement(self, case: str, kind: str, labels: frozenset[Label]) -> SharingAgreement:
        return SharingAgreement(
            cellule_id=self.world.cellule["a"],
            case_id=self.world.case_id[f"a.{case}"],
            organisation_id=self.world.organisation[f"a.{kind}"],
            labels=labels,
            purpose="Préparer le retour au travail",
            form=AgreementForm.SIGNED,
            starts_on=clock.today() - timedelta(days=20),
            recorded_by_id=self.world.user["a.service_social"],
            recorded_at=clock.now(),
        )

    def _fill(self, case: Case, name: str) -> None:
        """Fill the file of a case with words that no minutes print, and note those that they do."""
        mint = self.mint
        mint.note(case.reference, "existence", name)
        person = db.session().get_one(InsuredPerson, case.person_id)
        mint.note(f"{person.given_name} {person.family_name}", "identity", name)
        case.presentation = mint("signal", name, printed=False)
        case.signal_reason = mint("signal", name, printed=False)
        person.phone, person.email = (mint("identity", name, printed=False) for _ in range(2))
        person.town = mint("identity", name, printed=False)
        db.session().query(Activity).filter_by(case_id=case.id).update(
            {"employer": mint("employment", name, printed=False), "post": mint("employment", name, printed=False)}
        )
        for label in (Label.MEDICAL, Label.SOCIAL, Label.RESTRICTIONS, Label.PLAN):
            note = CaseNote(
                cellule_id=case.cellule_id,
                case_id=case.id,
                label=label,
                text=mint(str(label), name, printed=False),
                author_id=self.world.user["a.service_social"],
                written_at=clock.now(),
            )
            db.session().add(note)

    def _consult(self) -> None:
        """Hold a consultation the week before, with a vote by phone of a member and its condition."""
        opening = clock.now() - timedelta(days=9)
        with clock.acting_at(opening):
            held = consult(
                self.world, self.secretary, cases=("a.future",), ends_day=add_working_days(clock.today(), 4)
            )
            ballot = held.ballots[0]
            consultations.type_phone_vote(self.secretary, ballot, seat=self.seats["a.cp1"], value=FOR)
            for person in ("manager", "service_medical", "service_social"):
                consultations.cast(self.actor_of(f"a.{person}"), ballot, value=FOR)
        with clock.acting_at(opening + timedelta(days=8)):
            jobs.run()
            page = consultations.read_question(self.secretary, held.public_id, ballot)
            service.record_opinion(
                self.secretary, held.items[0], version=page.row.version, code=OpinionCode.FAVOURABLE
            )
            consultations.finish(self.secretary, held.public_id, version=version_of(held.public_id))

    def _prepare(self) -> None:
        """Put the requests on the agenda, each with a question of its own."""
        self.meeting = build_meeting(self.world, 0, status=MeetingStatus.PLANNED).meeting
        for name in ("future", "shared", "alternative", "alone", "partial", "expired", "withdrawn"):
            refused = {AgreementKind.ADVISER: PieceState.REFUSED} if name == "expired" else {}
            self._schedule(name, "shared" if name == "alternative" else name, agreements=refused)
        service.add_point(self.secretary, self.meeting, kind=PointKind.CONSULTATIONS)
        service.mark_fast_track(self.secretary, self.meeting, items=[self.items["future"]])
        service.link_alternative(
            self.secretary,
            self.items["shared"],
            version=self._version("shared"),
            other=self.items["alternative"],
        )
        # A human answer to a rule of no finding speaks of the status of the person as well.
        with as_owner() as session:
            wanted = select(DispositifRequest).where(DispositifRequest.public_id == self.requests["shared"])
            request = session.scalars(wanted).one()
            session.add(
                HumanAnswer(
                    cellule_id=request.cellule_id,
                    request_id=request.id,
                    status_group=StatusGroup.SALARIE,
                    rule_id="XX-E-01",
                    accepted=True,
                    reason=self.mint("request employment", "shared"),
                    answered_by_id=self.world.user["a.cpam"],
                    seat_label="CPAM, siège 1",
                    answered_at=clock.now(),
                )
            )
            piece = session.scalars(
                select(RequiredPiece)
                .join(DispositifRequest, DispositifRequest.id == RequiredPiece.request_id)
                .where(
                    DispositifRequest.public_id == self.requests["expired"],
                    RequiredPiece.kind == AgreementKind.ADVISER.value,
                )
            ).one()
            piece.comment = self.mint("agreements", "expired")
            audit.record(None, "tests.whole_seance")

    def _schedule(self, name: str, case: str, **more: object) -> None:
        asked = build_request(self.world, f"a.{case}", question=self.mint("request", case), **more)
        self.requests[name] = asked
        with db.transaction(self.secretary):
            take_snapshot(requests.get_request(self.secretary, asked), SnapshotReason.SUBMITTED)
            audit.record(self.secretary, "tests.snapshot")
        self.items[name] = service.add_to_agenda(self.secretary, self.meeting, request=asked)

    def _open(self) -> None:
        """Open with one seat by proxy and, of the partners, Cap emploi alone: the others come later."""
        service.open_meeting(self.secretary, self.meeting, version=self._meeting_version())
        for seat in SITTING:
            if seat not in {"sm2", "spst"}:
                self._attend(seat)
        self._attend("sm2", AttendanceState.REPRESENTED, proxy_seat=self.seats["a.sm1"])
        service.set_chair(self.secretary, self.meeting, version=self._meeting_version(), seat=self.seats["a.ss1"])

    def _listed(self) -> None:
        version = service.read_fast_track(self.secretary, self.meeting).version
        assert len(service.approve_fast_track(self.secretary, self.meeting, version=version).approved) == 1

    def _named_with_an_alternative(self) -> None:
        """Vote by name on a request with conditions and a dissent, begun again once; the other way has no object."""
        mint, name = self.mint, "shared"
        service.save_discussion(self.secretary, self.items[name], discussion=mint("ballot", name), base="")
        ballot = self._ballot(name)
        self._say(ballot, "cp1", AGAINST, mint("ballot", name, printed=False))
        service.reset_ballot(self.secretary, ballot, version=self._ballot_version(ballot), reason=mint("ballot", name))
        self._say(ballot, "cp1", AGAINST, mint("ballot", name), replaces=1)
        self._say(ballot, "cap", CONDITIONS, mint("ballot", name, "cap_emploi"))
        self._finish(name, ballot, OpinionCode.FAVOURABLE_WITH_CONDITIONS, conditions=True, dissent=True)
        for owner in ("cap_emploi", "cpam", "spst"):
            self._act(name, owner)
        self._opine("alternative", "shared", OpinionCode.NO_OBJECT)

    def _secret_with_a_deport(self) -> None:
        """Vote in secret without the person who takes no part, after the SPST came by phone."""
        self._attend("spst", mode=AttendanceMode.PHONE)
        cases.declare_recusal(self.actor_of("a.cpam"), self.world.case["a.alone"], reason=RecusalReason.EMPLOYER)
        ballot = self._ballot("alone", mode=BallotMode.SECRET, consultative=False)
        for person in ("manager", "service_social", "service_medical", "cpam_2"):
            service.cast_vote(self.actor_of(f"a.{person}"), ballot, value=FOR, idempotency_key=person)
        self._finish("alone", ballot, OpinionCode.FAVOURABLE, confirm=True)
        self._act("alone", "cpam")

    def _agreed(self) -> None:
        ballot = self._ballot("partial", mode=BallotMode.CONSENSUS, proposed=OpinionCode.FAVOURABLE)
        self._finish("partial", ballot, OpinionCode.FAVOURABLE)
        self._act("partial", "spst")

    def _adjourned(self) -> None:
        """Adjourn without a vote, and keep what is awaited."""
        awaited = self.mint("opinion", "expired")
        held = [HeldLine(awaited)]
        self._opine("expired", "expired", OpinionCode.ADJOURNED, reasons=awaited, held=held)

    def _refused(self) -> None:
        """Vote against a request whose agreement was withdrawn: no partner hears of it."""
        ballot = self._ballot("withdrawn")
        for seat in ("ss1", "ss2", "sm1", "sm2", "cp1", "cp2"):
            self._say(ballot, seat, AGAINST, self.mint("ballot", "withdrawn"))
        self._finish("withdrawn", ballot, OpinionCode.UNFAVOURABLE, reasons=True, dissent=True, typed=False)

    def _added_in_session(self) -> None:
        """Add a request to the open séance and vote on it with three partners come for it."""
        for seat in ("comete", "oeth", "mdph"):
            self._attend(seat, mode=AttendanceMode.VIDEO)
        self._schedule("added", "expired")
        ballot = self._ballot("added")
        self._say(ballot, "comete", CONDITIONS, self.mint("ballot", "expired", "comete"))
        self._say(ballot, "oeth", AGAINST, self.mint("ballot", "expired", "oeth"))
        self._finish("added", ballot, OpinionCode.FAVOURABLE_WITH_CONDITIONS, case="expired", conditions=True)
        self._act("added", "oeth", case="expired")
        self._attend("cp2", left=True)

    def _ballot(self, name: str, **how: object) -> str:
        service.select_item(self.secretary, self.items[name])
        return service.open_ballot(self.secretary, self.items[name], version=self._version(name), **how)  # type: ignore[arg-type]

    def _say(self, ballot: str, seat: str, value: VoteValue, text: str, replaces: int | None = None) -> None:
        service.type_vote(
            self.secretary, ballot, seat=self.seats[f"a.{seat}"], value=value, text=text, replaces=replaces
        )

    def _finish(
        self,
        name: str,
        ballot: str,
        code: OpinionCode,
        *,
        case: str = "",
        conditions: bool = False,
        reasons: bool = False,
        dissent: bool = False,
        confirm: bool = False,
        typed: bool = True,
    ) -> None:
        """Count the votes, those not given yet being in favour, and record the opinion."""
        case = case or name
        if typed and not confirm and self._mode(ballot) is BallotMode.NAMED:
            service.type_all_for(self.secretary, ballot)
        service.close_ballot(self.secretary, ballot, version=self._ballot_version(ballot), confirm_missing=confirm)
        texts = {"conditions": conditions, "reasons": reasons}
        given = {field: self.mint("opinion", case) for field, wanted in texts.items() if wanted}
        if dissent:
            given["dissent"] = self.mint("ballot", case)
        self._opine(name, case, code, **given)

    def _opine(self, name: str, case: str, code: OpinionCode, **texts: Any) -> None:
        assert case in CASES
        service.record_opinion(self.secretary, self.items[name], version=self._version(name), code=code, **texts)

    def _act(self, name: str, owner: str, case: str = "") -> None:
        with as_owner() as session:
            organisation = session.get_one(Organisation, self.world.organisation[f"a.{owner}"]).public_id
        service.add_action(
            self.secretary,
            self.items[name],
            owner=organisation,
            text=self.mint("action", case or name, owner),
            due_on=clock.today() + timedelta(days=7),
        )

    def _attend(
        self,
        seat: str,
        state: AttendanceState = AttendanceState.PRESENT,
        *,
        mode: AttendanceMode = AttendanceMode.ROOM,
        **more: object,
    ) -> None:
        public_id = self.seats[f"a.{seat}"]
        with as_owner() as session:
            row = (
                select(Attendance.version)
                .join(Seat, Seat.id == Attendance.seat_id)
                .join(Meeting, Meeting.id == Attendance.meeting_id)
                .where(Seat.public_id == public_id, Meeting.public_id == self.meeting)
            )
            version = session.scalars(row).one_or_none() or 1
        service.set_attendance(
            self.secretary,
            self.meeting,
            seat=public_id,
            version=version,
            state=state,
            mode=mode,
            **more,  # type: ignore[arg-type]
        )

    def _version(self, name: str) -> int:
        return self._column(select(AgendaItem.version).where(AgendaItem.public_id == self.items[name]))

    def _ballot_version(self, ballot: str) -> int:
        return self._column(select(Ballot.version).where(Ballot.public_id == ballot))

    def _mode(self, ballot: str) -> BallotMode:
        return self._column(select(Ballot.mode).where(Ballot.public_id == ballot))

    def _meeting_version(self) -> int:
        return self._column(select(Meeting.version).where(Meeting.public_id == self.meeting))

    def _column(self, query):  # type: ignore[no-untyped-def]
        with as_owner() as session:
            return session.scalars(query).one()
