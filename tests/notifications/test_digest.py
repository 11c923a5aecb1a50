"""One mail for all that came, at the pace that each person chose; who is away is stood in for."""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from pdp.accounts.models import User
from pdp.consent.models import SharingAgreement
from pdp.core import clock, db
from pdp.notifications import rules, service
from pdp.notifications.enums import DropReason, Family, NoticeKind, Pace
from pdp.notifications.models import Notice, OutboxMail
from pdp.policy.actor import Actor
from tests.notifications.builders import at_once
from tests.notifications.smtp import Mailbox, listening
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]
Figure = Callable[[str, object], None]


def tell(
    world: World, actor: Actor, people: Collection[str], kind: NoticeKind, link: str, case: str | None = None
) -> None:
    with db.transaction(actor):
        service.notify(
            [world.user[name] for name in people],
            kind,
            cellule_id=actor.cellule_id,
            case_id=world.case_id[case] if case else None,
            link=link,
        )


def choose(world: World, name: str, **values: Pace | date) -> None:
    with as_owner() as session:
        session.execute(update(User).where(User.id == world.user[name]).values(**values))


def pile_up(world: World, actor: Actor, name: str, count: int = 5) -> None:
    for number in range(count):
        tell(world, actor, [name], NoticeKind.ADVICE_ASKED, f"/dossiers/{number}", "a.shared")
    tell(world, actor, [name], NoticeKind.MEETING_PLANNED, "/seances/1")


def words(mailbox: Mailbox) -> str:
    [(_, message)] = mailbox.received
    return " ".join(message.get_content().replace("\u00a0", " ").split())


def test_what_piled_up_is_one_mail_that_counts_and_links(world: World, actor_of: ActorOf, figure: Figure) -> None:
    pile_up(world, actor_of("a.service_social"), "a.cap_emploi")
    with listening() as (mailbox, _):
        assert service.deliver().sent == 0, "nothing leaves before its hour"
        assert service.queue_digests() == 1
        assert service.deliver().sent == 1
        assert (service.queue_digests(), service.deliver().sent) == (0, 0), "a second run tells nothing again"
    text = words(mailbox)
    assert "6 éléments vous attendent : 5 sur des dossiers, 1 sur des séances ou des consultations." in text
    assert "https://pdp.example.org/notifications" in text
    assert mailbox.received[0][1]["Subject"] == "Ce qui vous attend dans la Cellule PDP"
    assert not [word for word in ("2026-0002", "avis", "Maintien", "cap") if word in text]
    figure("mails.digest", "6 notices, 1 mail, 0 at the second run")


def test_a_digest_comes_again_only_when_something_new_did(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.service_social")
    pile_up(world, actor, "a.cap_emploi", 1)
    with listening() as (mailbox, _):
        service.queue_digests()
        service.deliver()
        tell(world, actor, ["a.cap_emploi"], NoticeKind.PROPOSAL_ANSWERED, "/dossiers/neuf")
        assert service.queue_digests() == 1
        service.deliver()
    assert len(mailbox.received) == 2
    assert "3 éléments" in mailbox.received[1][1].get_content().replace("\u00a0", " ")


def test_what_was_read_or_taken_away_before_the_hour_is_not_told(world: World, actor_of: ActorOf) -> None:
    actor = actor_of("a.service_social")
    pile_up(world, actor, "a.spst", 2)
    service.mark_all_seen(actor_of("a.spst"))
    tell(world, actor, ["a.cap_emploi"], NoticeKind.ADVICE_ASKED, "/dossiers/1", "a.shared")
    assert service.queue_digests() == 1
    with as_owner() as session:
        session.query(SharingAgreement).filter_by(case_id=world.case_id["a.shared"]).update(
            {"withdrawn_on": clock.today()}
        )
    with listening() as (mailbox, _):
        assert service.deliver().dropped == 1
    assert mailbox.received == []
    with as_owner() as session:
        assert session.scalars(select(OutboxMail.reason)).all() == [DropReason.NOTHING_LEFT]


def test_each_family_follows_its_own_choice(world: World, actor_of: ActorOf) -> None:
    choose(
        world,
        "a.cap_emploi",
        mails_about_cases=Pace.AT_ONCE,
        mails_about_meetings=Pace.SITE,
        mails_about_duties=Pace.DIGEST,
    )
    actor = actor_of("a.service_social")
    for kind, link in (
        (NoticeKind.ADVICE_ASKED, "/dossiers/1"),
        (NoticeKind.MEETING_PLANNED, "/seances/1"),
        (NoticeKind.RIGHTS_DUE, "/droits/1"),
        (NoticeKind.CONVOCATION_CHANGED, "/seances/2"),
    ):
        tell(world, actor, ["a.cap_emploi"], kind, link)
    with as_owner() as session:
        queued = session.scalars(select(OutboxMail.kind).order_by(OutboxMail.id)).all()
    assert list(queued) == [NoticeKind.ADVICE_ASKED, NoticeKind.CONVOCATION_CHANGED], "what is urgent leaves anyway"
    assert service.queue_digests() == 1
    assert service.queue_digests() == 0
    assert len(service.list_notices(actor_of("a.cap_emploi"))) == 4


def test_nobody_gets_more_than_six_mails_a_day_but_the_urgent_ones(
    world: World, actor_of: ActorOf, figure: Figure
) -> None:
    at_once()
    actor = actor_of("a.service_social")
    noon = datetime(2026, 4, 10, 10, tzinfo=UTC)
    with clock.acting_at(noon):
        for number in range(10):
            tell(world, actor, ["a.cap_emploi"], NoticeKind.ADVICE_ASKED, f"/dossiers/{number}")
        tell(world, actor, ["a.cap_emploi"], NoticeKind.CONVOCATION_CHANGED, "/seances/1")
        assert service.queue_digests() == 1, "the rest is told in the digest"
    with clock.acting_at(noon + timedelta(days=1)):
        tell(world, actor, ["a.cap_emploi"], NoticeKind.ADVICE_ASKED, "/dossiers/demain")
    with as_owner() as session:
        kinds = session.scalars(select(OutboxMail.kind)).all()
    assert (kinds.count(NoticeKind.ADVICE_ASKED), len(kinds)) == (6 + 1, 6 + 1 + 1 + 1)
    figure("mails.limit", "10 acts in a day: 6 mails, 4 in the digest; 1 urgent one besides")


def test_the_suppleant_is_told_while_the_titulaire_is_away_who_hears_of_it_on_return(
    world: World, actor_of: ActorOf, figure: Figure
) -> None:
    actor, today = actor_of("a.service_social"), clock.today()
    with as_owner() as session:
        session.execute(update(Notice).values(seen_at=clock.now()))
    stand_in = second(world)
    choose(world, "a.cap_emploi", absent_from=today, absent_until=today + timedelta(days=3))
    tell(world, actor, ["a.cap_emploi"], NoticeKind.ADVICE_ASKED, "/dossiers/1", "a.shared")
    tell(world, actor, ["a.cap_emploi"], NoticeKind.PASSWORD_CHANGED, "/mon-compte")
    with as_owner() as session:
        told = session.execute(select(Notice.user_id, Notice.kind).where(Notice.seen_at.is_(None))).all()
    assert sorted(told, key=str) == sorted(
        [
            (world.user["a.cap_emploi"], NoticeKind.ADVICE_ASKED),
            (world.user["a.cap_emploi"], NoticeKind.PASSWORD_CHANGED),
            (stand_in, NoticeKind.ADVICE_ASKED),
        ],
        key=str,
    )
    assert digests() == set()
    service.queue_digests()
    assert digests() == {stand_in}
    with clock.acting_at(clock.now() + timedelta(days=4)):
        service.queue_digests()
    assert digests() == {stand_in, world.user["a.cap_emploi"]}
    figure("notices.absence", "1 stand-in told at once, 1 mail on the day of return, 0 about the account")


def digests() -> set[int]:
    with as_owner() as session:
        found = session.scalars(select(OutboxMail.user_id).where(OutboxMail.kind == NoticeKind.DIGEST))
        return set(found)


def second(world: World) -> int:
    """Give the seat of `a.cap_emploi` a suppléant, and return who."""
    from pdp.accounts.enums import HolderRank
    from pdp.accounts.models import Membership, SeatHolder

    with as_owner() as session:
        theirs = session.scalars(select(Membership).where(Membership.user_id == world.user["a.cap_emploi"])).first()
        assert theirs is not None
        seat = session.scalars(select(SeatHolder).where(SeatHolder.membership_id == theirs.id)).first()
        assert seat is not None
        session.execute(
            update(SeatHolder).where(SeatHolder.membership_id == theirs.id).values(rank=HolderRank.TITULAIRE)
        )
        user = User(email="suppleant.a@example.org", given_name="Ada", family_name="Relais", created_at=clock.now())
        session.add(user)
        session.flush()
        member = Membership(
            user_id=user.id,
            organisation_id=theirs.organisation_id,
            cellule_id=theirs.cellule_id,
            role=theirs.role,
            starts_on=theirs.starts_on,
        )
        session.add(member)
        session.flush()
        session.add(
            SeatHolder(
                seat_id=seat.seat_id, membership_id=member.id, rank=HolderRank.SUPPLEANT, starts_on=theirs.starts_on
            )
        )
        session.flush()
        return user.id


def test_a_reminder_is_kept_from_coming_too_often(world: World, actor_of: ActorOf) -> None:
    actor, start = actor_of("a.service_social"), datetime(2026, 4, 7, 9, tzinfo=UTC)
    called = []
    for days in range(14):
        with clock.acting_at(start + timedelta(days=days)), db.transaction(actor):
            found = service.remind(
                [world.user["a.spst"]],
                NoticeKind.CONVOCATION_REMINDER,
                cellule_id=actor.cellule_id,
                link="/seances/1",
            )
            called += [days] if found else []
        with clock.acting_at(start + timedelta(days=days, minutes=1)):
            service.deliver()
    # Tuesday, then two working days later each time; Sunday does not count; a call and three reminders.
    assert called == [0, 2, 4, 7]
    link, kinds = "/seances/1", [NoticeKind.CONVOCATION_REMINDER]
    last = service.last_told(actor, [world.user["a.spst"]], kinds, link)
    assert last == {world.user["a.spst"]: start + timedelta(days=7)}


LEAVES = [
    (NoticeKind.PASSWORD_RESET, Pace.SITE, True, 99, True),
    (NoticeKind.CONVOCATION, Pace.SITE, False, 99, True),
    (NoticeKind.ADVICE_ASKED, Pace.AT_ONCE, False, 0, True),
    (NoticeKind.ADVICE_ASKED, Pace.AT_ONCE, False, 5, True),
    (NoticeKind.ADVICE_ASKED, Pace.AT_ONCE, False, 6, False),
    (NoticeKind.ADVICE_ASKED, Pace.AT_ONCE, True, 0, False),
    (NoticeKind.ADVICE_ASKED, Pace.DIGEST, False, 0, False),
    (NoticeKind.ADVICE_ASKED, Pace.SITE, False, 0, False),
]


@pytest.mark.parametrize(("kind", "pace", "absent", "mails", "expected"), LEAVES)
def test_what_leaves_at_once(kind: NoticeKind, pace: Pace, absent: bool, mails: int, expected: bool) -> None:
    assert rules.leaves_at_once(kind, pace, absent=absent, mails_today=mails) is expected


TOLD = [
    ([], "2026-04-07", True),
    (["2026-04-07"], "2026-04-07", False),
    (["2026-04-07"], "2026-04-08", False),
    (["2026-04-07"], "2026-04-09", True),
    (["2026-04-10"], "2026-04-13", True),
    (["2026-04-11"], "2026-04-13", False),
    (["2026-04-01", "2026-04-03", "2026-04-07"], "2026-04-30", True),
    (["2026-04-01", "2026-04-03", "2026-04-07", "2026-04-10"], "2026-04-30", False),
    (["2026-04-09"], "2026-04-07", False),
]


@pytest.mark.parametrize(("told", "today", "expected"), TOLD)
def test_when_somebody_may_be_reminded(told: list[str], today: str, expected: bool) -> None:
    assert rules.may_remind([date.fromisoformat(day) for day in told], date.fromisoformat(today)) is expected


def test_every_kind_has_a_family_and_the_account_s_own_are_nobody_else_s() -> None:
    assert set(rules.FAMILIES) == set(NoticeKind)
    assert rules.FAMILIES[NoticeKind.ADVICE_ASKED] is Family.CASES
    assert rules.FAMILIES[NoticeKind.CONVOCATION] is Family.MEETINGS
    assert rules.FAMILIES[NoticeKind.RIGHTS_DUE] is Family.DUTIES
    assert rules.PERSONAL <= rules.URGENT
