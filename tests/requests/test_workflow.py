"""The life cycle of a request, status by status, against a table written by hand."""

import itertools

import pytest

from pdp.core.errors import RuleViolation
from pdp.policy.permissions import Permission
from pdp.requests.enums import RequestAction, RequestStatus
from pdp.requests.rules import workflow

# status: what each possible action leads to.
TABLE = {
    "PROPOSED": {"confirm": "DRAFT", "decline": "DECLINED", "withdraw": "WITHDRAWN"},
    "DRAFT": {"submit": "READY", "withdraw": "WITHDRAWN"},
    "READY": {"reopen": "DRAFT", "schedule": "SCHEDULED", "withdraw": "WITHDRAWN"},
    "SCHEDULED": {
        "unschedule": "READY",
        "give_opinion": "OPINION_GIVEN",
        "adjourn": "ADJOURNED",
        "reorient": "REORIENTED",
    },
    "OPINION_GIVEN": {
        "come_back": "READY",
        "decide": "DECIDED",
        "refuse": "REFUSED",
        "correct_to_adjourned": "ADJOURNED",
        "correct_to_reoriented": "REORIENTED",
    },
    "ADJOURNED": {
        "reopen": "DRAFT",
        "schedule": "SCHEDULED",
        "withdraw": "WITHDRAWN",
        "correct_to_opinion": "OPINION_GIVEN",
        "correct_to_reoriented": "REORIENTED",
    },
    "DECIDED": {"start": "RUNNING", "withdraw": "WITHDRAWN"},
    "REFUSED": {},
    "RUNNING": {"end": "ENDED"},
    "ENDED": {},
    "REORIENTED": {"correct_to_opinion": "OPINION_GIVEN", "correct_to_adjourned": "ADJOURNED"},
    "WITHDRAWN": {},
    "DECLINED": {},
}


@pytest.mark.parametrize(("status", "action"), list(itertools.product(RequestStatus, RequestAction)))
def test_every_action_in_every_status_moves_or_is_refused_in_french(
    status: RequestStatus, action: RequestAction
) -> None:
    expected = TABLE[status.value].get(action.value)
    if expected:
        assert workflow.move(status, action).target.value == expected
        assert workflow.can_move(status, action)
        return
    assert not workflow.can_move(status, action)
    with pytest.raises(RuleViolation) as refusal:
        workflow.move(status, action)
    assert action.label in refusal.value.message
    assert refusal.value.message.endswith(".")
    assert len(refusal.value.message.split(". ")) >= 2


def test_only_the_caisse_decides_and_only_the_coordinator_gives_the_opinion() -> None:
    permissions = {
        action: {move.permission for (_, each), move in workflow.MOVES.items() if each is action}
        for action in RequestAction
    }
    assert permissions[RequestAction.DECIDE] == permissions[RequestAction.REFUSE] == {Permission.DECISION_RECORD}
    assert permissions[RequestAction.GIVE_OPINION] == permissions[RequestAction.SCHEDULE] == {Permission.MEETING_RUN}
    assert permissions[RequestAction.SUBMIT] == {Permission.REQUEST_WRITE}


@pytest.mark.parametrize("status", RequestStatus)
def test_what_is_asked_changes_only_before_it_is_ready(status: RequestStatus) -> None:
    if status.value in {"PROPOSED", "DRAFT", "ADJOURNED"}:
        workflow.ensure_editable(status)
    else:
        with pytest.raises(RuleViolation):
            workflow.ensure_editable(status)


@pytest.mark.parametrize("status", RequestStatus)
def test_pieces_change_until_the_opinion(status: RequestStatus) -> None:
    if status.value in {"PROPOSED", "DRAFT", "READY", "SCHEDULED", "ADJOURNED"}:
        workflow.ensure_open(status)
    else:
        with pytest.raises(RuleViolation, match="figé"):
            workflow.ensure_open(status)
