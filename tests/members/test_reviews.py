"""Twice a year each access is confirmed by somebody else than its holder, or ended."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from pdp.accounts.models import Membership, User
from pdp.core import clock
from pdp.members import service
from pdp.members.enums import LineDecision
from pdp.members.models import AccessReview, AccessReviewLine
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.policy.actor import Actor
from tests.members.builders import add_review
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]
ActorOf = Callable[[str], Actor]
PAGE = "/revue-des-acces"


def test_a_review_opens_once_per_organisation_and_half_year(world: World) -> None:
    day = datetime(2026, 7, 1, 6, 20, tzinfo=UTC)
    with clock.acting_at(day):
        assert service.open_reviews() == 18, "nine organisations with people in each of two cellules"
        assert service.open_reviews() == 0
    with clock.acting_at(day + timedelta(days=183)):
        assert service.open_reviews() == 0
    with clock.acting_at(datetime(2027, 1, 4, 6, 20, tzinfo=UTC)):
        assert service.open_reviews() == 18
    with as_owner() as session:
        found = session.execute(
            select(AccessReview.period, func.min(AccessReview.due_on)).group_by(AccessReview.period)
        )
        assert {row[0]: row[1] for row in found} == {"2026-S2": date(2026, 7, 31), "2027-S1": date(2027, 2, 3)}
        told = set(session.scalars(select(Notice.user_id).where(Notice.kind == NoticeKind.ACCESS_REVIEW)))
    # Nobody of the base world manages a partner with colleagues: the coordination and the administration only.
    assert told == {world.user[f"{key}.{role}"] for key in "ab" for role in ("coordinateur", "admin")}


def test_an_access_is_confirmed_or_ended_and_the_review_closes(sign_in_as: SignIn, world: World) -> None:
    with as_owner():
        lines = add_review(world, "a", "cpam", "cpam", "cpam_2")
    coordination, agent = sign_in_as("a.coordinateur"), sign_in_as("a.cpam_2")
    assert "Essai" in coordination.get(PAGE).get_data(as_text=True)
    assert coordination.post(PAGE, data={lines["cpam"]: "kept"}).status_code == 303
    assert review_is_closed() is False
    assert coordination.post(PAGE, data={lines["cpam_2"]: "ended"}).status_code == 303
    assert review_is_closed() is True
    assert agent.get("/").status_code == 302
    assert sign_in_as("a.cpam").get("/").status_code == 200
    assert "Aucun accès à confirmer" in coordination.get(PAGE).get_data(as_text=True)


def review_is_closed() -> bool:
    with as_owner() as session:
        return session.scalars(select(AccessReview)).one().closed_at is not None


def test_a_line_of_somebody_else_s_is_left_alone(actor_of: ActorOf, world: World) -> None:
    with as_owner():
        lines = add_review(world, "a", "spst", "spst")
    for who in ("b.coordinateur", "a.cap_emploi", "a.spst", "a.admin"):
        assert service.read_review(actor_of(who)) == ()
        assert service.decide(actor_of(who), {lines["spst"]: LineDecision.ENDED}) == (0, 0)
    with as_owner() as session:
        assert session.scalars(select(AccessReviewLine)).one().decision is None


# Of Cap emploi two people, the first one manages its accesses; the SPST has nobody who does.
# Who is asked to confirm whom, out of one line per person: by hand.
ASKED = {
    "a.coordinateur": {"cpam", "service_social", "spst", "cap_emploi", "admin"},
    "a.admin": {"coordinateur"},
    "a.cap_emploi": {"colleague"},
    "a.spst": set(),
    "b.coordinateur": set(),
}


def test_an_access_is_confirmed_by_the_right_person_and_never_by_its_holder(actor_of: ActorOf, world: World) -> None:
    with as_owner() as session:
        held = session.scalars(
            select(Membership).where(Membership.public_id == world.membership["a.cap_emploi"])
        ).one()
        user = User(email="c@example.org", given_name="C", family_name="Collègue", created_at=clock.now())
        session.add(user)
        session.flush()
        added = Membership(
            user_id=user.id,
            organisation_id=held.organisation_id,
            cellule_id=held.cellule_id,
            role=held.role,
            starts_on=held.starts_on,
        )
        session.add(added)
        session.flush()
        world.membership["a.colleague"] = added.public_id
        lines = {
            **add_review(world, "a", "service_social", "coordinateur", "service_social"),
            **add_review(world, "a", "cap_emploi", "cap_emploi", "colleague"),
            **{name: add_review(world, "a", kind, name)[name] for name, kind in OTHERS.items()},
        }
    names = {public_id: name for name, public_id in lines.items()}
    found = {who: {names[line.public_id] for line in service.read_review(actor_of(who))} for who in ASKED}
    assert found == ASKED


OTHERS = {"cpam": "cpam", "spst": "spst", "admin": "regional"}


def test_nothing_ticked_says_so_and_loses_nothing(sign_in_as: SignIn, world: World) -> None:
    with as_owner():
        add_review(world, "a", "cpam", "cpam")
    answer = sign_in_as("a.coordinateur").post(PAGE, data={"inconnu": "peut-être"})
    assert answer.status_code == 422
    assert "Rien n’a été coché" in answer.get_data(as_text=True)


def test_those_who_are_late_are_called_again(world: World) -> None:
    with as_owner():
        add_review(world, "a", "cpam", "cpam", due_in=7)
    assert service.remind() == 1
    with clock.acting_at(clock.now() + timedelta(days=3)):
        assert service.remind() == 0
    with clock.acting_at(clock.now() + timedelta(days=7)):
        assert service.remind() == 1


def test_the_home_page_says_how_many_accesses_wait(sign_in_as: SignIn, world: World) -> None:
    with as_owner():
        add_review(world, "a", "cpam", "cpam", "cpam_2")
    page = sign_in_as("a.coordinateur").get("/").get_data(as_text=True)
    assert "2\xa0accès sont à confirmer" in page
    assert "à confirmer" not in sign_in_as("a.cpam").get("/").get_data(as_text=True)
