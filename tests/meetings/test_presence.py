"""Who sat when, from the history of a seat: written by hand, minute by minute."""

from datetime import UTC, datetime, timedelta

import pytest

from pdp.meetings.enums import AttendanceMode, AttendanceState, PresenceKind
from pdp.meetings.rules.presence import Event, Share, next_kind, share, standing, stays

START = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)
KINDS = {
    "arr": PresenceKind.ARRIVED,
    "dep": PresenceKind.LEFT,
    "ret": PresenceKind.RETURNED,
    "sup": PresenceKind.SUBSTITUTED,
    "mode": PresenceKind.MODE,
    "exc": PresenceKind.EXCUSED,
    "abs": PresenceKind.ABSENT,
    "rep": PresenceKind.REPRESENTED,
    "end": PresenceKind.PROXY_ENDED,
    "cor": PresenceKind.CORRECTED,
}


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def history(text: str) -> list[Event]:
    """Read « arr 0 10 @1 » lines: kind, minute, person, item; « cor 9 !2 » corrects the second line."""
    events = []
    for number, line in enumerate(filter(None, (part.strip() for part in text.split(";"))), start=1):
        kind, minute, *more = line.split()
        person = next((int(word) for word in more if word.isdigit()), None)
        item = next((int(word[1:]) for word in more if word[0] == "@"), None)
        corrects = next((int(word[1:]) for word in more if word[0] == "!"), None)
        mode = AttendanceMode.VIDEO if kind == "mode" else AttendanceMode.ROOM
        events.append(Event(number, 1, KINDS[kind], at(int(minute)), person, mode, None, item, corrects))
    return events


# history → stays: person, from, until (None: still there)
STAYS = (
    ("", ()),
    ("arr 0 7", ((7, 0, None),)),
    ("arr 0 7; dep 20 7", ((7, 0, 20),)),
    ("arr 9 7 @3; dep 20 7 @5; ret 31 7 @7", ((7, 9, 20), (7, 31, None))),
    ("arr 0 7; dep 5; ret 6 7; dep 9; ret 12 7; dep 15", ((7, 0, 5), (7, 6, 9), (7, 12, 15))),
    ("arr 0 7; mode 8 7", ((7, 0, None),)),
    ("arr 0 7; sup 10 8", ((7, 0, 10), (8, 10, None))),
    ("arr 0 7; sup 10 8; sup 20 7", ((7, 0, 10), (8, 10, 20), (7, 20, None))),
    ("exc 0", ()),
    ("exc 0; arr 10 7 @2", ((7, 10, None),)),
    ("arr 0 7; rep 10", ((7, 0, 10),)),
    ("rep 0; end 10; arr 20 7", ((7, 20, None),)),
    # What a later line corrects never happened, and the correction neither.
    ("arr 0 7; dep 10 7; cor 11 !2", ((7, 0, None),)),
    ("arr 0 7; sup 10 8; cor 11 !2; dep 30 7", ((7, 0, 30),)),
    ("arr 0 7; cor 1 !1", ()),
    ("arr 0 7; cor 1 !1; arr 5 8", ((8, 5, None),)),
    ("dep 5 7", ()),
)


@pytest.mark.parametrize(("text", "expected"), STAYS)
def test_the_stays_of_a_seat(text: str, expected: tuple[tuple[int, int, int | None], ...]) -> None:
    found = [(stay.person, stay.since, stay.until) for stay in stays(history(text))]
    assert found == [(who, at(since), None if until is None else at(until)) for who, since, until in expected]


def test_a_stay_knows_under_which_items_it_began_and_ended() -> None:
    first, second = stays(history("arr 9 7 @3; dep 20 7 @5; ret 31 7 @7"))
    assert (first.since_item, first.until_item, second.since_item, second.until_item) == (3, 5, 7, None)
    assert [stay.takes_over for stay in stays(history("arr 0 7; sup 10 8"))] == [False, True]


# history, start and end of the item (None: it still goes on) → how much of it somebody sat through
SHARES = (
    ("", 10, 20, Share.NONE),
    ("exc 0", 10, 20, Share.NONE),
    ("arr 0 7", 10, 20, Share.WHOLE),
    ("arr 0 7", 10, None, Share.WHOLE),
    ("arr 10 7", 10, 20, Share.WHOLE),
    ("arr 11 7", 10, 20, Share.PART),
    ("arr 19 7", 10, 20, Share.PART),
    ("arr 20 7", 10, 20, Share.NONE),
    ("arr 25 7", 10, 20, Share.NONE),
    ("arr 25 7", 10, None, Share.PART),
    ("arr 0 7; dep 9", 10, 20, Share.NONE),
    ("arr 0 7; dep 10", 10, 20, Share.NONE),
    ("arr 0 7; dep 11", 10, 20, Share.PART),
    ("arr 0 7; dep 20", 10, 20, Share.WHOLE),
    ("arr 0 7; dep 12; ret 15 7", 10, 20, Share.PART),
    ("arr 0 7; dep 12; ret 25 7", 10, 20, Share.PART),
    ("arr 0 7; dep 5; ret 25 7", 10, 20, Share.NONE),
    ("arr 0 7; sup 15 8", 10, 20, Share.WHOLE),
    ("arr 0 7; sup 15 8; dep 18", 10, 20, Share.PART),
    ("arr 0 7; dep 15; cor 16 !2", 10, 20, Share.WHOLE),
    ("arr 0 7; rep 15", 10, 20, Share.PART),
    ("arr 0 7; rep 5", 10, 20, Share.NONE),
)


@pytest.mark.parametrize(("text", "start", "end", "expected"), SHARES)
def test_who_sat_during_an_item(text: str, start: int, end: int | None, expected: Share) -> None:
    assert share(history(text), at(start), None if end is None else at(end)) is expected


# history → state, person, arrived at (None: from the start), left at
STANDINGS = (
    ("", "AWAITED", None, None, None),
    ("arr 0 7", "PRESENT", 7, None, None),
    ("arr 9 7 @3", "PRESENT", 7, 9, None),
    ("arr 0 7; dep 20", "PRESENT", 7, None, 20),
    ("arr 0 7; dep 20; ret 30 7 @4", "PRESENT", 7, 30, None),
    ("arr 0 7; dep 20; cor 21 !2", "PRESENT", 7, None, None),
    ("exc 0", "EXCUSED", None, None, None),
    ("abs 0", "ABSENT", None, None, None),
    ("rep 0", "REPRESENTED", None, None, None),
    ("rep 0; end 5", "ABSENT", None, None, None),
    ("rep 0; end 5; cor 6 !2", "REPRESENTED", None, None, None),
    ("exc 0; cor 1 !1", "AWAITED", None, None, None),
)


@pytest.mark.parametrize(("text", "state", "person", "arrived", "left"), STANDINGS)
def test_where_a_seat_stands(text: str, state: str, person: int | None, arrived: int | None, left: int | None) -> None:
    found = standing(history(text))
    assert (found.state, found.person) == (AttendanceState(state), person)
    assert found.arrived_at == (None if arrived is None else at(arrived))
    assert found.left_at == (None if left is None else at(left))


@pytest.mark.parametrize(
    ("text", "person", "expected"),
    [
        ("", 7, "ARRIVED"),
        ("exc 0", 7, "ARRIVED"),
        ("arr 0 7; dep 5", 7, "RETURNED"),
        ("arr 0 7; dep 5", 8, "ARRIVED"),
        ("arr 0 7", 8, "SUBSTITUTED"),
        ("arr 0 7", 7, "MODE"),
        ("arr 0 7; cor 1 !1", 7, "ARRIVED"),
    ],
)
def test_what_it_is_called_when_somebody_sits(text: str, person: int, expected: str) -> None:
    assert next_kind(history(text), person) is PresenceKind(expected)
