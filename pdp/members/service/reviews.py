"""The review of accesses, twice a year: each access is confirmed by somebody else, or ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from pdp.accounts import service as accounts
from pdp.accounts.models import Membership
from pdp.accounts.queries import lock_cellule
from pdp.accounts.recipients import list_scopes
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.members import queries, rules
from pdp.members.enums import LineDecision
from pdp.members.models import AccessReview, AccessReviewLine
from pdp.members.service.people import facts_of, words_of
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.policy import masking
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure
from pdp.policy.roles import Role

PAGE = "/revue-des-acces"


@dataclass(frozen=True, slots=True)
class Asked:
    """One access that the reader is asked to confirm."""

    public_id: str
    name: str
    words: tuple[str, ...]
    organisation: str
    since: date
    last_used: date | None
    due_on: date


def read_review(actor: Actor) -> tuple[Asked, ...]:
    """Return the accesses that the actor is asked to confirm, by organisation then name."""
    ensure(actor, Permission.ACCESS_REVIEW)
    with db.transaction(actor):
        found = tuple(_asked(actor, line) for line in queries.list_waiting_lines(actor, clock.today()))
        audit.record(actor, "access_review.read", count=len(found))
    return found


def decide(actor: Actor, decisions: dict[str, LineDecision]) -> tuple[int, int]:
    """Confirm accesses or end them, by line; return how many of each. Lines of others are left alone.

    A review without a line that waits is closed. Raises `RuleViolation` as `take_away` does.
    """
    ensure(actor, Permission.ACCESS_REVIEW)
    kept = ended = 0
    with db.transaction(actor):
        lock_cellule(actor.cellule_id)
        for line in queries.list_waiting_lines(actor, clock.today(), lock=True):
            decision = decisions.get(line.public_id)
            if decision is None:
                continue
            if decision is LineDecision.ENDED:
                _end(actor, line)
                ended += 1
            else:
                kept += 1
            line.decision, line.decided_at, line.decided_by_id = decision, clock.now(), actor.user_id
        db.session().flush()
        closed = _close_finished(actor.cellule_id)
        audit.record(actor, "access_review.decide", kept=kept, ended=ended, closed=closed)
    return kept, ended


def open_reviews() -> int:
    """Open this half-year's review of each organisation that has none; return how many. Harmless when run twice."""
    opened = 0
    for scope in list_scopes():
        with db.transaction(scope):
            period, today = rules.period_of(clock.today()), clock.today()
            found = queries.list_unreviewed(scope.cellule_id, period, today)
            for organisation_id, members in groupby(found, key=lambda each: each.organisation_id):
                _open(scope.cellule_id, organisation_id, period, members)
                opened += 1
            if found:
                _call(scope.cellule_id, today)
            audit.record(None, "access_review.open", count=len(found))
    return opened


def remind() -> int:
    """Call again, a week before the day due and on that day, those whose confirmation is still awaited."""
    reminded = 0
    for scope in list_scopes():
        with db.transaction(scope):
            today = clock.today()
            if {today, today + rules.REMIND_BEFORE} & set(queries.list_days_due(scope.cellule_id, today)):
                _call(scope.cellule_id, today)
                reminded += 1
                audit.record(None, "access_review.remind")
    return reminded


def _end(actor: Actor, line: AccessReviewLine) -> None:
    membership = line.membership
    others = queries.count_others_of_role(membership, clock.today())
    rules.ensure_may_close(actor, facts_of(membership), others_of_role=others)
    accounts.end_membership(membership)


def _close_finished(cellule_id: int) -> int:
    finished = queries.list_finished_reviews(cellule_id, clock.today())
    for review in finished:
        review.closed_at = clock.now()
    return len(finished)


def _open(cellule_id: int, organisation_id: int, period: str, members: Iterable[Membership]) -> None:
    review = AccessReview(
        cellule_id=cellule_id,
        organisation_id=organisation_id,
        period=period,
        opened_at=clock.now(),
        due_on=rules.due_on(clock.today()),
    )
    db.session().add(review)
    db.session().flush()
    for membership in members:
        db.session().add(
            AccessReviewLine(
                cellule_id=cellule_id,
                organisation_id=organisation_id,
                review_id=review.id,
                membership_id=membership.id,
            )
        )


def _call(cellule_id: int, today: date) -> None:
    """Tell everybody who has something to confirm; who has nothing is left in peace."""
    people = queries.list_people_of_roles(cellule_id, {Role.COORDINATEUR, Role.ADMIN}, today)
    called = {
        person.user_id
        for person in people
        if person.user.disabled_at is None and queries.list_waiting_lines(accounts.build_actor(person), today)
    }
    notifications.notify(called, NoticeKind.ACCESS_REVIEW, cellule_id=cellule_id, link=PAGE)


def _asked(actor: Actor, line: AccessReviewLine) -> Asked:
    membership, user = line.membership, line.membership.user
    named = masking.reads_name(actor, line.organisation.facts)
    return Asked(
        public_id=line.public_id,
        name=user.full_name,
        words=words_of(membership, named=named),
        organisation=masking.organisation_name(actor, line.organisation.facts),
        since=membership.starts_on,
        last_used=_day(user.last_signed_in_at),
        due_on=line.review.due_on,
    )


def _day(moment: datetime | None) -> date | None:
    return clock.local(moment).date() if moment else None
