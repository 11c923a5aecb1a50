"""Every word that a person may meet as a state has a shape."""

import pytest

from pdp.cases.enums import Stage
from pdp.dispositifs.enums import AgreementState, DocumentState, Verdict
from pdp.meetings.enums import (
    ActionState,
    AttendanceState,
    BallotStatus,
    DecisionOutcome,
    MeetingStatus,
    OpinionCode,
    ReserveState,
    VoteValue,
)
from pdp.requests.enums import PieceState, RequestStatus
from pdp.web.states import STATES


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("agreement", AgreementState),
        ("attendance", AttendanceState),
        ("ballot", BallotStatus),
        ("case", Stage),
        ("decision", DecisionOutcome),
        ("document", DocumentState),
        ("meeting", MeetingStatus),
        ("opinion", OpinionCode),
        ("piece", PieceState),
        ("request", RequestStatus),
        ("reserve", ReserveState),
        ("task", ActionState),
        ("verdict", Verdict),
        ("vote", VoteValue),
    ],
)
def test_each_code_of_the_field_has_a_state(family: str, codes: list[str]) -> None:
    assert [code for code in codes if f"{family}.{code}" not in STATES] == []
