"""How each kind of request is dealt with, told in the words of `steps`."""

from collections.abc import Callable, Mapping
from itertools import zip_longest
from types import MappingProxyType

from tests.journeys.great_seance import steps
from tests.journeys.great_seance.agenda import Point, Way
from tests.journeys.great_seance.cast import CARRIER, LATE, PARTNERS
from tests.journeys.great_seance.screens import Phone
from tests.journeys.great_seance.stage import Stage

# Seven seats of the services deliberate, one of them represented.
DELIBERATIVE = 7
RECUSED_SEAT = "sm1"
CONDITION = "Entretien d’orientation avec Cap emploi d’abord."
REASON = "Le financement n’est pas établi."
AWAITED = "L’accord écrit de l’employeur."
FIRST_NOTE = "Le service médical demande un entretien d’abord."
SECOND_NOTE = "Le service social accompagne le projet jusqu’au bout."

Answers = Callable[[str], tuple[str, str]]


def voters_on(stage: Stage, point: Point) -> list[Phone]:
    """Return the phones that a ballot on a point concerns."""
    away = {LATE} if LATE not in stage.arrived else set()
    return [
        phone
        for seat, phone in stage.phones.items()
        if seat not in away and (seat not in PARTNERS or seat in point.shared)
    ]


def seats_on(stage: Stage, point: Point) -> int:
    """Return how many seats a ballot on a point counts."""
    present = set(point.shared) - ({LATE} if LATE not in stage.arrived else set())
    return DELIBERATIVE + len(present)


def agreed(stage: Stage, point: Point) -> None:
    """An opinion proposed without a vote, and nobody asks for one."""
    voters = voters_on(stage, point)
    steps.open_ballot(stage, point, "CONSENSUS", voters)
    steps.close_ballot(stage, point, "CONSENSUS", voters)
    steps.give_opinion(stage, point, "Favorable", voters)


def noted(stage: Stage, point: Point) -> None:
    """Two secretaries type in the same note; then phones vote, one of them with a condition."""
    _two_write(stage, point)
    given = {"cp1": ("Pour, sous conditions", CONDITION)}
    _named(stage, point, lambda seat: given.get(seat, ("Pour", "")), "Favorable sous réserve")


def recused(stage: Stage, point: Point) -> None:
    """A member says that it takes no part: its phone is told nothing of the case any more."""
    console = stage.console
    console.wait_for_focus("Ouvrir le scrutin")
    console.press("d")
    console.wait_for_focus("Qui se déporte")
    console.go_down_to("Service médical, siège 1")
    console.press("Tab", "Space", "Enter")
    console.wait_for_focus("Revenir à la console")
    console.press("Enter")
    console.wait_for_focus("Ouvrir le scrutin")
    voters = [phone for phone in voters_on(stage, point) if phone.seat != RECUSED_SEAT]
    steps.open_ballot(stage, point, "NAMED", voters)
    steps.all_for(stage, DELIBERATIVE - 1)
    steps.close_ballot(stage, point, "NAMED", voters)
    steps.give_opinion(stage, point, "Favorable", voters)
    assert point.reference not in stage.phones[RECUSED_SEAT].text()


def first_solution(stage: Stage, point: Point) -> None:
    """Two requests of one case are tied together; the first one is voted on."""
    stage.console.wait_for_focus("Ouvrir le scrutin")
    stage.console.press("n")
    stage.console.wait_for_focus("Autre solution")
    stage.console.press("Tab", "Enter")
    stage.console.shows("Autres solutions pour ce dossier")
    typed(stage, point)


def other_solution(stage: Stage, point: Point) -> None:
    """The other one has no object any more: the console proposes to say so."""
    steps.give_opinion(stage, point, "Sans objet", [])


def typed(stage: Stage, point: Point) -> None:
    """Votes said aloud: all *pour*, then the second seat corrected."""
    voters = voters_on(stage, point)
    steps.open_ballot(stage, point, "NAMED", voters)
    steps.all_for(stage, seats_on(stage, point))
    console = stage.console
    console.wait_for_focus("Clore le scrutin")
    console.press("2")
    console.shows("à saisir")
    stage.follow("correct", lambda: console.press("a"), {console: "6 pour ; 0 contre ; 1 abstention"})
    stage.votes += 1
    steps.close_ballot(stage, point, "NAMED", voters)
    steps.give_opinion(stage, point, "Favorable", voters)


def adjourned(stage: Stage, point: Point) -> None:
    """No vote: what is missing is written down, and the case will come back."""
    console = stage.console
    console.wait_for_focus("Ouvrir le scrutin")
    console.press("e")
    console.wait_for_focus("code")
    console.press("Tab")
    console.wait_for_focus("Ce qui manque")
    console.type(AWAITED)
    console.tab_to("Ajourner")
    steps.give_opinion(stage, point, "Ajourné", [], focus="Ajourner")


def at_once(stage: Stage, point: Point) -> None:
    """Every phone votes at the same instant, one of them for a second seat by proxy."""
    given = {"sm1": ("Contre", REASON), "ss2": ("Abstention", ""), "mdph": ("Abstention", "")}
    _named(stage, point, lambda seat: given.get(seat, ("Pour", "")), "Favorable", proxy=True)


def secret(stage: Stage, point: Point) -> None:
    """A secret ballot: the phones of the services alone, and the silent seats said to be so."""
    voters = [phone for phone in voters_on(stage, point) if phone.seat not in PARTNERS]
    steps.open_ballot(stage, point, "SECRET", voters)
    answers = {phone: ("Contre" if phone.seat == "sm1" else "Pour", "") for phone in voters}
    steps.vote_at_once(stage, point, answers, DELIBERATIVE)
    _by_proxy(stage, point, len(voters), DELIBERATIVE)
    steps.close_ballot(stage, point, "SECRET", voters, missing=True)
    steps.give_opinion(stage, point, "Favorable", voters)


def rejected(stage: Stage, point: Point) -> None:
    """Those who vote on their phones are against; the opinion needs its reasons."""
    _vote_by_name(stage, point, lambda _seat: ("Contre", REASON))
    console = stage.console
    console.wait_for_focus("code")
    console.tab_to("reasons")
    console.type(REASON)
    console.tab_to("Enregistrer l’avis")
    steps.give_opinion(stage, point, "Défavorable", voters_on(stage, point), focus="Enregistrer l’avis")


def contested(stage: Stage, point: Point) -> None:
    """An agreement is proposed; a member asks for a vote on its phone, and the ballot becomes a named one."""
    voters = voters_on(stage, point)
    steps.open_ballot(stage, point, "CONSENSUS", voters)
    asking, *others = voters
    stage.follow(
        f"vote asked on {point.position}",
        asking.ask_for_a_vote,
        {stage.console: "Scrutin nominatif.*Tous pour", stage.room: "Scrutin ouvert : 0 vote reçu"}
        | dict.fromkeys(others, "Enregistrer mon vote"),
    )
    steps.all_for(stage, seats_on(stage, point))
    steps.close_ballot(stage, point, "NAMED", voters)
    steps.give_opinion(stage, point, "Favorable", voters)


def _named(stage: Stage, point: Point, answers: Answers, opinion: str, *, proxy: bool = False) -> None:
    _vote_by_name(stage, point, answers, proxy=proxy)
    steps.give_opinion(stage, point, opinion, voters_on(stage, point))


def _vote_by_name(stage: Stage, point: Point, answers: Answers, *, proxy: bool = False) -> None:
    voters, seats = voters_on(stage, point), seats_on(stage, point)
    steps.open_ballot(stage, point, "NAMED", voters)
    steps.vote_at_once(stage, point, {phone: answers(phone.seat) for phone in voters}, seats)
    given = len(voters)
    if proxy:
        given = _by_proxy(stage, point, given, seats)
    steps.all_for(stage, seats, given)
    steps.close_ballot(stage, point, "NAMED", voters)


def _by_proxy(stage: Stage, point: Point, given: int, seats: int) -> int:
    """Have the phone that carries a proxy vote for the seat that is away; return how many have voted then."""
    stage.follow(
        f"proxy vote on {point.position}",
        lambda: stage.phones[CARRIER].vote_for_the_represented("Pour"),
        {stage.console: steps.received(given + 1, seats)},
    )
    stage.votes += 1
    return given + 1


def _two_write(stage: Stage, point: Point) -> None:
    """Have both consoles type in the note of the same case, word after word, and check that neither loses one."""
    stage.console.wait_for_focus("Ouvrir le scrutin")
    steps.go_to_presented(stage, point)
    hands = (stage.console, stage.second)
    for console in hands:
        console.press("m")
    for words in zip_longest(FIRST_NOTE.split(), SECOND_NOTE.split(), fillvalue=""):
        for console, word in zip(hands, words, strict=True):
            console.type(f"{word} " if word else "")
    for console in hands:
        console.note_holds(FIRST_NOTE, SECOND_NOTE)
        console.press("Escape")


DEALT_WITH: Mapping[Way, Callable[[Stage, Point], None]] = MappingProxyType(
    {
        Way.AGREED: agreed,
        Way.NOTED: noted,
        Way.RECUSED: recused,
        Way.FIRST_SOLUTION: first_solution,
        Way.OTHER_SOLUTION: other_solution,
        Way.ADJOURNED: adjourned,
        Way.AT_ONCE: at_once,
        Way.SECRET: secret,
        Way.REJECTED: rejected,
        Way.CONTESTED: contested,
        Way.ASKED: typed,
        Way.ADDED: typed,
    }
)
