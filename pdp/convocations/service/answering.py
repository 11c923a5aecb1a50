"""Answer a convocation: by the link of its mail, in the site, or by telephone through the coordinator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pdp.accounts.enums import HolderRank
from pdp.accounts.models import Membership, SeatHolder
from pdp.accounts.rules import holds_on
from pdp.accounts.service import throttle
from pdp.audit import service as audit
from pdp.convocations import queries
from pdp.convocations.enums import Answer, AnswerChannel
from pdp.convocations.models import Convocation
from pdp.convocations.rules import is_open
from pdp.convocations.service.sending import PURPOSE, Step, take, withdraw
from pdp.convocations.service.wanted import Wanted
from pdp.core import clock, db, links
from pdp.core.errors import InvalidInput, NotFound, RuleViolation
from pdp.meetings.models import Meeting
from pdp.notifications.enums import NoticeKind
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_OVER = (
    "Ce lien n’ouvre rien, ou plus rien : une convocation se répond jusqu’à l’ouverture de la séance, par le lien du "
    "dernier courriel reçu. Connectez-vous pour voir vos séances."
)
_CLOSED = "Cette convocation ne se répond plus : la séance est ouverte, passée ou annulée."
_TOO_MANY = "Plusieurs réponses viennent d’être données : attendez un quart d’heure avant d’en changer encore."
_TAKEN = "Cette personne est déjà convoquée pour un autre siège : choisissez quelqu’un d’autre."


@dataclass(frozen=True, slots=True)
class Substitute:
    """A suppléant that may be sent, by the id of the membership."""

    membership: str
    name: str
    initials: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a person convened reads and may answer. It names nothing that the séance is about."""

    given_name: str
    meeting: str
    starts_at: datetime
    ends_at: datetime
    place: str
    answer: Answer | None
    wish: str
    substitute: str | None
    substitutes: tuple[Substitute, ...]
    answered_at: datetime | None


def read_card(token: str) -> Card:
    """Return what the link of a mail shows. Raises `NotFound`, in the same words whatever the reason."""
    with db.reading():
        row = _by_token(token)
        return _card(row, _open_meeting(row))


def read_own(actor: Actor, meeting: str) -> Card:
    """Return the reader's own convocation. Raises `NotFound` when there is none to answer."""
    ensure(actor, Permission.MEETING_READ)
    with db.reading(actor):
        row = queries.find_own(actor, meeting)
        if row is None:
            raise NotFound
        return _card(row, _open_meeting(row))


def answer(token: str, source: str, *, answer: Answer, wish: str = "", substitute: str | None = None) -> None:
    """Answer by the link of a mail, without signing in; it may be changed until the séance opens.

    A few times in a row only: an answer may send a mail to a suppléant.
    """
    with db.transaction():
        row = _by_token(token)
        if throttle.must_wait(f"{PURPOSE} {row.public_id}", f"{PURPOSE} {source}"):
            raise RuleViolation(_TOO_MANY)
        throttle.note_failure(f"{PURPOSE} {row.public_id}", f"{PURPOSE} {source}")
        _keep(None, row, _open_meeting(row, lock=True), answer, wish, substitute, AnswerChannel.LINK)


def mark_read(token: str) -> None:
    """Note that a person has the page of their convocation before them; once."""
    with db.transaction():
        row = _by_token(token)
        _open_meeting(row, lock=True)
        row = _reread(row)
        if row.read_at is None:
            row.read_at = clock.now()
            audit.record(None, "convocation.open", subject=row)


def answer_own(actor: Actor, meeting: str, *, answer: Answer, wish: str = "", substitute: str | None = None) -> None:
    """Answer one's own convocation in the site."""
    ensure(actor, Permission.MEETING_READ)
    with db.transaction(actor):
        row = queries.find_own(actor, meeting)
        if row is None:
            raise NotFound
        _keep(actor, row, _open_meeting(row, lock=True), answer, wish, substitute, AnswerChannel.SITE)


def answer_for(
    actor: Actor, convocation: str, *, answer: Answer, wish: str = "", substitute: str | None = None
) -> None:
    """Type the answer that a person gave by telephone; coordinator only."""
    ensure(actor, Permission.MEETING_RUN)
    with db.transaction(actor):
        row = queries.find_by_id(convocation)
        if row is None or row.cellule_id != actor.cellule_id or row.cancelled_at is not None:
            raise NotFound
        _keep(actor, row, _open_meeting(row, lock=True), answer, wish, substitute, AnswerChannel.PHONE)


def list_substitutes(row: Convocation, holders: Sequence[SeatHolder], meeting: Meeting) -> tuple[Substitute, ...]:
    """Return the suppléants whom a titulaire may send; a suppléant sends nobody."""
    day = clock.local(meeting.starts_at).date()
    held = [each for each in holders if holds_on(each.starts_on, each.ends_on, day)]
    if any(each.membership_id == row.membership_id and each.rank is HolderRank.SUPPLEANT for each in held):
        return ()
    people = [each.membership for each in held if each.membership_id != row.membership_id]
    return tuple(
        Substitute(each.public_id, each.user.full_name, f"{each.user.given_name[:1]}. {each.user.family_name[:1]}.")
        for each in people
    )


def _by_token(token: str) -> Convocation:
    row = queries.find_by_hash(links.hash_of(token))
    if row is None or not _is_still_a_member(row.membership):
        raise NotFound(_OVER)
    db.adopt(db.Upkeep(row.cellule_id))
    return row


def _is_still_a_member(membership: Membership) -> bool:
    """Tell whether the person could still sign in: a link outlives neither the account nor the membership."""
    return membership.user.disabled_at is None and holds_on(membership.starts_on, membership.ends_on, clock.today())


def _open_meeting(row: Convocation, *, lock: bool = False) -> Meeting:
    meeting = queries.get_meeting(row, lock=lock)
    if not is_open(meeting.status, cancelled=row.cancelled_at is not None, over=clock.now() >= meeting.ends_at):
        raise NotFound(_OVER)
    return meeting


def _reread(row: Convocation) -> Convocation:
    """Return the row as it is now that the séance is locked."""
    return queries.find_by_id(row.public_id) or row


def _card(row: Convocation, meeting: Meeting) -> Card:
    substitutes = list_substitutes(row, queries.list_mandates(row.seat_id), meeting)
    chosen = {each.membership_id: each.membership.public_id for each in queries.list_mandates(row.seat_id)}
    return Card(
        given_name=row.membership.user.given_name,
        meeting=meeting.public_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        answer=row.answer,
        wish=row.wish,
        substitute=chosen.get(row.substitute_id) if row.substitute_id else None,
        substitutes=substitutes,
        answered_at=row.answered_at,
    )


def _keep(
    actor: Actor | None,
    row: Convocation,
    meeting: Meeting,
    answered: Answer,
    wish: str,
    substitute: str | None,
    channel: AnswerChannel,
) -> None:
    """Write an answer; a suppléant sent is convened, one no longer sent is told so. The séance is locked."""
    row = _reread(row)
    if row.cancelled_at is not None:
        raise RuleViolation(_CLOSED)
    if answered is Answer.OTHER_TIME and not wish:
        raise InvalidInput({"wish": ["Écrivez quel autre horaire vous conviendrait."]})
    chosen = _chosen(row, meeting, substitute) if answered is Answer.SUBSTITUTE else None
    _replace_substitute(meeting, row, chosen)
    row.answer, row.wish = answered, wish if answered is Answer.OTHER_TIME else ""
    row.answered_at, row.channel = clock.now(), channel
    row.read_at = row.read_at or (clock.now() if channel is not AnswerChannel.PHONE else None)
    row.version += 1
    audit.record(actor, "convocation.answer", subject=row, answer=answered.value, channel=channel.value)


def _chosen(row: Convocation, meeting: Meeting, substitute: str | None) -> SeatHolder:
    holders = queries.list_mandates(row.seat_id)
    allowed = list_substitutes(row, holders, meeting)
    if not allowed:
        raise InvalidInput({"answer": ["Aucun suppléant n’est désigné pour ce siège : choisissez une autre réponse."]})
    wanted = substitute or (allowed[0].membership if len(allowed) == 1 else None)
    if wanted not in {each.membership for each in allowed}:
        raise InvalidInput({"substitute": ["Choisissez le suppléant qui vient."]})
    return next(each for each in holders if each.membership.public_id == wanted)


def _replace_substitute(meeting: Meeting, row: Convocation, chosen: SeatHolder | None) -> None:
    membership_id = chosen.membership_id if chosen else None
    if membership_id == row.substitute_id:
        return
    rows = {each.membership_id: each for each in queries.list_convocations(row.cellule_id, row.meeting_id)}
    former = rows.get(row.substitute_id) if row.substitute_id else None
    if former is not None and former.cancelled_at is None and former.seat_id == row.seat_id:
        withdraw(former)
    row.substitute_id = membership_id
    if chosen is None:
        return
    known = rows.get(chosen.membership_id)
    if known is not None and known.cancelled_at is None:
        raise InvalidInput({"substitute": [_TAKEN]})
    seat = rows[row.membership_id].seat
    wanted = Wanted(seat, chosen.membership, row.starts_at, row.ends_at, row.agenda_mark)
    take(meeting, Step(NoticeKind.CONVOCATION, known, wanted))
