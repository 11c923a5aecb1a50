"""The words in which the séance is told: each is one act by the keyboard, seen by everybody before the next."""

from tests.journeys.great_seance.agenda import Point
from tests.journeys.great_seance.cast import LATE, NUMBERS, PARTNERS, REPRESENTED
from tests.journeys.great_seance.screens import Phone
from tests.journeys.great_seance.stage import Stage

_STEPS_TO_MODE = {"NAMED": 0, "CONSENSUS": 1, "SECRET": 2}


def open_the_seance(stage: Stage) -> None:
    """Open, note who is away, who is represented, everybody else present; come back to the console."""
    console = stage.console
    for words in ("Ouvrir la séance", "Ouvrir la séance"):
        console.wait_for_focus(words)
        console.press("Enter")
    console.wait_for_focus("Noter présents tous les titulaires")
    _note_presence(stage, LATE, "E")
    console.shows("Cap emploi.*excusé")
    console.press("t")
    console.shows("Quorum atteint : 7 sièges")
    _note_presence(stage, REPRESENTED, "R", carrier="CPAM, siège 1")
    console.shows("CPAM, siège 2.{0,60}représenté")
    console.press("g")
    console.shows("Ordre du jour")


def welcome_the_late_partner(stage: Stage) -> None:
    """Note an arrival in the middle of the séance."""
    stage.console.press("g")
    stage.console.shows("Quorum")
    _note_presence(stage, LATE, "P")
    stage.arrived.add(LATE)
    stage.console.shows("Cap emploi.{0,60}arrivée à")
    stage.console.press("g")
    stage.console.shows("Ordre du jour")


def take_a_break(stage: Stage, point: Point) -> None:
    """Suspend the séance for five minutes, then take it up again."""
    stage.console.press("x")
    stage.console.wait_for_focus("5 min")
    stage.follow(
        "suspend",
        lambda: stage.console.press("Enter"),
        {stage.console: "Séance suspendue", stage.room: "Séance suspendue"},
    )
    stage.console.wait_for_focus("Dossier suivant à traiter")
    stage.follow("resume", lambda: stage.console.press("x"), {stage.room: f"{point.reference} ·"})
    stage.console.wait_for_focus("Dossier suivant à traiter")


def _note_presence(stage: Stage, seat: str, letter: str, carrier: str = "") -> None:
    """Call the line of a seat by its number, choose how it is held, and save."""
    console = stage.console
    console.press(*str(NUMBERS[seat]))
    console.wait_for_focus("Présence")
    console.type(letter)
    console.press("Tab", "Tab")
    console.wait_for_focus("Représenté par")
    if carrier:
        console.go_down_to(carrier)
    console.press("Tab", "Enter")


def present(stage: Stage, point: Point) -> None:
    """Bring a point before the room, from the act that the console proposes."""
    stage.follow(
        f"present {point.position}",
        lambda: stage.console.press("Enter"),
        {
            stage.console: f"^(?!.*La salle ne voit pas).*Dossier {point.reference}, scrutin à ouvrir",
            stage.second: f"point {point.position}, présenté|Dossier {point.reference}, scrutin",
            stage.room: f"{point.reference} ·",
        },
    )
    # The page proposes its next act: it listens to the keys.
    stage.console.wait_for_focus("")


def open_ballot(stage: Stage, point: Point, mode: str, voters: list[Phone]) -> None:
    """Put the question in a way of voting chosen by the arrows."""
    console = stage.console
    if _STEPS_TO_MODE[mode]:
        console.press("v", *["ArrowDown"] * _STEPS_TO_MODE[mode])
    ask = "Demander un vote" if mode == "CONSENSUS" else "Enregistrer mon vote"
    stage.follow(
        f"open {point.position}",
        lambda: console.press("o"),
        {
            console: "Scrutin ouvert : 0 vote reçu",
            stage.second: f"{point.reference} · [^·]*scrutin ouvert",
            stage.room: f"{point.reference} .*(La présidence propose|Scrutin ouvert : 0 vote reçu)",
        }
        | dict.fromkeys(voters, f"{point.reference}.*{ask}"),
    )


def vote_at_once(stage: Stage, point: Point, answers: dict[Phone, tuple[str, str]], seats: int) -> None:
    """Have every phone vote at the same instant; `seats` is the whole electorate, the room counts who deliberates."""
    for phone, (answer, text) in answers.items():
        phone.prepare(answer, text)
    count = sum(phone.seat not in PARTNERS for phone in answers)
    stage.follow(
        f"votes on {point.position}",
        lambda: stage.at_once(list(answers)),
        {
            stage.console: received(len(answers), seats),
            stage.room: received(count),
        }
        | dict.fromkeys(answers, "Modifier mon vote|Vous avez voté"),
    )


def all_for(stage: Stage, seats: int, already: int = 0) -> None:
    """Type *pour* for every seat that has not answered."""
    stage.votes += seats - already
    stage.follow(
        "all for",
        lambda: stage.console.press("t"),
        {stage.console: received(seats, seats)},
    )


def close_ballot(stage: Stage, point: Point, mode: str, voters: list[Phone], *, missing: bool = False) -> None:
    """Close the ballot; while votes are missing the console asks once more."""
    if missing:
        stage.console.press("f")
        stage.console.wait_for_focus("Clore quand même")
    said = {
        "NAMED": "Votes nominatifs, scrutin clos",
        "CONSENSUS": "Personne n’a demandé de vote",
        "SECRET": r"\d pour",
    }
    stage.follow(
        f"close {point.position}",
        lambda: stage.console.press("f"),
        {
            stage.console: "Scrutin clos",
            stage.second: f"{point.reference} · [^·]*avis à enregistrer",
            stage.room: said[mode],
        }
        | dict.fromkeys(voters, "Le scrutin est clos"),
    )


def give_opinion(stage: Stage, point: Point, label: str, voters: list[Phone], focus: str = "code") -> None:
    """Record the opinion that the console proposes, and remember what each page says of the ballot."""
    stage.console.wait_for_focus(focus)
    found = stage.follow(
        f"opinion on {point.position}",
        lambda: stage.console.press("Enter"),
        {
            stage.console: f"Avis enregistré : {label}\\.",
            stage.second: f"{point.reference} · [^·]*{label.lower()}",
            stage.room: f"{point.reference} .*{label}",
        }
        | dict.fromkeys(voters, f"{label}.*C’est un avis"),
    )
    stage.shown[point] = {screen.name: text for screen, text in found.items() if screen is not stage.second}
    stage.console.wait_for_focus("Clore la séance" if _is_last(stage) else "Dossier suivant à traiter")


def _is_last(stage: Stage) -> bool:
    return "Tous les dossiers ont reçu leur avis" in stage.console.text()


def go_to_presented(stage: Stage, point: Point) -> None:
    """Bring the second console to the case that the room sees."""
    if f"Dossier {point.reference}," not in stage.second.text():
        stage.second.press("b")
    stage.second.shows(f"Dossier {point.reference},")


def received(count: int, seats: int | None = None) -> str:
    """Return what a page says of an open ballot."""
    many = "s" if count > 1 else ""
    return f"Scrutin ouvert : {count} vote{many} reçu{many} sur {seats or '[0-9]'}"
