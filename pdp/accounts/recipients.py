"""To whom a notice may go today: the account is active and the membership holds."""

from collections.abc import Collection, Mapping, Sequence

from pdp.accounts import queries, service
from pdp.core import clock, db
from pdp.core.scope import Scope, Upkeep
from pdp.notifications.directory import Reach, Recipient
from pdp.notifications.enums import Family


def find_recipient(user_id: int, cellule_id: int) -> Recipient | None:
    """Return the address of a person and what they are in a cellule today; None for a closed account."""
    with db.reading():
        held = [m for m in queries.list_memberships(user_id, clock.today()) if m.cellule_id == cellule_id]
    if not held or held[0].user.disabled_at is not None:
        return None
    return Recipient(held[0].user.email, tuple(service.build_actor(membership) for membership in held))


def find_reach(cellule_id: int, user_ids: Collection[int]) -> Mapping[int, Reach]:
    """Return how to tell people, and those who sit in the place of the absent. One statement, three when some are."""
    today = clock.today()
    with db.reading():
        users = {user.id: user for user in queries.list_users(user_ids)}
        away = frozenset(user.id for user in users.values() if user.is_absent(today))
        instead = queries.list_stand_ins(cellule_id, away, today) if away else {}
        others = {stand_in for found in instead.values() for stand_in in found} - users.keys()
        users |= {user.id: user for user in queries.list_users(others)} if others else {}
    # Who is away as well sits in nobody's place.
    here = {user.id for user in users.values() if not user.is_absent(today) and user.disabled_at is None}
    return {
        user.id: Reach(
            paces={
                Family.CASES: user.mails_about_cases,
                Family.MEETINGS: user.mails_about_meetings,
                Family.DUTIES: user.mails_about_duties,
            },
            absent=user.is_absent(today),
            stand_ins=tuple(sorted(set(instead.get(user.id, ())) & here)),
        )
        for user in users.values()
    }


def list_scopes() -> Sequence[Scope]:
    """Return one scope per cellule."""
    with db.reading():
        return [Upkeep(cellule_id) for cellule_id in queries.list_cellule_ids()]
