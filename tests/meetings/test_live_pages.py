"""The pages of a séance that is being held, on both engines and without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from pdp.audit.models import AuditEntry
from pdp.meetings.enums import MeetingStatus
from tests.meetings.builders import Seance, build_meeting, results, rule
from tests.meetings.live import Paths, done, hidden, refused, send
from tests.meetings.pages import plain, read
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
Counting = Callable[[], Any]


@pytest.fixture
def seance(world: World) -> Seance:
    return build_meeting(world, ballots=True)


@pytest.fixture
def paths(seance: Seance) -> Paths:
    return Paths(seance)


def journal_size() -> int:
    with as_owner() as session:
        return session.scalar(select(func.count(AuditEntry.id))) or 0


PAGES = {
    "console": ("a.coordinateur", "a.service_social", "a.cpam"),
    "projection": ("a.coordinateur", "a.service_social", "a.cpam"),
    "presences": ("a.coordinateur",),
    "ouverture": ("a.coordinateur",),
    "cloture": ("a.coordinateur",),
    "vote": ("a.coordinateur", "a.service_social", "a.cpam", "a.cap_emploi"),
}
PEOPLE = ("a.coordinateur", "a.service_social", "a.cpam", "a.cap_emploi", "a.mdph", "a.dpo", "b.coordinateur")


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_for_those_entitled_and_is_missing_for_the_others(
    sign_in_as: SignIn, paths: Paths, page: str
) -> None:
    for person in PEOPLE:
        status = sign_in_as(person).get(f"{paths.meeting}/{page}", follow_redirects=True).status_code
        assert status == (200 if person in PAGES[page] else 404), person


def test_a_case_is_put_to_the_vote_and_concluded_by_plain_forms(world: World, sign_in_as: SignIn) -> None:
    paths = Paths(build_meeting(world))
    client = sign_in_as("a.coordinateur")
    done(client, send(client, paths.console, f"{paths.item}/scrutin", question="Favorable au bilan\u00a0?"))
    page = client.get(paths.console).get_data(as_text=True)
    assert "Scrutin nominatif" in page
    assert "Favorable au bilan ?" in plain(page)
    ballot = f"{paths.item}/scrutin/" + page.split(f"{paths.item}/scrutin/")[1].split("/")[0]
    done(client, send(client, paths.console, f"{ballot}/votes", vote="ABSTAIN"))
    done(client, send(client, paths.console, f"{ballot}/tous-pour"))
    seat = world.seat["a.ss2"]
    correction = f"{paths.console}?point={paths.seance.items[0]}&siege={seat}"
    asked = refused(send(client, correction, f"{ballot}/votes", vote="FOR_WITH_CONDITIONS"))
    assert "Écrivez votre condition" in asked
    done(
        client,
        send(client, correction, f"{ballot}/votes", vote="FOR_WITH_CONDITIONS", conditions="Entretien d’abord."),
    )
    text = done(client, send(client, paths.console, f"{ballot}/cloture"))
    assert "6 pour, dont 1 sous conditions" not in text
    assert "5 pour, dont 1 sous conditions ; 0 contre ; 1 abstention. La majorité est acquise." in text
    assert "Entretien d’abord." in text
    missing = refused(
        send(
            client,
            paths.console,
            f"{paths.item}/avis",
            code="FAVOURABLE_WITH_CONDITIONS",
            conditions="",
            dissent="Un non.",
        )
    )
    assert "Écrivez la ou les réserves de l’avis." in missing
    assert "Un non." in missing
    text = done(
        client,
        send(client, paths.console, f"{paths.item}/avis", code="FAVOURABLE_WITH_CONDITIONS", conditions="Entretien."),
    )
    assert "Avis de la cellule Favorable sous réserve" in text
    assert "Tous les dossiers ont reçu leur avis." in text


def test_closing_with_a_vote_missing_names_the_seats_and_asks(sign_in_as: SignIn, paths: Paths) -> None:
    client = sign_in_as("a.coordinateur")
    first = send(client, paths.console, f"{paths.ballot}/cloture")
    text = refused(first)
    assert "Il manque 8 votes : Service social, siège 1 ; Service social, siège 2 ;" in text
    assert "ces sièges compteront comme absents" in text
    again = hidden(first.get_data(as_text=True), f"{paths.ballot}/cloture")
    text = done(client, client.post(f"{paths.ballot}/cloture", data=again))
    assert "Quorum non atteint" in text
    assert "N’a pas voté" in text


def test_only_the_opinions_allowed_are_offered(world: World, sign_in_as: SignIn) -> None:
    closed_by_law = results(rule(verdict="ineligible", cause="false", reason="L’arrêt est terminé."))
    paths = Paths(build_meeting(world, ballots=True, votes=8, kept=closed_by_law))
    client = sign_in_as("a.coordinateur")
    text = done(client, send(client, paths.console, f"{paths.ballot}/cloture"))
    page = client.get(paths.console).get_data(as_text=True)
    offered = [
        code
        for code in ("FAVOURABLE", "UNFAVOURABLE", "ADJOURNED", "NO_OBJECT", "REORIENTED")
        if f'value="{code}"' in page
    ]
    assert offered == ["UNFAVOURABLE", "NO_OBJECT", "REORIENTED"]
    assert "L’arrêt est terminé" in text


def test_a_point_to_check_is_answered_in_place_by_the_member_who_holds_a_seat(
    world: World, sign_in_as: SignIn
) -> None:
    to_check = results(rule(id="BC-E-05", verdict="a_verifier", cause="unknown", reason="Qui finance l’action\u00a0?"))
    paths = Paths(build_meeting(world, ballots=True, votes=8, kept=to_check))
    secretary, member = sign_in_as("a.coordinateur"), sign_in_as("a.cpam")
    blocked = refused(send(secretary, paths.console, f"{paths.ballot}/cloture"))
    assert "Il reste 1 point à vérifier" in blocked
    form = f"{paths.item}/regle/{paths.seance.requests[0]}"
    reason = refused(send(member, paths.console, form, accepted="0"))
    assert "Écrivez le motif" in reason
    text = done(member, send(member, paths.console, form, accepted="1"))
    assert "La réponse est enregistrée." in text
    assert "avant la clôture" not in text
    done(secretary, send(secretary, paths.console, f"{paths.ballot}/cloture"))


def test_a_rule_of_practice_is_set_aside_with_a_written_reason(world: World, sign_in_as: SignIn) -> None:
    practice = results(
        rule(id="BC-E-07", verdict="ineligible", cause="false", basis="SEED", reason="Arrêt trop court.")
    )
    paths = Paths(build_meeting(world, kept=practice))
    member = sign_in_as("a.cpam")
    form = f"{paths.item}/regle/{paths.seance.requests[0]}/ecarter"
    assert "Écrivez le motif" in refused(send(member, paths.console, form, reason=""))
    text = done(member, send(member, paths.console, form, reason="Reprise proche, projet prêt."))
    assert "Règle BC-E-07 écartée par" in text
    assert "Reprise proche, projet prêt." in text


def test_a_vote_on_an_own_device_is_kept_changed_and_never_doubled(sign_in_as: SignIn, paths: Paths) -> None:
    member, secretary = sign_in_as("a.service_medical"), sign_in_as("a.coordinateur")
    first = member.get(paths.vote).get_data(as_text=True)
    assert "Vous votez pour Service médical, siège 1 . Voix délibérative, vote nominatif." in plain(first)
    fields = hidden(first, paths.vote)
    text = done(member, member.post(paths.vote, data=fields | {"vote": "FOR"}))
    assert "Votre vote est enregistré." in text
    assert "Modifier mon vote" in text
    again = done(member, member.post(paths.vote, data=fields | {"vote": "FOR"}))
    assert "Modifier mon vote" in again
    other_form = fields | {"idempotency_key": "autre", "vote": "AGAINST", "reason": "Trop tôt."}
    stale = refused(member.post(paths.vote, data=other_form), 409)
    assert "Vous avez déjà voté « Pour »" in stale
    assert "Trop tôt." in stale
    console = read(secretary, paths.console)
    assert "A voté" in console
    assert "sur son appareil" in console
    changed = send(member, f"{paths.vote}?changer=1", paths.vote, vote="AGAINST", reason="Trop tôt.")
    assert "Contre" in done(member, changed)
    assert "Trop tôt." not in read(secretary, paths.console)


def test_a_condition_is_asked_and_what_was_typed_stays(sign_in_as: SignIn, paths: Paths) -> None:
    member = sign_in_as("a.cpam")
    assert "Choisissez une réponse." in refused(send(member, paths.vote, paths.vote))
    answer = send(member, paths.vote, paths.vote, vote="FOR_WITH_CONDITIONS")
    assert "Écrivez votre condition" in refused(answer)
    assert 'value="FOR_WITH_CONDITIONS" checked' in answer.get_data(as_text=True)


def test_a_vote_after_the_closing_is_refused_and_its_text_shown_again(sign_in_as: SignIn, paths: Paths) -> None:
    member, secretary = sign_in_as("a.cpam"), sign_in_as("a.coordinateur")
    fields = hidden(member.get(paths.vote).get_data(as_text=True), paths.vote)
    done(secretary, send(secretary, paths.console, f"{paths.ballot}/tous-pour"))
    done(secretary, send(secretary, paths.console, f"{paths.ballot}/cloture"))
    late = refused(member.post(paths.vote, data=fields | {"vote": "AGAINST", "reason": "Le financement manque."}))
    assert "Le scrutin est clos : ce vote n’est pas enregistré." in late
    assert "Le financement manque." in late
    assert "CPAM, siège 1 vous Pour" in read(member, paths.vote)


def test_someone_outside_the_electorate_is_told_so_in_french(world: World, sign_in_as: SignIn) -> None:
    paths = Paths(build_meeting(world, ballots=True, present=("ss1", "sm1", "cp1")))
    client = sign_in_as("a.cpam_2")
    waiting = read(client, f"{paths.meeting}/vote")
    assert "Aucun scrutin ouvert pour vous" in waiting
    assert "votre siège n’y vote pas" in waiting
    told = refused(client.post(paths.vote, data={"vote": "FOR", "idempotency_key": "k"}))
    assert "Vous ne faites pas partie des votants de ce scrutin." in told


def test_a_suppleant_votes_once_the_titulaire_takes_no_part(sign_in_as: SignIn, paths: Paths) -> None:
    titulaire, suppleant = sign_in_as("a.service_social"), sign_in_as("a.service_social_2")
    assert "Vous voterez à sa place s’il se déporte." in read(suppleant, paths.vote)
    done(titulaire, send(titulaire, paths.vote, paths.vote, vote="RECUSED"))
    assert "en suppléance" in done(suppleant, send(suppleant, paths.vote, paths.vote, vote="FOR"))
    assert "Un suppléant siège" in read(titulaire, paths.vote)


def test_two_people_closing_get_one_closing_and_a_clear_word(world: World, sign_in_as: SignIn) -> None:
    paths = Paths(build_meeting(world, ballots=True, votes=8))
    one, other = sign_in_as("a.coordinateur"), sign_in_as("a.coordinateur")
    fields = hidden(other.get(paths.console).get_data(as_text=True), f"{paths.ballot}/cloture")
    done(one, send(one, paths.console, f"{paths.ballot}/cloture"))
    told = refused(other.post(f"{paths.ballot}/cloture", data=fields), 409)
    assert "Vous avez déjà clos ce scrutin" in told
    assert "Enregistrer l’avis" in told


def test_a_note_sent_after_the_seance_closed_is_shown_back(world: World, sign_in_as: SignIn) -> None:
    paths = Paths(build_meeting(world))
    one, other = sign_in_as("a.coordinateur"), sign_in_as("a.coordinateur")
    fields = hidden(other.get(paths.console).get_data(as_text=True), f"{paths.item}/note")
    done(one, send(one, f"{paths.meeting}/cloture", f"{paths.meeting}/cloture"))
    text = refused(other.post(f"{paths.item}/note", data=fields | {"discussion": "Point de vue du service social."}))
    assert "La séance est close : plus rien n’y change." in text
    assert "Vous aviez écrit : « Point de vue du service social. »." in text


def test_an_action_is_added_and_a_past_date_keeps_what_was_typed(sign_in_as: SignIn, paths: Paths) -> None:
    client = sign_in_as("a.coordinateur")
    page = client.get(paths.console).get_data(as_text=True)
    owner = page.split('name="owner"')[1].split('<option value="')[2].split('"')[0]
    form = f"{paths.item}/actions"
    late = refused(send(client, paths.console, form, owner=owner, text="Fixer l’entretien", due_on="2020-01-01"))
    assert "Cette date est passée" in late
    answer = send(client, paths.console, form, owner=owner, text="Fixer l’entretien", due_on="2099-03-20")
    assert "Fixer l’entretien, au plus tard le 20 mars" in done(client, answer)


def test_presence_is_kept_seat_by_seat_and_the_quorum_follows(world: World, sign_in_as: SignIn) -> None:
    seance = build_meeting(world, present=("ss1", "sm1"))
    page, client = f"/seances/{seance.meeting}/presences", sign_in_as("a.coordinateur")
    assert "Quorum non atteint" in read(client, page)
    seat = world.seat["a.cp1"]
    answer = send(client, page, f"{page}/{seat}", state="PRESENT", mode="VIDEO", person=world.membership["a.cpam"])
    assert "Quorum atteint : 3 sièges délibératifs" in done(client, answer)
    gone = send(client, page, f"{page}/{seat}", state="PRESENT", left="1")
    assert "départ à" in done(client, gone)
    assert "Quorum non atteint" in read(client, page)
    wrong = send(client, page, f"{page}/{world.seat['a.cp2']}", state="REPRESENTED", proxy_seat="")
    assert "Choisissez le siège qui porte le pouvoir." in refused(wrong)
    chair = send(client, page, f"/seances/{seance.meeting}/presidence", seat=world.seat["a.sm1"])
    assert "La présidence est enregistrée." in done(client, chair)


def test_all_titulaires_are_seated_at_once_and_what_was_said_before_stays(world: World, sign_in_as: SignIn) -> None:
    seance = build_meeting(world, status=MeetingStatus.PLANNED)
    page, client = f"/seances/{seance.meeting}/presences", sign_in_as("a.coordinateur")
    send(client, f"/seances/{seance.meeting}/ouverture", f"/seances/{seance.meeting}/ouverture")
    excused = send(client, page, f"{page}/{world.seat['a.cp2']}", state="EXCUSED")
    assert excused.status_code == 303
    seated = done(client, send(client, page, page))
    assert "Les titulaires sont notés présents." in seated
    # Six deliberative seats, one of them excused before.
    assert "Quorum atteint : 5 sièges délibératifs" in seated.replace("\u00a0", " ")
    assert "Noter présents tous les titulaires" not in seated
    stale = client.post(page, data={"version": "0"})
    assert stale.status_code == 409


def test_opening_and_closing_say_what_they_will_do(world: World, sign_in_as: SignIn) -> None:
    seance = build_meeting(world, status=MeetingStatus.PLANNED)
    meeting, client = f"/seances/{seance.meeting}", sign_in_as("a.coordinateur")
    assert "La séance n’est pas ouverte" in read(client, f"{meeting}/console")
    assert "L’heure d’ouverture est inscrite" in read(client, f"{meeting}/ouverture")
    opened = done(client, send(client, f"{meeting}/ouverture", f"{meeting}/ouverture"))
    assert "La séance est ouverte." in opened
    assert "il reviendra à une prochaine séance" in read(client, f"{meeting}/cloture")
    closed = done(client, send(client, f"{meeting}/cloture", f"{meeting}/cloture"))
    assert "1 dossier sans avis reviendra à une prochaine séance." in closed
    again = refused(client.post(f"{meeting}/cloture", data={"version": "1"}))
    assert "La séance est close : plus rien n’y change." in again


@pytest.mark.parametrize(
    ("person", "page"),
    [
        ("a.coordinateur", "console"),
        ("a.coordinateur", "projection"),
        ("a.service_medical", "vote"),
        ("a.cpam_2", "attente"),
    ],
)
def test_an_unchanged_poll_answers_304_and_leaves_no_entry(
    world: World, sign_in_as: SignIn, person: str, page: str
) -> None:
    paths = Paths(build_meeting(world, ballots=True, present=("ss1", "ss2", "sm1", "sm2", "cp1")))
    path = {"vote": paths.vote, "attente": f"{paths.meeting}/vote"}.get(page, f"{paths.meeting}/{page}")
    client = sign_in_as(person)
    tag = client.get(path).headers["ETag"]
    before = journal_size()
    same = client.get(path, headers={"If-None-Match": tag})
    assert (same.status_code, same.get_data()) == (304, b"")
    assert journal_size() == before
    secretary = sign_in_as("a.coordinateur")
    done(secretary, send(secretary, paths.console, f"{paths.ballot}/votes", vote="FOR"))
    changed = client.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_the_room_reads_no_name_no_status_and_no_vote_before_the_closing(world: World, sign_in_as: SignIn) -> None:
    paths = Paths(build_meeting(world, ballots=True))
    client = sign_in_as("a.coordinateur")
    done(client, client.post(f"{paths.item}/presenter"))
    done(client, send(client, paths.console, f"{paths.ballot}/votes", vote="AGAINST", reason="Motif dit en séance."))
    room = client.get(f"{paths.meeting}/projection").get_data(as_text=True)
    text = plain(room)
    assert "2026-0002 · P. N." in text
    assert "a voté" in text
    assert "vote attendu" in text
    for secret in (
        "NomShared",
        "PrénomShared",
        "Salarié",
        "chip",
        "contre",
        "Contre",
        "Motif dit",
        "AGAINST",
        "EssaiA",
    ):
        assert secret not in room.replace("Le sens des votes", ""), secret
    fields = hidden(client.get(paths.console).get_data(as_text=True), f"{paths.ballot}/cloture")
    done(client, client.post(f"{paths.ballot}/cloture", data=fields | {"confirm_missing": "1"}))
    assert "contre" in read(client, f"{paths.meeting}/projection")


def test_the_console_runs_as_many_statements_for_5_items_as_for_40(
    world: World, sign_in_as: SignIn, count_queries: Counting, figure: Callable[[str, object], None]
) -> None:
    client, seen = sign_in_as("a.coordinateur"), []
    for items in (5, 40):
        seance = build_meeting(world, items=items, cases=("a.shared", "a.alone", "a.partial"))
        path = f"/seances/{seance.meeting}/console?point={seance.items[0]}"
        client.get(path)
        with count_queries() as statements:
            assert client.get(path).status_code == 200
        # The sign-in is not the page's own.
        seen.append(len([each for each in statements if "user_session" not in each]))
    assert seen[0] == seen[1]
    figure("meetings.console.queries", f"{seen[0]} statements for 5 items as for 40")
    # Eight for the console, one for the sentences of the cellule, two tags (the poll's and the page's own), who may
    # own an action, three of the journal.
    assert seen[0] <= 15
