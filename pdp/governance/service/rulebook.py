"""The rules of a cellule: what they are, what they were, and what new ones would have changed.

A rule begins tomorrow at the earliest: nothing under way changes, and the past keeps the rules of its day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from pdp.accounts import queries as accounts
from pdp.accounts.enums import BallotMode, Silence
from pdp.accounts.models import GovernanceRules
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import InvalidInput, NotFound
from pdp.dispositifs.enums import Doctrine
from pdp.governance.queries import rulebook as queries
from pdp.governance.queries.rulebook import HeldBallot, LastMeeting
from pdp.meetings import queries as meetings
from pdp.meetings.rules import Majority
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_UNTOLD = "Non communiqué"
_TAKEN = "Des règles commencent déjà ce jour-là : choisissez un autre jour, ou retirez-les d’abord."


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules in force, those to come and those of before, the newest first."""

    current: GovernanceRules
    history: Sequence[GovernanceRules]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a ballot gave under some rules, in words."""

    quorum: str
    result: str


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A point of the last séance, as it was judged and as the new rules would have. `reference` is empty, and
    the result not told, for a case that the reader may not know."""

    position: int
    reference: str
    before: Judged
    after: Judged

    @property
    def changes(self) -> bool:
        """Tell whether the new rules would have led elsewhere."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Preview:
    """« With these rules, the last séance would have… ». `held_at` is None when no séance was ever held."""

    held_at: datetime | None
    lines: tuple[PreviewLine, ...]
    # How many requests came after the last day in time: that day's rules, and these.
    late_then: int = 0
    late_now: int = 0

    @property
    def changed(self) -> int:
        """Return how many points would have ended otherwise."""
        return sum(line.changes for line in self.lines)


def read_rulebook(actor: Actor) -> Rulebook:
    """Return the rules in force today with all the others."""
    ensure(actor, Permission.CELLULE_READ)
    if not actor.is_core:
        raise NotFound
    with db.reading(actor):
        history = queries.list_rules(actor.cellule_id)
        return Rulebook(accounts.governance(actor.cellule_id, clock.today()), history)


def preview_rules(actor: Actor, **chosen: object) -> Preview:
    """Count the ballots of the last closed séance again under rules that are not recorded.

    Eligibility is left out: both doctrines are shown beside each other on every request already.
    """
    ensure(actor, Permission.GOVERNANCE_SET)
    candidate = GovernanceRules(cellule_id=actor.cellule_id, **chosen)
    with db.transaction(actor):
        last = queries.find_last_meeting(actor.cellule_id)
        audit.record(actor, "rules.preview", subject=last.meeting if last else None)
        if last is None:
            return Preview(None, ())
        day = clock.local(last.meeting.opened_at or last.meeting.starts_at).date()
        rules = accounts.governance(actor.cellule_id, day)
        cases = {held.item.request.case_id for held in last.ballots}
        known = {case for case, labels in meetings.labels_by_case(actor, cases).items() if labels}
        lines = tuple(_line(last, held, rules, candidate, held.item.request.case_id in known) for held in last.ballots)
        deadlines = [meetings.last_day_in_time(last.meeting, each.notice_days) for each in (rules, candidate)]
        late = meetings.late_items(last.meeting, last.items, deadlines)
    return Preview(last.meeting.starts_at, lines, *map(len, late))


def set_rules(
    actor: Actor,
    *,
    valid_from: date,
    doctrine: Doctrine,
    quorum_percent: int,
    quorum_each_service: bool,
    chair_casting_vote: bool,
    ballot_mode: BallotMode,
    silence: Silence,
    reason: str,
    **figures: int,
) -> None:
    """Decide the rules from a day to come. Raises `InvalidInput` for today, the past, or a day already taken.

    `figures` are the proxies per holder, the delays of requests, sendings and objections; those of every cellule
    when they are not said.
    """
    ensure(actor, Permission.GOVERNANCE_SET)
    if valid_from <= clock.today():
        raise InvalidInput(
            {
                "valid_from": [
                    "Des règles nouvelles commencent demain au plus tôt : rien ne change ce qui est en cours."
                ]
            }
        )
    try:
        with db.transaction(actor) as session:
            rules = GovernanceRules(
                cellule_id=actor.cellule_id,
                valid_from=valid_from,
                doctrine=doctrine,
                quorum_percent=quorum_percent,
                quorum_each_service=quorum_each_service,
                chair_casting_vote=chair_casting_vote,
                ballot_mode=ballot_mode,
                silence=silence,
                **figures,
                reason=reason.strip(),
                decided_by_id=actor.user_id,
                decided_at=clock.now(),
            )
            session.add(rules)
            session.flush()
            audit.record(actor, "rules.set", subject=rules, quorum=quorum_percent, doctrine=doctrine)
    except IntegrityError:
        raise InvalidInput({"valid_from": [_TAKEN]}) from None


def withdraw_rules(actor: Actor, valid_from: date) -> None:
    """Take back rules that have not begun. Raises `NotFound` for any others."""
    ensure(actor, Permission.GOVERNANCE_SET)
    with db.transaction(actor) as session:
        rows = queries.list_rules(actor.cellule_id)
        found = next((row for row in rows if row.valid_from == valid_from > clock.today()), None)
        if found is None:
            raise NotFound("Ces règles ont commencé, ou ont déjà été retirées.")
        audit.record(actor, "rules.withdraw", subject=found)
        session.delete(found)


def _line(
    last: LastMeeting, held: HeldBallot, rules: GovernanceRules, candidate: GovernanceRules, known: bool
) -> PreviewLine:
    before, after = _judge(last, held, rules), _judge(last, held, candidate)
    if not known:
        return PreviewLine(held.item.position, "", replace(before, result=_UNTOLD), replace(after, result=_UNTOLD))
    return PreviewLine(held.item.position, held.item.request.case.reference, before, after)


def _judge(last: LastMeeting, held: HeldBallot, rules: GovernanceRules) -> Judged:
    # Who agrees without a vote says nothing: those who sat make the quorum.
    closing = held.poll.ballot.mode is not BallotMode.CONSENSUS
    quorum = meetings.quorum_of(held.poll, last.attendances, rules, closing=closing)
    tally = meetings.count_votes(held.poll, rules)
    result = _RESULTS[tally.majority] if quorum.reached else "Ajourné, faute de quorum"
    return Judged("Atteint" if quorum.reached else "Non atteint", result)


_RESULTS = {
    Majority.CARRIED: "Majorité pour",
    Majority.REJECTED: "Majorité contre",
    Majority.TIED: "Égalité, ajourné",
}
