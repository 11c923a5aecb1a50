"""How mails reach a person, and the days when another sits in their place."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pdp.accounts import queries
from pdp.accounts.models import User
from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import InvalidInput
from pdp.notifications import queries as notices
from pdp.notifications.enums import Pace
from pdp.policy.actor import Actor

_LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class OwnMails:
    """What the person chose, when the last mail left to them, and who gets their notices while they are away."""

    user: User
    last_mail_at: datetime | None
    stand_ins: tuple[str, ...]


def read_own_mails(actor: Actor) -> OwnMails:
    """Return the choices of the actor."""
    with db.reading(actor):
        held = queries.list_stand_ins(actor.cellule_id, [actor.user_id], clock.today())
        names = tuple(user.full_name for user in queries.list_users(held.get(actor.user_id, ())))
        return OwnMails(queries.get_user(actor.user_id), notices.last_mail_sent(actor), names)


def choose_mails(
    actor: Actor,
    *,
    mails_about_cases: Pace,
    mails_about_meetings: Pace,
    mails_about_duties: Pace,
    absent_from: date | None = None,
    absent_until: date | None = None,
) -> bool:
    """Keep the choices of the actor. Raises `InvalidInput` on `absent_until`. Returns True."""
    _check_absence(absent_from, absent_until)
    with db.transaction(actor):
        user = queries.get_user(actor.user_id)
        user.mails_about_cases = mails_about_cases
        user.mails_about_meetings = mails_about_meetings
        user.mails_about_duties = mails_about_duties
        user.absent_from, user.absent_until = absent_from, absent_until
        audit.record(
            actor,
            "account.choose_mails",
            cases=mails_about_cases.value,
            meetings=mails_about_meetings.value,
            duties=mails_about_duties.value,
            absence=absent_from is not None,
        )
    return True


def _check_absence(start: date | None, end: date | None) -> None:
    if start is None and end is None:
        return
    if start is None:
        raise InvalidInput({"absent_from": ["Indiquez aussi le premier jour, ou laissez les deux dates vides."]})
    if end is None:
        raise InvalidInput({"absent_until": ["Indiquez aussi le dernier jour, ou laissez les deux dates vides."]})
    if end < start:
        raise InvalidInput({"absent_until": ["Le dernier jour vient avant le premier : corrigez l’une des dates."]})
    if end < clock.today():
        raise InvalidInput({"absent_until": ["Cette absence est passée : laissez les deux dates vides."]})
    if end - start > _LONGEST:
        raise InvalidInput(
            {"absent_until": ["Un an au plus : au-delà, demandez à la coordination de revoir qui occupe le siège."]}
        )
