"""The requests of a case on its « parcours de l’arrêt »."""

from datetime import date

import pytest

from pdp.cases.rules.timeline import Certainty
from pdp.requests.enums import RequestStatus
from pdp.requests.rules.marks import marks_of
from pdp.requests.rules.panel import RequestLine

TODAY = date(2026, 3, 3)
PAST, AHEAD = (date(2026, 2, 16), date(2026, 2, 20)), (date(2026, 3, 16), date(2026, 3, 25))


def line(status: RequestStatus, start: date | None, end: date | None) -> RequestLine:
    return RequestLine("id", "Essai encadré", status, start, end, "")


@pytest.mark.parametrize(
    ("status", "period", "certainty"),
    [
        (RequestStatus.DECIDED, PAST, Certainty.DONE),
        (RequestStatus.ENDED, PAST, Certainty.DONE),
        (RequestStatus.DECIDED, AHEAD, Certainty.PLANNED),
        (RequestStatus.DRAFT, AHEAD, Certainty.ASKED),
        (RequestStatus.SCHEDULED, PAST, Certainty.ASKED),
        (RequestStatus.OPINION_GIVEN, AHEAD, Certainty.ASKED),
    ],
)
def test_the_line_says_how_certain_the_measure_is(
    status: RequestStatus, period: tuple[date, date], certainty: Certainty
) -> None:
    (mark,) = marks_of([line(status, *period)], TODAY)
    assert (mark.start, mark.end, mark.certainty) == (*period, certainty)


@pytest.mark.parametrize("status", [RequestStatus.REFUSED, RequestStatus.WITHDRAWN, RequestStatus.REORIENTED])
def test_what_will_not_happen_is_not_drawn(status: RequestStatus) -> None:
    assert marks_of([line(status, *AHEAD)], TODAY) == []


def test_a_request_without_dates_is_not_drawn_and_the_others_come_in_order() -> None:
    found = marks_of(
        [
            line(RequestStatus.DRAFT, *AHEAD),
            line(RequestStatus.DRAFT, None, None),
            line(RequestStatus.ENDED, *PAST),
        ],
        TODAY,
    )
    assert [mark.start for mark in found] == [PAST[0], AHEAD[0]]
