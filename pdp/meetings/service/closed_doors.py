"""A restricted case on an agenda: somebody who runs séances must be among its readers."""

from collections.abc import Collection

from pdp.accounts import queries as accounts
from pdp.consent.service import CaseKey
from pdp.core import clock
from pdp.core.errors import RuleViolation
from pdp.core.french import weekday
from pdp.meetings import queries
from pdp.policy.roles import Role

_VOTES_NOW = (
    "Le scrutin de ce dossier est ouvert, et cette personne y vote : c’est le vote « Ne prend pas part » qui "
    "enregistre le déport et laisse siéger son suppléant."
)


def on_case_restricted(case: CaseKey, readers: Collection[int]) -> None:
    """Refuse a restriction that would leave a coming item with nobody to present it."""
    coming = queries.lock_coming_items(case.cellule_id, case.case_id)
    if not coming:
        return
    people = accounts.list_people(case.cellule_id, clock.today())
    if any(row.role is Role.COORDINATEUR and row.user_id in readers for row in people):
        return
    _, meeting = coming[0]
    raise RuleViolation(
        f"Ce dossier est inscrit à la séance du {weekday(clock.local(meeting.starts_at).date())} : nommez aussi une "
        "personne de la coordination, qui le présentera à huis clos, ou faites-le d’abord retirer de l’ordre du jour."
    )


def on_case_recused(case: CaseKey, user_id: int) -> str | None:
    """Refuse, in words, a déport that would leave a point with nobody to run it, or a vote without an answer."""
    if queries.votes_now(case.cellule_id, case.case_id, user_id):
        return _VOTES_NOW
    meeting = queries.find_awaiting_meeting(case.cellule_id, case.case_id)
    if meeting is None:
        return None
    runners = {
        row.user_id
        for row in accounts.list_people(case.cellule_id, clock.today())
        if row.role is Role.COORDINATEUR and row.user_id not in queries.recused_users(case.cellule_id, case.case_id)
    }
    if user_id not in runners or len(runners) > 1:
        return None
    return (
        f"Ce dossier est inscrit à la séance du {weekday(clock.local(meeting.starts_at).date())}, et personne d’autre "
        "de la coordination ne pourrait le présenter : faites-le d’abord retirer de l’ordre du jour, ou nommer une "
        "autre personne à la coordination."
    )
