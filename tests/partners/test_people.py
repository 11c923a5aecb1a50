"""A partner's own manager invites people of the organisation and takes them out; nobody gains more."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pdp.accounts.models import CelluleOrganisation, Membership, User
from pdp.accounts.passwords import check_password
from pdp.core import clock
from pdp.core.errors import InvalidInput
from pdp.notifications.enums import NoticeKind
from pdp.notifications.models import Notice
from pdp.partners import rules
from pdp.partners.models import Invitation
from pdp.policy.roles import Role
from tests.support.client import StrictClient
from tests.support.databases import as_owner
from tests.support.world import PASSWORD, World, accepted_by

SignIn = Callable[[str], StrictClient]

PEOPLE = "/mon-organisme/personnes"
GOOD = "quatre chevaux sous la pluie"


def typed(email: str = "nadia.nouvelle@example.org", **values: str) -> dict[str, str]:
    return {"email": email, "given_name": "Nadia", "family_name": "Nouvelle", "job_title": "Conseillère"} | values


def link_of(manager: StrictClient, email: str = "nadia.nouvelle@example.org") -> str:
    """Invite someone and return the path of the link shown."""
    answer = manager.post(PEOPLE, data=typed(email))
    assert answer.status_code == 200
    found = re.search(r"http://[^<\s]+(/invitation/[\w-]+)", unescape(answer.get_data(as_text=True)))
    assert found
    return found[1]


def chosen(password: str = GOOD) -> dict[str, str]:
    return {"password": password, "repeated": password}


def add_manager(session: Session, world: World, person: str, *, of: str) -> Membership:
    """Have a person manage an organisation too."""
    session.add(
        added := Membership(
            user_id=world.user[person],
            organisation_id=world.organisation[of],
            cellule_id=world.cellule[of[0]],
            role=Role(of[2:]),
            is_org_manager=True,
            starts_on=clock.today() - timedelta(days=30),
        )
    )
    session.flush()
    return added


def sign_in(visitor: StrictClient, email: str, password: str) -> bool:
    visitor.csrf = None
    return visitor.post("/connexion", data={"email": email, "password": password}).status_code == 302


def let_in(sign_in_as: SignIn, world: World, email: str) -> StrictClient:
    """Let someone who just accepted an invitation past the second factor and the undertaking."""
    with as_owner() as session:
        joined = session.scalars(select(Membership).join(Membership.user).where(User.email == email)).one()
        session.add(accepted_by(session.get_one(User, joined.user_id)))
        world.membership[email] = joined.public_id
    return sign_in_as(email)


def test_an_invited_person_opens_an_account_and_sees_what_her_organisation_sees(
    sign_in_as: SignIn, client: StrictClient, world: World
) -> None:
    link = link_of(sign_in_as("a.cap_emploi"))
    assert "Cap emploi" in client.get(link).get_data(as_text=True)
    assert client.post(link, data=chosen()).status_code == 303
    assert sign_in(client, "nadia.nouvelle@example.org", GOOD)
    assert client.get(f"/dossiers/{world.case['a.shared']}").status_code == 302
    nadia = let_in(sign_in_as, world, "nadia.nouvelle@example.org")
    assert nadia.get(f"/dossiers/{world.case['a.shared']}").status_code == 200
    assert nadia.get(f"/dossiers/{world.case['a.alone']}").status_code == 404
    with as_owner() as session:
        joined = session.scalars(select(Membership).join(User).where(User.email == "nadia.nouvelle@example.org")).one()
        assert (joined.is_org_manager, joined.is_physician) == (False, False)


def test_a_link_serves_once_and_for_seven_days(sign_in_as: SignIn, client: StrictClient, world: World) -> None:
    manager = sign_in_as("a.cap_emploi")
    link = link_of(manager)
    assert client.post(link, data=chosen()).status_code == 303
    assert client.get(link).status_code == 404
    late = link_of(manager, "autre.personne@example.org")
    with clock.acting_at(clock.now() + timedelta(days=7, seconds=1)):
        assert client.get(late).status_code == 404
        assert client.post(late, data=chosen()).status_code == 404


def test_a_cancelled_link_is_worth_nothing(sign_in_as: SignIn, client: StrictClient, world: World) -> None:
    manager = sign_in_as("a.cap_emploi")
    link = link_of(manager)
    with as_owner() as session:
        waiting = session.scalars(select(Invitation.public_id)).one()
    assert manager.post(f"/mon-organisme/invitations/{waiting}/annulation").status_code == 303
    assert client.get(link).status_code == 404


def test_the_link_s_token_is_not_stored(sign_in_as: SignIn, world: World) -> None:
    token = link_of(sign_in_as("a.cap_emploi")).rpartition("/")[2]
    with as_owner() as session:
        row = session.scalars(select(Invitation)).one()
        assert token not in {str(getattr(row, column.key)) for column in Invitation.__table__.columns}


def test_inviting_tells_nothing_of_existing_accounts(sign_in_as: SignIn, client: StrictClient, world: World) -> None:
    manager = sign_in_as("a.cap_emploi")

    def neutral(text: str) -> str:
        return re.sub(r"/invitation/[\w-]+|csrf[^>]+|service_social\.b|inconnue", "", text)

    names = ("service_social.b", "inconnue")
    invited = [manager.post(PEOPLE, data=typed(f"{name}@example.org")).get_data(as_text=True) for name in names]
    assert neutral(invited[0]) == neutral(invited[1])
    links = [link_of(manager, f"{name}@example.org") for name in names]
    shown = [neutral(client.get(link).get_data(as_text=True)) for link in links]
    assert shown[0] == shown[1]


def test_an_invitation_takes_over_no_account(sign_in_as: SignIn, client: StrictClient, world: World) -> None:
    link = link_of(sign_in_as("a.cap_emploi"), "spst.b@example.org")
    refused = client.post(link, data=chosen())
    assert refused.status_code == 422
    assert "Ce mot de passe ne convient pas" in refused.get_data(as_text=True)
    assert not sign_in(client, "spst.b@example.org", GOOD)
    assert client.post(link, data=chosen(PASSWORD)).status_code == 303
    with as_owner() as session:
        assert session.scalar(select(func.count()).where(User.email == "spst.b@example.org")) == 1
        held = session.scalars(select(Membership).where(Membership.user_id == world.user["b.spst"])).all()
        assert len(held) == 2


def test_a_weak_password_is_refused_in_the_same_words_account_or_not(
    sign_in_as: SignIn, client: StrictClient, world: World
) -> None:
    manager, said = sign_in_as("a.cap_emploi"), []
    for email in ("spst.b@example.org", "inconnue@example.org"):
        answer = client.post(link_of(manager, email), data=chosen("trop court"))
        assert answer.status_code == 422
        said.append(
            re.findall(r"Il faut au moins[^<]+|Ce mot de passe ne convient[^<]+", answer.get_data(as_text=True))
        )
    assert said[0] == said[1] != []


def test_who_comes_back_finds_no_former_function(sign_in_as: SignIn, client: StrictClient, world: World) -> None:
    with as_owner() as session:
        left = session.scalars(select(Membership).where(Membership.user_id == world.user["a.spst"])).one()
        session.get_one(Membership, left.id).is_org_manager = True
        manager_id = left.user_id
    link = link_of(sign_in_as("a.spst"), "spst.a@example.org")
    with as_owner() as session:
        add_manager(session, world, "a.cpam", of="a.spst")
        session.scalars(select(Invitation)).one().invited_by_id = world.user["a.cpam"]
        session.get_one(Membership, left.id).ends_on = clock.today() - timedelta(days=1)
    assert client.post(link, data=chosen(PASSWORD)).status_code == 303
    with as_owner() as session:
        back = session.scalars(select(Membership).where(Membership.user_id == manager_id)).one()
        assert (back.is_org_manager, back.is_physician, back.starts_on) == (False, False, clock.today())
        assert session.scalars(select(Notice.kind).where(Notice.user_id == manager_id)).all() == [
            NoticeKind.INVITATION
        ]


def test_wrong_passwords_spend_the_invitation(sign_in_as: SignIn, client: StrictClient, world: World) -> None:
    link = link_of(sign_in_as("a.cap_emploi"), "spst.b@example.org")
    for _ in range(rules.MAX_FAILURES - 1):
        assert client.post(link, data=chosen()).status_code == 422
    assert client.post(link, data=chosen()).status_code in {404, 422}
    assert client.post(link, data=chosen(PASSWORD)).status_code == 404


def test_invitations_without_number_give_no_more_tries_than_the_front_door(
    sign_in_as: SignIn, client: StrictClient, world: World
) -> None:
    manager = sign_in_as("a.cap_emploi")
    for _ in range(2):
        link = link_of(manager, "spst.b@example.org")
        for _ in range(rules.MAX_FAILURES - 1):
            assert client.post(link, data=chosen()).status_code == 422
    assert client.post(link_of(manager, "spst.b@example.org"), data=chosen(PASSWORD)).status_code == 422
    later = link_of(manager, "spst.b@example.org")
    with clock.acting_at(clock.now() + timedelta(minutes=16)):
        assert client.post(later, data=chosen(PASSWORD)).status_code == 303


def test_who_is_taken_out_takes_no_invitation_along(sign_in_as: SignIn, client: StrictClient, world: World) -> None:
    manager = sign_in_as("a.cap_emploi")
    with as_owner() as session:
        other = add_manager(session, world, "a.cpam", of="a.cap_emploi")
        removed, left = other.public_id, "cpam.a@example.org"
    links = [link_of(manager), link_of(manager, left), link_of(manager, "reste@example.org")]
    with as_owner() as session:
        session.scalars(
            select(Invitation).where(Invitation.email == "nadia.nouvelle@example.org")
        ).one().invited_by_id = world.user["a.cpam"]
    assert [client.get(link).status_code for link in links] == [200, 200, 200]
    assert manager.post(f"{PEOPLE}/{removed}/retrait").status_code == 303
    assert [client.get(link).status_code for link in links] == [404, 404, 200]
    with as_owner() as session:
        cancelled = session.scalars(select(Invitation.email).where(Invitation.cancelled_at.is_not(None))).all()
        assert sorted(cancelled) == [left, "nadia.nouvelle@example.org"]


@pytest.mark.parametrize("end", ["membership", "function", "account"])
def test_an_invitation_is_worth_what_its_author_is(
    sign_in_as: SignIn, client: StrictClient, world: World, end: str
) -> None:
    link = link_of(sign_in_as("a.cap_emploi"))
    with as_owner() as session:
        author = session.scalars(select(Membership).where(Membership.user_id == world.user["a.cap_emploi"])).one()
        if end == "membership":
            author.ends_on = clock.today() - timedelta(days=1)
        elif end == "function":
            author.is_org_manager = False
        else:
            session.get_one(User, author.user_id).disabled_at = clock.now()
    assert client.get(link).status_code == 404
    assert client.post(link, data=chosen()).status_code == 404
    with as_owner() as session:
        assert session.scalar(select(func.count()).where(User.email == "nadia.nouvelle@example.org")) == 0


@pytest.mark.parametrize(
    ("password", "fits"),
    [
        ("treize signes", False),
        ("quatorze signe", True),
        ("motdepasse1234", False),
        ("azertyazertyazerty", False),
        ("aaaaaaaaaaaaaaaaaa", False),
        ("nadia.nouvelle.26", False),
        ("le train de nuit pour Brest", True),
        ("le train de nuit " * 16, False),
    ],
)
def test_a_password_is_long_and_hard_to_guess(password: str, fits: bool) -> None:
    if fits:
        check_password(password, password, about=["Nadia", "Nouvelle", "nadia.nouvelle@example.org"])
        return
    with pytest.raises(InvalidInput) as refused:
        check_password(password, password, about=["Nadia", "Nouvelle", "nadia.nouvelle@example.org"])
    assert set(refused.value.errors) == {"password"}


def test_an_access_taken_away_opens_nothing_more(sign_in_as: SignIn, client: StrictClient, world: World) -> None:
    manager = sign_in_as("a.cap_emploi")
    client.post(link_of(manager), data=chosen())
    nadia = let_in(sign_in_as, world, "nadia.nouvelle@example.org")
    assert nadia.get("/").status_code == 200
    with as_owner() as session:
        joined = session.scalars(
            select(Membership.public_id).join(User).where(User.email == "nadia.nouvelle@example.org")
        ).one()
    assert "Nadia Nouvelle" in manager.get(f"{PEOPLE}/{joined}/retrait").get_data(as_text=True)
    assert manager.post(f"{PEOPLE}/{joined}/retrait").status_code == 303
    assert nadia.get("/").location.startswith("/connexion")
    assert not sign_in(client, "nadia.nouvelle@example.org", GOOD)


def test_the_last_manager_stays(sign_in_as: SignIn, world: World) -> None:
    manager = sign_in_as("a.cap_emploi")
    refused = manager.post(f"{PEOPLE}/{world.membership['a.cap_emploi']}/retrait")
    assert refused.status_code == 422
    assert "seule personne" in refused.get_data(as_text=True)


def test_a_manager_reaches_no_other_organisation(sign_in_as: SignIn, world: World) -> None:
    manager = sign_in_as("a.cap_emploi")
    for name in ("a.spst", "b.cap_emploi", "a.coordinateur"):
        assert manager.get(f"{PEOPLE}/{world.membership[name]}/retrait").status_code == 404
        assert manager.post(f"{PEOPLE}/{world.membership[name]}/retrait").status_code == 404


def test_without_the_function_one_sees_but_does_not_manage(sign_in_as: SignIn, world: World) -> None:
    member = sign_in_as("a.spst")
    page = member.get(PEOPLE).get_data(as_text=True)
    assert "Inviter une personne" not in page
    assert member.post(PEOPLE, data=typed()).status_code == 404
    assert member.get(f"{PEOPLE}/{world.membership['a.spst']}/retrait").status_code == 404


def test_the_end_of_an_association_acts_on_the_next_request(sign_in_as: SignIn, world: World) -> None:
    partner = sign_in_as("a.cap_emploi")
    assert partner.get("/").status_code == 200
    with as_owner() as session:
        link: Any = session.scalars(
            select(CelluleOrganisation).where(
                CelluleOrganisation.organisation_id == world.organisation["a.cap_emploi"]
            )
        ).one()
        link.left_on = clock.today() - timedelta(days=1)
    assert partner.get("/").location.startswith("/connexion")


def test_a_disabled_person_is_out_at_once(sign_in_as: SignIn, world: World) -> None:
    partner = sign_in_as("a.cap_emploi")
    assert partner.get("/").status_code == 200
    with as_owner() as session:
        session.get_one(User, world.user["a.cap_emploi"]).disabled_at = clock.now()
    assert partner.get("/").location.startswith("/connexion")
