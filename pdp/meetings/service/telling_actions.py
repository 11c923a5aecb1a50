"""Tell of conditions lifted, of requests that come back, and of things to do that are late: neutral notices."""

from collections.abc import Collection

from pdp.accounts import queries as accounts
from pdp.cases.queries import list_answerers
from pdp.core import clock
from pdp.meetings import queries
from pdp.meetings.models import Action
from pdp.meetings.rules.escalation import Step
from pdp.notifications import service as notifications
from pdp.notifications.enums import NoticeKind
from pdp.policy.permissions import GRANTS, Permission
from pdp.policy.roles import Role
from pdp.requests.models import DispositifRequest

_DECIDERS = GRANTS[Permission.DECISION_RECORD]
_COORDINATION = frozenset({Role.COORDINATEUR})


def tell_lifted(request: DispositifRequest, but: int | None) -> None:
    """Tell those who decide, the coordination and who answers for the case that no reserve is left."""
    _tell(request, NoticeKind.RESERVE_LIFTED, _COORDINATION | _DECIDERS, but)


def tell_complete(request: DispositifRequest, but: int | None) -> None:
    """Tell the coordination and who answers for the case that what was awaited is there."""
    _tell(request, NoticeKind.REQUEST_COMPLETE, _COORDINATION, but)


def tell_returned(request: DispositifRequest, but: int | None) -> None:
    """Tell the coordination, those who decide and who answers for the case that a request is to be tabled again."""
    _tell(request, NoticeKind.REQUEST_RETURNED, _COORDINATION | _DECIDERS, but)


def remind_late(action: Action, step: Step) -> int:
    """Remind those of a step, within the limits of reminders; return how many were."""
    called = notifications.remind(
        _called(action, step),
        NoticeKind.ACTION_LATE,
        cellule_id=action.cellule_id,
        case_id=action.case_id,
        link=f"/actions/{action.public_id}",
    )
    return len(called)


def _called(action: Action, step: Step) -> frozenset[int]:
    """Return the people of a step: of the owner, then the coordination as well, then those who manage the owner.

    A partner is called only while the case is shared with it; one without anybody but managers is called by them.
    """
    people = accounts.list_people(action.cellule_id, clock.today())
    told = {each.user_id for each in people if step >= Step.COORDINATION and each.role in _COORDINATION}
    if queries.may_be_called(action.cellule_id, action.case_id, action.owner):
        own = [each for each in people if each.organisation_id == action.owner_organisation_id]
        managing = {each.user_id for each in own if each.is_org_manager or each.role is Role.MANAGER}
        others = {each.user_id for each in own} - managing
        told |= others | (managing if step >= Step.MANAGER or not others else set())
    return frozenset(told)


def _tell(request: DispositifRequest, kind: NoticeKind, roles: Collection[Role], but: int | None) -> None:
    people = accounts.list_people(request.cellule_id, clock.today())
    told = {each.user_id for each in people if each.role in roles} | set(list_answerers(request.case, clock.today()))
    notifications.notify(
        told - {but},
        kind,
        cellule_id=request.cellule_id,
        case_id=request.case_id,
        link=f"/demandes/{request.public_id}",
    )
