"""Seats and mandates through their pages: named, replaced, ended, and never erased."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from pdp.accounts.models import Membership, Organisation, Seat, SeatHolder, User
from pdp.audit import service as audit
from pdp.core import clock
from pdp.policy.roles import Role
from tests.meetings.pages import count_statements, entries, read
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import World

SignIn = Callable[[str], StrictClient]


def day(offset: int) -> str:
    return (clock.today() + timedelta(days=offset)).isoformat()


def holders(seat: str) -> list[tuple[str, str, int | None]]:
    """Return who holds a seat: membership, rank, and the last day counted from today."""
    with as_owner() as session:
        rows = session.execute(
            select(Membership.public_id, SeatHolder.rank, SeatHolder.ends_on)
            .join(Membership, Membership.id == SeatHolder.membership_id)
            .join(Seat, Seat.id == SeatHolder.seat_id)
            .where(Seat.public_id == seat)
            .order_by(SeatHolder.id)
        )
        return [(row[0], row[1].value, (row[2] - clock.today()).days if row[2] else None) for row in rows]


def test_a_seat_is_made_held_replaced_and_ended_without_losing_its_past(sign_in_as: SignIn, world: World) -> None:
    client = sign_in_as("a.coordinateur")
    made = client.post(
        "/cellule/sieges/nouveau",
        data={
            "organisation": _organisation(world),
            "label": "Action sociale 3",
            "voice": "deliberative",
            "starts_on": day(0),
        },
    )
    assert made.status_code == 303
    seat = made.location.rsplit("/", 1)[1]
    assert "Personne n’a encore été nommé dans ce siège." in read(client, made.location)
    # The manager holds no seat in the base world: free to be titulaire.
    person = world.membership["a.cpam_2"]
    typed = {"membership": person, "rank": "suppleant", "starts_on": day(0)}
    assert client.post(f"/cellule/sieges/{seat}/mandats", data=typed).status_code == 303
    assert holders(seat) == [(person, "suppleant", None)]
    ended = client.post(
        f"/cellule/sieges/{seat}/mandats/fin", data={"membership": person, "starts_on": day(0), "ends_on": day(3)}
    )
    assert ended.status_code == 303
    assert holders(seat) == [(person, "suppleant", 3)]
    assert client.post(f"/cellule/sieges/{seat}/fin", data={"ends_on": day(1)}).status_code == 303
    assert holders(seat) == [(person, "suppleant", 1)]
    assert "Action sociale 3" in read(client, "/cellule/sieges")
    assert [len(entries(action)) for action in ("seat.add", "mandate.name", "mandate.end", "seat.end")] == [1, 1, 1, 1]


def test_a_titulaire_is_replaced_on_the_eve_and_refused_without_saying_so(sign_in_as: SignIn, world: World) -> None:
    client, seat = sign_in_as("a.coordinateur"), world.seat["a.ss1"]
    assert "Vacant" not in read(client, "/cellule/sieges"), "every seat of the base world is held"
    before = holders(seat)
    person = _free_colleague(world, seat)
    typed = {"membership": person, "rank": "titulaire", "starts_on": day(10)}
    refused = client.post(f"/cellule/sieges/{seat}/mandats", data=typed)
    assert refused.status_code == 422
    assert "Ce siège a déjà un titulaire" in refused.get_data(as_text=True)
    assert holders(seat) == before
    assert client.post(f"/cellule/sieges/{seat}/mandats", data=typed | {"replaces": "1"}).status_code == 303
    titulaire = next(held for held, rank, _ in before if rank == "titulaire")
    assert (titulaire, "titulaire", 9) in holders(seat)
    assert (person, "titulaire", None) in holders(seat)


def test_the_past_does_not_change(sign_in_as: SignIn, world: World) -> None:
    client, seat = sign_in_as("a.coordinateur"), world.seat["a.ss1"]
    before = holders(seat)
    person = _free_colleague(world, seat)
    late = client.post(
        f"/cellule/sieges/{seat}/mandats", data={"membership": person, "rank": "suppleant", "starts_on": day(-1)}
    )
    assert late.status_code == 422
    assert client.post(f"/cellule/sieges/{seat}/fin", data={"ends_on": day(-1)}).status_code == 422
    assert holders(seat) == before


def test_only_the_coordination_changes_seats(sign_in_as: SignIn, world: World) -> None:
    seat = world.seat["a.ss1"]
    assert sign_in_as("a.manager").get(f"/cellule/sieges/{seat}").status_code == 200
    for person in ("a.manager", "a.cpam", "a.cap_emploi"):
        assert sign_in_as(person).post(f"/cellule/sieges/{seat}/fin", data={"ends_on": day(0)}).status_code == 404
    assert sign_in_as("a.cap_emploi").get("/cellule/sieges").status_code == 404
    assert sign_in_as("b.coordinateur").get(f"/cellule/sieges/{seat}").status_code == 404


def test_more_mandates_cost_no_more_statements(
    sign_in_as: SignIn, world: World, count_queries: Callable[[], Any]
) -> None:
    client, seat = sign_in_as("a.coordinateur"), world.seat["a.ss1"]
    counts = [count_statements(client, path, count_queries) for path in ("/cellule/sieges", f"/cellule/sieges/{seat}")]
    with as_owner() as session:
        found = session.scalars(select(Seat).where(Seat.public_id == seat)).one()
        person = session.scalars(select(SeatHolder).where(SeatHolder.seat_id == found.id)).first()
        assert person is not None
        for years in range(1, 30):
            start = clock.today() - timedelta(days=4000 + 30 * years)
            session.add(
                SeatHolder(
                    seat_id=found.id,
                    membership_id=person.membership_id,
                    rank=person.rank,
                    starts_on=start,
                    ends_on=start + timedelta(days=20),
                )
            )
    again = [count_statements(client, path, count_queries) for path in ("/cellule/sieges", f"/cellule/sieges/{seat}")]
    assert counts == again


def _organisation(world: World) -> str:

    with as_owner() as session:
        return session.get_one(Organisation, world.organisation["a.cpam"]).public_id


def _free_colleague(world: World, seat: str) -> str:
    """Return a new person of the organisation of a seat, who holds no seat."""

    with as_owner() as session:
        found = session.scalars(select(Seat).where(Seat.public_id == seat)).one()
        user = User(email="neuf@example.org", given_name="Neuf", family_name="Venu", created_at=clock.now())
        session.add(user)
        session.flush()
        membership = Membership(
            user_id=user.id,
            organisation_id=found.organisation_id,
            cellule_id=found.cellule_id,
            role=Role.SERVICE_SOCIAL,
            starts_on=clock.today() - timedelta(days=5),
        )
        session.add(membership)
        session.flush()

        audit.record(None, "tests.rows")
        return membership.public_id
