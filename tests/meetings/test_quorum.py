"""Quorum by number and by composition: every boundary, by hand."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdp.accounts.enums import OrganisationKind, Voice
from pdp.meetings.enums import AttendanceState
from pdp.meetings.rules.quorum import Quorum, QuorumRule, SeatPresence, occupant, quorum

SOCIAL, MEDICAL, CPAM = (
    OrganisationKind.SERVICE_SOCIAL,
    OrganisationKind.SERVICE_MEDICAL,
    OrganisationKind.CPAM,
)
STATES = {
    "P": AttendanceState.PRESENT,
    "D": AttendanceState.PRESENT,
    "S": AttendanceState.PRESENT,
    "B": AttendanceState.PRESENT,
    "A": AttendanceState.ABSENT,
    "E": AttendanceState.EXCUSED,
    "W": AttendanceState.AWAITED,
}


def judge(layout: str, rule: QuorumRule, services: tuple[OrganisationKind, ...] | None = None) -> Quorum:
    """Judge a layout: one letter per deliberative seat, two seats per service unless said.

    P present, A absent, E excused, W awaited, D déport, S déport replaced by the suppléant, B déport of
    the titulaire and of the suppléant, a figure: represented by the seat of that rank.
    """
    kinds = services or (SOCIAL, SOCIAL, MEDICAL, MEDICAL, CPAM, CPAM)
    seats, recused = [], set()
    for rank, (letter, kind) in enumerate(zip(layout, kinds, strict=True), start=1):
        person, substitute = 100 + rank, 200 + rank
        if letter in "DSB":
            recused.add(person)
        if letter == "B":
            recused.add(substitute)
        seats.append(
            SeatPresence(
                seat=rank,
                service=kind,
                voice=Voice.DELIBERATIVE,
                state=STATES.get(letter, AttendanceState.REPRESENTED),
                person=person if letter in "PDSB" else None,
                substitutes=(substitute,) if letter in "SB" else (),
                proxy_seat=int(letter) if letter.isdigit() else None,
            )
        )
    return quorum(rule, seats, recused)


# layout, reached, present, missing services: half of six seats, and each service
DEFAULT_CASES = (
    ("PPPPPP", True, 6, ()),
    ("PPPPPA", True, 5, ()),
    ("PAPAPA", True, 3, ()),
    ("APAPAP", True, 3, ()),
    ("PPPAPD", True, 4, ()),
    ("PPPAPA", True, 4, ()),
    ("PPPPAA", False, 4, (CPAM,)),
    ("PPAAPP", False, 4, (MEDICAL,)),
    ("AAPPPP", False, 4, (SOCIAL,)),
    ("PPPAAA", False, 3, (CPAM,)),
    ("PAPAAA", False, 2, (CPAM,)),
    ("PAAAPA", False, 2, (MEDICAL,)),
    ("PPAAAA", False, 2, (MEDICAL, CPAM)),
    ("PAAAAA", False, 1, (MEDICAL, CPAM)),
    ("AAAAAA", False, 0, (SOCIAL, MEDICAL, CPAM)),
    ("EEEEEE", False, 0, (SOCIAL, MEDICAL, CPAM)),
    ("WWWWWW", False, 0, (SOCIAL, MEDICAL, CPAM)),
    ("PEPWPA", True, 3, ()),
    # A déport deducts the seat…
    ("DDPPPP", False, 4, (SOCIAL,)),
    ("PDPDPD", True, 3, ()),
    ("PDPDDA", False, 2, (CPAM,)),
    ("DAPAPA", False, 2, (SOCIAL,)),
    # … unless a suppléant sits instead.
    ("SAPAPA", True, 3, ()),
    ("SSSSSS", True, 6, ()),
    ("BAPAPA", False, 2, (SOCIAL,)),
    ("SDPAPA", True, 3, ()),
    # A represented seat counts for the number, never for the composition.
    ("P1PAPA", True, 4, ()),
    ("P1P3PA", True, 5, ()),
    ("P1A1PA", False, 3, (MEDICAL,)),
    ("PAPA1A", False, 3, (CPAM,)),
    ("PA1APA", False, 3, (MEDICAL,)),
    # … and only while the one who carries the proxy sits and takes part.
    ("A1PAPA", False, 2, (SOCIAL,)),
    ("D1PAPA", False, 2, (SOCIAL,)),
    ("S1PAPA", True, 3, ()),
    ("PAP2PA", True, 3, ()),
    ("12PAPA", False, 2, (SOCIAL,)),
)


@pytest.mark.parametrize(("layout", "reached", "present", "missing"), DEFAULT_CASES)
def test_the_default_quorum_is_half_of_the_seats_and_each_service(
    layout: str, reached: bool, present: int, missing: tuple[OrganisationKind, ...]
) -> None:
    found = judge(layout, QuorumRule())
    assert (found.reached, found.present, found.required, found.missing_services) == (reached, present, 3, missing)


def _written() -> list[dict[str, str]]:
    with (Path(__file__).parent / "quorum_cases.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


WRITTEN = _written()
LETTERS = {"s": SOCIAL, "m": MEDICAL, "c": CPAM}


@pytest.mark.parametrize("case", WRITTEN, ids=lambda case: f"{case['services']}-{case['percent']}-{case['layout']}")
def test_the_quorum_of_each_written_case(case: dict[str, str]) -> None:
    rule = QuorumRule(percent=int(case["percent"]), each_service=case["each"] == "yes")
    found = judge(case["layout"], rule, tuple(LETTERS[letter] for letter in case["services"]))
    assert (found.reached, found.present, found.represented, found.required, found.recused) == (
        case["reached"] == "yes",
        int(case["present"]),
        int(case["represented"]),
        int(case["required"]),
        int(case["deducted"]),
    )
    assert found.missing_services == tuple(LETTERS[letter] for letter in case["missing"])


def test_the_written_cases_cover_what_they_should(figure: Callable[[str, object], None]) -> None:
    reached = sum(case["reached"] == "yes" for case in WRITTEN)
    letters = {letter for case in WRITTEN for letter in case["layout"]}
    assert letters >= set("PAEWDSB123")
    assert len(WRITTEN) >= 130
    assert min(reached, len(WRITTEN) - reached) >= 40
    figure("quorum.cases", f"{len(WRITTEN)} written cases, {reached} of them reached")


# percent, number of seats, seats required
SHARES = (
    (50, 1, 1),
    (50, 2, 1),
    (50, 3, 2),
    (50, 4, 2),
    (50, 5, 3),
    (50, 6, 3),
    (50, 7, 4),
    (51, 6, 4),
    (34, 6, 3),
    (33, 6, 2),
    (67, 6, 5),
    (66, 6, 4),
    (100, 6, 6),
    (1, 6, 1),
    (0, 6, 1),
    (50, 0, 1),
)


@pytest.mark.parametrize(("percent", "seats", "required"), SHARES)
def test_the_share_of_the_seats_is_rounded_up_and_never_nothing(percent: int, seats: int, required: int) -> None:
    assert QuorumRule(percent=percent).required(seats) == required


NUMBER_ONLY = (
    ("PPPAAA", True, 3),
    ("PPAAAA", False, 2),
    ("P1AAPA", True, 3),
    ("PDPDAA", False, 2),
)


@pytest.mark.parametrize(("layout", "reached", "present"), NUMBER_ONLY)
def test_without_the_composition_only_the_number_counts(layout: str, reached: bool, present: int) -> None:
    found = judge(layout, QuorumRule(each_service=False))
    assert (found.reached, found.present, found.missing_services) == (reached, present, ())


def test_a_cellule_with_five_seats_needs_three() -> None:
    services = (SOCIAL, SOCIAL, MEDICAL, CPAM, CPAM)
    assert judge("PAPPA", QuorumRule(), services).reached
    assert not judge("PAAPA", QuorumRule(), services).reached


def test_consultative_seats_never_count() -> None:
    partner = SeatPresence(9, OrganisationKind.SPST, Voice.CONSULTATIVE, AttendanceState.PRESENT, person=109)
    found = quorum(QuorumRule(each_service=False), [partner])
    assert (found.present, found.required, found.reached) == (0, 1, False)


# Sentences as the console and the minutes show them; « _ » stands for a no-break space.
SENTENCES = (
    (
        "PPPAPD",
        "Quorum atteint_: 4 sièges délibératifs, il en faut 3, et les trois services siègent. Le déport est déduit.",
    ),
    ("PAPAPA", "Quorum atteint_: 3 sièges délibératifs, il en faut 3, et les trois services siègent."),
    (
        "PDPDPP",
        "Quorum atteint_: 4 sièges délibératifs, il en faut 3, et les trois services siègent. "
        "Les 2 déports sont déduits.",
    ),
    (
        "P1PAPA",
        "Quorum atteint_: 4 sièges délibératifs, dont 1 représenté, il en faut 3, et les trois services siègent.",
    ),
    (
        "PPAAPP",
        "Quorum non atteint_: 4 sièges délibératifs, il en faut 3, mais le service médical ne siège pas.",
    ),
    (
        "PPPAAA",
        "Quorum non atteint_: 3 sièges délibératifs, il en faut 3, mais la CPAM ne siège pas.",
    ),
    (
        "PAAAAA",
        "Quorum non atteint_: 1 siège délibératif, il en faut 3. Le service médical et la CPAM ne siègent pas.",
    ),
    (
        "AAAAAA",
        "Quorum non atteint_: 0 siège délibératif, il en faut 3. "
        "Le service social, le service médical et la CPAM ne siègent pas.",
    ),
)


@pytest.mark.parametrize(("layout", "sentence"), SENTENCES)
def test_the_quorum_is_said_in_one_sentence_with_its_figures(layout: str, sentence: str) -> None:
    assert judge(layout, QuorumRule()).sentence == sentence.replace("_", "\u00a0")


def test_the_sentence_without_composition_says_the_number_only() -> None:
    found = judge("PPPAAA", QuorumRule(each_service=False))
    assert found.sentence == "Quorum atteint\u00a0: 3 sièges délibératifs, il en faut 3."


def test_the_suppleant_sits_when_the_titulaire_takes_no_part() -> None:
    seat = SeatPresence(1, SOCIAL, Voice.DELIBERATIVE, AttendanceState.PRESENT, person=10, substitutes=(11, 12))
    assert occupant(seat) == 10
    assert occupant(seat, {10}) == 11
    assert occupant(seat, {10, 11}) == 12
    assert occupant(seat, {10, 11, 12}) is None


LAYOUTS = st.text(alphabet="PAEWDSB", min_size=6, max_size=6)
PROXIES = st.text(alphabet="PAEWDSB123456", min_size=6, max_size=6)


@given(LAYOUTS, st.integers(0, 5))
def test_one_more_person_never_breaks_a_quorum(layout: str, rank: int) -> None:
    before = judge(layout, QuorumRule())
    after = judge(f"{layout[:rank]}P{layout[rank + 1 :]}", QuorumRule())
    assert after.present >= before.present
    assert after.reached or not before.reached


@given(LAYOUTS, st.integers(0, 5))
def test_a_deport_never_makes_a_quorum_nor_lowers_the_number_required(layout: str, rank: int) -> None:
    before = judge(layout, QuorumRule())
    after = judge(f"{layout[:rank]}D{layout[rank + 1 :]}", QuorumRule())
    assert after.required == before.required
    assert before.reached or not after.reached


@given(PROXIES, st.integers(0, 5))
def test_a_deport_never_raises_the_count(layout: str, rank: int) -> None:
    if layout[rank] == "P":
        aside = judge(f"{layout[:rank]}D{layout[rank + 1 :]}", QuorumRule())
        assert aside.present < judge(layout, QuorumRule()).present


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.lists(st.integers(1, 4), max_size=2), st.sets(st.integers(1, 4))),
        min_size=1,
        max_size=6,
    )
)
def test_nobody_is_counted_twice(drawn: list[tuple[int, list[int], set[int]]]) -> None:
    seats = [
        SeatPresence(rank, SOCIAL, Voice.DELIBERATIVE, AttendanceState.PRESENT, person, tuple(others))
        for rank, (person, others, _) in enumerate(drawn, start=1)
    ]
    recused = drawn[0][2]
    people = {person for each, others, _ in drawn for person in (each, *others)} - recused
    assert quorum(QuorumRule(), seats, recused).present <= len(people)


@given(PROXIES)
def test_a_represented_seat_needs_somebody_who_sits_and_each_carries_one(layout: str) -> None:
    found = judge(layout, QuorumRule())
    assert found.represented <= layout.count("P")
    assert found.present <= 2 * sum(letter in "PS" for letter in layout)


@given(LAYOUTS)
def test_the_sentence_always_agrees_with_the_answer(layout: str) -> None:
    found = judge(layout, QuorumRule())
    assert found.sentence.startswith("Quorum atteint" if found.reached else "Quorum non atteint")
    assert f"{found.present} siège" in found.sentence
    assert f"il en faut {found.required}" in found.sentence
