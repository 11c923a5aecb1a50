"""When a convocation is answered, reminded of, looked at again: against dates written by hand."""

from datetime import date

import pytest

from pdp.accounts.enums import OrganisationKind
from pdp.convocations.enums import Answer
from pdp.convocations.rules import is_open, is_warned, may_remind, reply_of, working_days_before
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.rules.forecast import AnsweredSeat, Outlook, Reply, forecast_answers
from pdp.meetings.rules.quorum import QuorumRule

COMES, AWAY, UNKNOWN = Reply.COMES, Reply.AWAY, Reply.UNKNOWN
SOCIAL, MEDICAL, CPAM = OrganisationKind.SERVICE_SOCIAL, OrganisationKind.SERVICE_MEDICAL, OrganisationKind.CPAM
SEATS = (("SS 1", SOCIAL), ("SS 2", SOCIAL), ("SM 1", MEDICAL), ("SM 2", MEDICAL), ("CPAM 1", CPAM), ("CPAM 2", CPAM))
RULE = QuorumRule(50, each_service=True)


def seats(replies: str) -> list[AnsweredSeat]:
    """Read six answers in the order of the seats: + comes, - is away, ? has not answered."""
    words = {"+": COMES, "-": AWAY, "?": UNKNOWN}
    return [
        AnsweredSeat(label, service, words[sign], person)
        for person, ((label, service), sign) in enumerate(zip(SEATS, replies, strict=True), start=1)
    ]


@pytest.mark.parametrize(
    ("replies", "outlook", "weak"),
    [
        ("++++++", Outlook.REACHED, ()),
        ("+++++-", Outlook.FRAGILE, ("CPAM 1",)),
        ("+-+-+-", Outlook.FRAGILE, ("SS 1", "SM 1", "CPAM 1")),
        ("??????", Outlook.FRAGILE, ("SS 1", "SS 2", "SM 1", "SM 2", "CPAM 1", "CPAM 2")),
        ("++++??", Outlook.FRAGILE, ("CPAM 1", "CPAM 2")),
        ("++-?++", Outlook.FRAGILE, ("SM 2",)),
        ("++--++", Outlook.NOT_REACHED, ("SM 1", "SM 2")),
        ("++--??", Outlook.NOT_REACHED, ("SM 1", "SM 2")),
        ("+-----", Outlook.NOT_REACHED, ("SM 1", "SM 2", "CPAM 1", "CPAM 2")),
        ("------", Outlook.NOT_REACHED, ("SS 1", "SS 2", "SM 1", "SM 2", "CPAM 1", "CPAM 2")),
        ("+?+?+?", Outlook.FRAGILE, ("SS 1", "SM 1", "CPAM 1")),
        ("+-+-?-", Outlook.FRAGILE, ("CPAM 1",)),
    ],
)
def test_the_forecast_follows_the_answers_and_names_the_weak_seats(
    replies: str, outlook: Outlook, weak: tuple[str, ...]
) -> None:
    found = forecast_answers(RULE, seats(replies))
    assert (found.outlook, found.weak) == (outlook, weak)


@pytest.mark.parametrize(
    ("replies", "sentence"),
    [
        ("++++++", "6 sièges délibératifs sur 6 ont annoncé leur venue ; il en faut 3, avec les trois services."),
        (
            "++-?++",
            "4 sièges délibératifs sur 6 ont annoncé leur venue ; il en faut 3, avec les trois services. "
            "1 siège n’a pas répondu, et le quorum en dépend. À surveiller : SM 2.",
        ),
        (
            "+-----",
            "1 siège délibératif sur 6 a annoncé sa venue ; il en faut 3, avec les trois services. "
            "Même si tous ceux qui n’ont pas répondu viennent, le nombre n’y est pas. "
            "À surveiller : SM 1, SM 2, CPAM 1 et CPAM 2.",
        ),
        (
            "+-+-+-",
            "3 sièges délibératifs sur 6 ont annoncé leur venue ; il en faut 3, avec les trois services. "
            "Une seule absence parmi eux ferait tomber le quorum. À surveiller : SS 1, SM 1 et CPAM 1.",
        ),
    ],
)
def test_the_forecast_is_said_in_words(replies: str, sentence: str) -> None:
    assert forecast_answers(RULE, seats(replies)).sentence.replace("\u00a0", " ") == sentence


def test_a_person_who_takes_no_part_in_a_case_does_not_count_for_it() -> None:
    assert forecast_answers(RULE, seats("++++++"), recused=[3]).outlook is Outlook.FRAGILE
    assert forecast_answers(RULE, seats("++++++"), recused=[3, 4]).outlook is Outlook.NOT_REACHED


def test_without_composition_only_the_number_counts() -> None:
    assert forecast_answers(QuorumRule(50, each_service=False), seats("++--++")).outlook is Outlook.REACHED


@pytest.mark.parametrize(
    ("answer", "substitute", "reply"),
    [
        (None, None, UNKNOWN),
        (Answer.ROOM, None, COMES),
        (Answer.REMOTE, None, COMES),
        (Answer.AWAY, None, AWAY),
        (Answer.OTHER_TIME, None, UNKNOWN),
        (Answer.SUBSTITUTE, None, UNKNOWN),
        (Answer.SUBSTITUTE, Answer.ROOM, COMES),
        (Answer.SUBSTITUTE, Answer.AWAY, AWAY),
        (Answer.SUBSTITUTE, Answer.OTHER_TIME, UNKNOWN),
    ],
)
def test_an_answer_announces_what_the_seat_will_be(
    answer: Answer | None, substitute: Answer | None, reply: Reply
) -> None:
    assert reply_of(answer, substitute) is reply


@pytest.mark.parametrize(
    ("held_on", "count", "expected"),
    [
        (date(2026, 3, 12), 5, date(2026, 3, 6)),  # Thursday; Sunday 8 March is not counted
        (date(2026, 3, 12), 2, date(2026, 3, 10)),
        (date(2026, 4, 7), 2, date(2026, 4, 3)),  # Tuesday after Easter Monday: Saturday then Friday
        (date(2026, 5, 15), 5, date(2026, 5, 7)),  # Ascension on 14 May, 8 May a holiday
    ],
)
def test_warnings_are_counted_back_in_working_days(held_on: date, count: int, expected: date) -> None:
    assert working_days_before(held_on, count) == expected
    assert is_warned(held_on, expected)
    assert not is_warned(held_on, held_on)


@pytest.mark.parametrize(
    ("last", "today", "expected"),
    [
        (None, date(2026, 3, 10), True),
        (date(2026, 3, 10), date(2026, 3, 10), False),
        (date(2026, 3, 10), date(2026, 3, 12), False),
        (date(2026, 3, 10), date(2026, 3, 13), True),
        (date(2026, 3, 6), date(2026, 3, 9), False),  # Friday: Saturday and Monday only
        (date(2026, 3, 6), date(2026, 3, 10), True),
    ],
)
def test_nobody_is_reminded_twice_within_three_working_days(last: date | None, today: date, expected: bool) -> None:
    assert may_remind(last, today) is expected


@pytest.mark.parametrize(
    ("status", "cancelled", "over", "expected"),
    [
        (MeetingStatus.PLANNED, False, False, True),
        (MeetingStatus.PLANNED, True, False, False),
        (MeetingStatus.PLANNED, False, True, False),
        (MeetingStatus.OPEN, False, False, False),
        (MeetingStatus.CLOSED, False, False, False),
        (MeetingStatus.CANCELLED, False, False, False),
    ],
)
def test_a_convocation_is_answered_until_the_seance_opens(
    status: MeetingStatus, cancelled: bool, over: bool, expected: bool
) -> None:
    assert is_open(status, cancelled=cancelled, over=over) is expected
