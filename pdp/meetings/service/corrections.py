"""Read the corrections made after a closing: the form, one of them with both versions, their list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pdp.accounts.enums import BallotMode
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.dispositifs.enums import Dispositif
from pdp.meetings import queries
from pdp.meetings.enums import CorrectionState, MeetingKind, OpinionCode, VoteChannel, VoteValue
from pdp.meetings.models import AgendaItem, Meeting, OpinionCorrection
from pdp.meetings.queries import corrections
from pdp.meetings.queries.ballots import load_poll_people
from pdp.meetings.queries.corrections import CorrectionRow
from pdp.meetings.service.correcting import last_day_to_answer, open_item
from pdp.meetings.service.steps import held_on
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure


@dataclass(frozen=True, slots=True)
class About:
    """What a correction is about, as its pages head it."""

    item: str
    meeting: str
    held_on: date
    written: bool
    position: int
    case: str
    reference: str
    dispositif: Dispositif


@dataclass(frozen=True, slots=True)
class SeatAnswer:
    """A seat of the electorate and what counts for it; `fixed` says that it was voted on the person's own device."""

    seat: str
    label: str
    value: VoteValue | None
    fixed: bool


@dataclass(frozen=True, slots=True)
class OpinionText:
    """An opinion with its texts."""

    code: OpinionCode
    conditions: str
    reasons: str
    explanation: str


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """What may be corrected on an item: its answers unless nobody knows them, and its opinion."""

    about: About
    mode: BallotMode
    seats: tuple[SeatAnswer, ...]
    opinion: OpinionText
    quorum_sentence: str
    answer_by: date


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """What was counted for a seat, and what holds instead; None: nobody answered."""

    label: str
    before: VoteValue | None
    after: VoteValue | None


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction in a list. `state` says « expired » once nobody answered in time."""

    correction: str
    about: About
    state: CorrectionState
    former: OpinionCode
    code: OpinionCode
    proposed_by: str
    proposed_at: datetime
    answer_by: date
    decided_by: str | None
    decided_at: datetime | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """A correction with both versions, in words."""

    line: CorrectionLine
    reason: str
    refusal: str
    changes: tuple[ChangedAnswer, ...]
    before: OpinionText
    after: OpinionText
    quorum_before: str
    quorum_after: str
    holds: bool

    @property
    def waits(self) -> bool:
        """Tell whether somebody else may still answer."""
        return self.line.state is CorrectionState.WAITING


def read_form(actor: Actor, item: str) -> CorrectionForm:
    """Return what may be corrected on an item. Raises `RuleViolation` with the next step when nothing may."""
    ensure(actor, Permission.OPINION_CORRECT)
    with db.transaction(actor):
        found = open_item(actor, item)
        held = found.held
        audit.record(actor, "case.read", case_id=held.request.case_id, subject=held.request.case, part="correction")
        page = load_poll_people(found.ballot)
        holding = found.poll.holding
        seats = tuple(
            SeatAnswer(
                page.seats[voter.seat_id].public_id,
                voter.seat_label,
                vote.value if vote else None,
                fixed=vote is not None and vote.channel is VoteChannel.OWN_DEVICE,
            )
            for voter in found.poll.voters
            for vote in (holding.get(voter.seat_id),)
        )
        opinion = found.opinion
        return CorrectionForm(
            _about(held.item, held.meeting),
            found.ballot.mode,
            seats if found.ballot.mode is BallotMode.NAMED else (),
            OpinionText(opinion.code, opinion.conditions, opinion.reasons, opinion.explanation),
            opinion.correction.quorum_sentence if opinion.correction else found.ballot.quorum_sentence,
            last_day_to_answer(actor.cellule_id, clock.today()),
        )


def read_correction(actor: Actor, correction: str) -> CorrectionPage:
    """Return a correction with what was recorded and what holds instead. Raises `NotFound`."""
    ensure(actor, Permission.OPINION_CORRECT)
    with db.transaction(actor):
        row = corrections.get_row(actor, correction)
        found, opinion = row.correction, row.item.opinion
        audit.record(actor, "case.read", case_id=found.case_id, subject=found, part="correction")
        assert row.item.ballot is not None
        assert opinion is not None
        labels = {voter.seat_id: voter.seat_label for voter in queries.list_voters(row.item.ballot.id)}
        earlier = _held_before(corrections.list_of_item(row.item.id), found)
        first = OpinionText(
            opinion.first_code, opinion.first_conditions, opinion.first_reasons, opinion.first_explanation
        )
        return CorrectionPage(
            line=_line(actor, row),
            reason=found.reason,
            refusal=found.refusal,
            changes=tuple(
                ChangedAnswer(labels.get(seat, ""), _value(before), _value(after))
                for seat, before, after in found.changes
            ),
            before=_text(earlier) if earlier else first,
            after=_text(found),
            quorum_before=earlier.quorum_sentence if earlier else row.item.ballot.quorum_sentence,
            quorum_after=found.quorum_sentence,
            holds=found.holds,
        )


def list_corrections(actor: Actor) -> tuple[CorrectionLine, ...]:
    """Return the newest corrections of the cellule that the actor may read, those that wait first."""
    ensure(actor, Permission.OPINION_CORRECT)
    with db.transaction(actor):
        rows = corrections.list_rows(actor)
        audit.record(actor, "opinion.list_corrections", count=len(rows))
        return tuple(_line(actor, row) for row in rows)


def _line(actor: Actor, row: CorrectionRow) -> CorrectionLine:
    found = row.correction
    over = found.state is CorrectionState.WAITING and clock.now() > found.answer_by
    return CorrectionLine(
        correction=found.public_id,
        about=_about(row.item, row.meeting),
        state=CorrectionState.EXPIRED if over else found.state,
        former=found.former_code,
        code=found.code,
        proposed_by=found.proposed_by.full_name,
        proposed_at=found.proposed_at,
        answer_by=(clock.local(found.answer_by) - timedelta(seconds=1)).date(),
        decided_by=found.decided_by.full_name if found.decided_by else None,
        decided_at=found.decided_at,
        is_own=found.proposed_by_id == actor.user_id,
    )


def _about(item: AgendaItem, meeting: Meeting) -> About:
    return About(
        item=item.public_id,
        meeting=meeting.public_id,
        held_on=held_on(meeting),
        written=meeting.kind is MeetingKind.WRITTEN,
        position=item.position,
        case=item.request.case.public_id,
        reference=item.request.case.reference,
        dispositif=item.request.dispositif,
    )


def _held_before(past: Sequence[OpinionCorrection], found: OpinionCorrection) -> OpinionCorrection | None:
    """Return the correction that held when this one was proposed; None when it was the first opinion."""
    earlier = [one for one in past if one.id < found.id and one.state is CorrectionState.CONFIRMED]
    return earlier[-1] if earlier else None


def _text(correction: OpinionCorrection) -> OpinionText:
    return OpinionText(correction.code, correction.conditions, correction.reasons, correction.explanation)


def _value(stored: str | None) -> VoteValue | None:
    return VoteValue(stored) if stored else None
