"""The séance from its opening to its composed minutes."""

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.journeys.great_seance import steps
from tests.journeys.great_seance.agenda import Agenda, Point, Way
from tests.journeys.great_seance.stage import Stage
from tests.journeys.great_seance.ways import DEALT_WITH


@dataclass(frozen=True)
class Held:
    """What a séance leaves behind. The database stays as it is until the test that played it ends.

    `agenda` tells for each request its case (`"a." + point.case` in the world), with whom it is shared, and its way.
    """

    meeting: str
    agenda: Agenda
    opinions: int


def play(stage: Stage) -> Held:
    """Hold the séance, then compose its minutes; every act of the console by the keyboard."""
    agenda = stage.agenda
    steps.open_the_seance(stage)
    _approve_the_list(stage)
    early = [point for point in agenda.points if point.way is not Way.LISTED]
    stage.console.wait_for_focus("Présenter ce dossier")
    for point in early:
        steps.present(stage, point)
        DEALT_WITH[point.way](stage, point)
        stage.in_sight(point)
        if point.way is Way.ADJOURNED:
            steps.take_a_break(stage, point)
            steps.welcome_the_late_partner(stage)
            stage.console.wait_for_focus("Dossier suivant à traiter")
    _add_one(stage, agenda.added)
    _close(stage)
    _compose(stage)
    return Held(agenda.meeting, agenda, len(agenda.points) + 1)


def _approve_the_list(stage: Stage) -> None:
    """A member has one request of the list debated; the others are approved in one act."""
    asked = stage.agenda.every(Way.ASKED)[0]
    member = stage.phones["sm1"].page
    back = member.url
    member.goto(f"/seances/{stage.agenda.meeting}/sans-debat")
    member.get_by_role("button", name=f"Demander un débat sur le point {asked.position},").click()
    expect(member.get_by_text("il sera débattu en séance")).to_be_visible()
    member.goto(back)
    console, listed = stage.console, stage.agenda.every(Way.LISTED)
    console.press("l")
    console.shows("Approuver ces" if len(listed) > 1 else "Approuver ce dossier")
    stage.follow(
        "approve the list",
        lambda: console.press("f"),
        {
            console: "Avis conforme, sans vote, pour",
            stage.second: f"{listed[-1].reference} · [^·]*favorable",
        },
    )
    console.wait_for_focus("Revenir à la console")
    console.press("Enter")


def _add_one(stage: Stage, point: Point) -> None:
    """Put a request on the agenda in session, and deal with it at once."""
    console = stage.console
    console.wait_for_focus("Clore la séance")
    console.press("i")
    console.wait_for_focus("Ajouter")
    console.press("Enter")
    console.wait_for_focus("Présenter ce dossier")
    steps.present(stage, point)
    DEALT_WITH[point.way](stage, point)


def _close(stage: Stage) -> None:
    console = stage.console
    console.wait_for_focus("Clore la séance")
    console.press("Enter")
    console.shows("Clore la séance.*Aucun autre dossier ne reste sans avis")
    console.wait_for_focus("Clore la séance")
    stage.follow(
        "close the séance",
        lambda: console.press("Enter"),
        {console: "La séance est close", stage.room: "La séance est close|C’est un avis|Favorable"},
    )


def _compose(stage: Stage) -> None:
    page = stage.console.page
    page.get_by_role("link", name="Procès-verbal").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Composer le procès-verbal").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Registre des fichiers")).to_be_visible(timeout=60_000)
