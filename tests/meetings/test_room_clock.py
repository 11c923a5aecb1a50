"""The clock of a séance, its breaks, a case added in session, what an adjournment waits for, what polls cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pdp.core import clock
from pdp.meetings.enums import MeetingStatus
from pdp.meetings.models import AgendaItem
from pdp.meetings.rules.awaited import awaited
from tests.meetings.builders import build_meeting, build_request, results, rule
from tests.meetings.live import Paths, done, refused, send
from tests.meetings.pages import entries, plain, read
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


def spent(item: str) -> tuple[int, bool]:
    """Return the seconds counted for an item, and whether its clock runs."""
    with as_owner() as session:
        row = session.query(AgendaItem).filter_by(public_id=item).one()
        return row.spent_seconds, row.resumed_at is not None


def test_the_clock_of_a_case_counts_while_it_is_under_discussion_and_stands_in_a_break(
    world: World, sign_in_as: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    seance = build_meeting(world, 2, cases=("a.shared", "a.alone"))
    paths, client = Paths(seance), sign_in_as("a.coordinateur")
    first, second = (f"{paths.meeting}/points/{item}/presenter" for item in seance.items)
    start = clock.now()

    def after(minutes: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=minutes))

    after(0)
    done(client, client.post(first))
    after(4)
    done(client, client.post(f"{paths.meeting}/suspension", data={"minutes": "10"}))
    assert [spent(item) for item in seance.items] == [(240, False), (0, False)]
    room = read(client, f"{paths.meeting}/projection")
    assert "Séance suspendue" in room
    assert "Reprise à" in room
    assert "2026-0002" not in room
    again = refused(client.post(f"{paths.meeting}/suspension"))
    assert "La séance est déjà suspendue." in again
    after(15)
    done(client, client.post(f"{paths.meeting}/reprise"))
    after(18)
    done(client, client.post(second))
    assert [spent(item) for item in seance.items] == [(420, False), (0, True)]
    # Seven minutes were spent on the first of two cases of ten; eleven went in a break.
    line = read(client, f"{paths.meeting}/rythme")
    assert "11 minutes de retard : fin prévue à" in line
    assert [entry.action for action in ("meeting.pause", "meeting.resume") for entry in entries(action)] == [
        "meeting.pause",
        "meeting.resume",
    ]


def test_a_request_added_in_session_is_said_to_be(world: World, sign_in_as: SignIn) -> None:
    paths, client = Paths(build_meeting(world)), sign_in_as("a.coordinateur")
    request = build_request(world, "a.alone")
    form = f"{paths.meeting}/ajout"
    assert "Prévoyez de 1 à 240 minutes." in refused(
        client.post(form, data={"request": request, "planned_minutes": "0"})
    )
    text = done(client, client.post(form, data={"request": request, "planned_minutes": "5"}))
    assert "Le dossier est ajouté en séance." in text
    assert "ajouté en séance, à suivre" in text
    planned = build_meeting(world, 0, status=MeetingStatus.PLANNED)
    assert client.get(f"/seances/{planned.meeting}/ajout").status_code == 302


def test_what_was_adjourned_a_moment_ago_is_not_proposed_again(world: World, sign_in_as: SignIn) -> None:
    paths, client = Paths(build_meeting(world)), sign_in_as("a.coordinateur")
    done(client, send(client, paths.console, f"{paths.item}/avis", code="ADJOURNED", awaited="L’accord écrit."))
    assert "Aucune demande en attente" in read(client, f"{paths.meeting}/ajout")


def test_an_adjournment_lists_what_is_missing_and_keeps_what_was_typed(world: World, sign_in_as: SignIn) -> None:
    kept = results(
        rule(id="BC-P-01", verdict="piece_manquante", cause="false", missing=["l’accord du médecin traitant"]),
        rule(id="BC-E-05", verdict="a_verifier", cause="unknown", reason="Qui finance l’action\u00a0?"),
    )
    paths, client = Paths(build_meeting(world, kept=kept)), sign_in_as("a.coordinateur")
    page = client.get(paths.console).get_data(as_text=True)
    offered = page.split('name="awaited"')[1].split("</textarea>")[0]
    assert "Il manque l’accord du médecin traitant." in offered
    text = done(
        client,
        send(client, paths.console, f"{paths.item}/avis", code="ADJOURNED", awaited="Il manque l’accord du médecin."),
    )
    assert "Ajourné" in text
    assert "Motifs Il manque l’accord du médecin." in text


@pytest.mark.parametrize(
    ("missing", "questions", "expected"),
    [
        ([], [], ""),
        (["l’accord du médecin-conseil"], [], "Il manque l’accord du médecin-conseil."),
        (["l’accord a", "l’avis b"], [], "Il manque l’accord a.\nIl manque l’avis b."),
        ([], ["Qui finance ?"], "Reste à trancher\u00a0: Qui finance ?"),
        (
            ["l’avis b"],
            ["Un ?", "Deux ?"],
            "Il manque l’avis b.\nReste à trancher\u00a0: Un ?\nReste à trancher\u00a0: Deux ?",
        ),
    ],
)
def test_what_is_awaited_is_said_in_lines(missing: list[str], questions: list[str], expected: str) -> None:
    assert awaited(missing, questions) == expected


@pytest.mark.parametrize("page", ["console", "projection", "vote"])
def test_a_poll_without_news_costs_one_statement(
    world: World, sign_in_as: SignIn, count_queries: Callable[[], Any], page: str
) -> None:
    path = f"{Paths(build_meeting(world, 12, cases=('a.shared', 'a.alone'))).meeting}/{page}"
    client = sign_in_as("a.coordinateur")
    tag = client.get(path).headers["ETag"]
    with count_queries() as statements:
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    # The sign-in is not the page's own.
    assert len([each for each in statements if "user_session" not in each and "FROM membership" not in each]) == 1


def test_only_the_core_reads_how_late_the_seance_runs(world: World, sign_in_as: SignIn) -> None:
    path = f"{Paths(build_meeting(world)).meeting}/rythme"
    assert "fin prévue à" in plain(sign_in_as("a.cpam").get(path).get_data(as_text=True))
    assert sign_in_as("a.cap_emploi").get(path).status_code == 404
