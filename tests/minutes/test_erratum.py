"""An erratum is one more edition: both readable, each correction for those who read what it speaks of."""

from collections.abc import Callable

import pytest

from pdp.core import clock
from pdp.core.errors import Conflict, InvalidInput, NotFound, RuleViolation
from pdp.minutes import service
from pdp.minutes.compose import compose
from pdp.minutes.enums import EventReason, SendingState
from pdp.minutes.erratum import CorrectedPart, Correction, Edition, correct, correctable
from pdp.minutes.recipients import CORE, partner
from pdp.minutes.redaction import redact
from pdp.minutes.render import RENDERERS
from pdp.minutes.serial import content_hash, from_plain, to_plain
from pdp.policy.actor import Actor
from pdp.policy.labels import Label
from tests.minutes import canaries, seance
from tests.minutes.example import CAP_EMPLOI, SPST
from tests.minutes.extract import words
from tests.minutes.seance import HELD_AT
from tests.minutes.test_sending import composed, leave, send
from tests.support.world import World

ActorOf = Callable[[str], Actor]
EDITION = Edition(1, "2026-04-E1", clock.local(HELD_AT), "2026-04", clock.local(HELD_AT), "mars, entrée 12")


def correction(position: int, part: CorrectedPart, word: str) -> Correction:
    return Correction(position, part, f"QXWRONG{word}", f"QXHOLDS{word}", f"QXREASON{word}")


def held(text: str, word: str) -> list[str]:
    return [kind for kind in ("QXWRONG", "QXHOLDS", "QXREASON") if f"{kind}{word}" in text]


@pytest.mark.parametrize("name", ["pdf", "docx", "odt"])
def test_each_correction_is_printed_for_those_who_read_its_part(name: str) -> None:
    facts = canaries.meeting(cap_emploi=frozenset({Label.REQUEST, Label.OPINION}), spst=frozenset({Label.REQUEST}))
    complete = compose(facts)
    [case, *_] = [point.position for point in correctable(complete) if point.has_case]
    corrected = correct(
        complete,
        [
            correction(case, CorrectedPart.OPINION, "OPINION"),
            correction(case, CorrectedPart.BALLOT, "BALLOT"),
            correction(0, CorrectedPart.BALLOT, "SEANCE"),
        ],
        EDITION,
    )
    three = ["QXWRONG", "QXHOLDS", "QXREASON"]
    cap_emploi, spst = partner(facts, CAP_EMPLOI, "Cap emploi"), partner(facts, SPST, "SPST")
    for recipient, opinion, ballot, whole in (
        (CORE, three, three, three),
        (cap_emploi, three, [], three),
        (spst, [], [], three),
    ):
        text = words(name, RENDERERS[name].render(redact(corrected, recipient)))
        assert held(text, "OPINION") == opinion, recipient
        assert held(text, "BALLOT") == ballot, recipient
        assert held(text, "SEANCE") == whole, recipient
        assert "2026-04-E1" in text
        assert "remplace le procès-verbal n°" in text.replace("\n", " ")


def test_an_edition_is_the_former_one_and_its_corrections_alone() -> None:
    complete = compose(canaries.meeting())
    corrected = correct(complete, [], EDITION)
    kept = [block for block in corrected.blocks if block in complete.blocks]
    # The opening, then the notice; the closing says where the journal stands now.
    assert len(corrected.blocks) == len(complete.blocks) + 1
    assert len(kept) >= len(complete.blocks) - 1
    assert from_plain(to_plain(corrected)) == corrected
    assert content_hash(corrected) != content_hash(complete)


def test_a_point_that_is_not_there_cannot_be_corrected() -> None:
    with pytest.raises(ValueError, match="Le point 99"):
        correct(compose(canaries.meeting()), [correction(99, CorrectedPart.OPINION, "")], EDITION)


def test_the_two_editions_are_kept_and_the_former_says_by_which_it_is_replaced(
    world: World, actor_of: ActorOf
) -> None:
    coordinator, meeting, versions = composed(actor_of, world)
    partner_ = actor_of("a.cap_emploi")
    send(coordinator, meeting, versions["Cap emploi"])
    before = service.download(partner_, meeting, versions["Cap emploi"], "pdf").body
    made = service.compose_erratum(
        coordinator, meeting, edition=1, corrections=[correction(1, CorrectedPart.OPINION, "SHARED")]
    )
    assert made.reference == f"{HELD_AT.year}-01-E1"
    newest = service.read_minutes(coordinator, meeting)
    former = service.read_minutes(coordinator, meeting, edition=1)
    assert (newest.minutes.edition, newest.replaced_by) == (2, None)
    assert former.replaced_by is not None
    assert former.replaced_by.reference == made.reference
    # What was received stays as it was until the new edition arrives.
    received = service.read_minutes(partner_, meeting)
    assert received.minutes.edition == 1
    assert received.replaced_by is not None
    assert "QXWRONGSHARED" not in str(received.shown.content)
    [line] = [line for line in service.read_sending(coordinator, meeting).lines if line.had_former]
    assert line.version.name == "Cap emploi"
    send(coordinator, meeting, line.version.public_id)
    corrected = service.read_minutes(partner_, meeting)
    assert [row.edition for row in corrected.editions] == [2, 1]
    assert "QXHOLDSSHARED" in str(corrected.shown.content)
    assert service.download(partner_, meeting, versions["Cap emploi"], "pdf").body == before


def test_a_former_edition_waiting_to_leave_is_held(world: World, actor_of: ActorOf) -> None:
    coordinator, meeting, versions = composed(actor_of, world)
    leaves_at = service.prepare_sending(coordinator, meeting, versions=[versions["Cap emploi"]])
    service.compose_erratum(
        coordinator, meeting, edition=1, corrections=[correction(2, CorrectedPart.REQUEST, "ALONE")]
    )
    assert leave(leaves_at) == 0
    sending = service.read_minutes(coordinator, meeting, edition=1).sendings.values()
    assert {(each.state, each.reason) for each in sending if each.at} == {(SendingState.HELD, EventReason.REPLACED)}
    cap = next(line for line in service.read_sending(coordinator, meeting).lines if line.version.name == "Cap emploi")
    send(coordinator, meeting, cap.version.public_id)
    assert "QXHOLDSALONE" not in str(service.read_minutes(actor_of("a.cap_emploi"), meeting).shown.content)


def test_an_erratum_is_written_from_the_edition_that_was_read(world: World, actor_of: ActorOf) -> None:
    coordinator, meeting, _ = composed(actor_of, world)
    fix = [correction(1, CorrectedPart.OPINION, "ONE")]
    with pytest.raises(InvalidInput):
        service.compose_erratum(coordinator, meeting, edition=1, corrections=[])
    with pytest.raises(RuleViolation, match="Le point 9"):
        service.compose_erratum(
            coordinator, meeting, edition=1, corrections=[correction(9, CorrectedPart.OPINION, "NINE")]
        )
    for role in ("cpam", "service_social", "cap_emploi"):
        with pytest.raises(NotFound):
            service.compose_erratum(actor_of(f"a.{role}"), meeting, edition=1, corrections=fix)
    service.compose_erratum(coordinator, meeting, edition=1, corrections=fix)
    with pytest.raises(Conflict, match="entre-temps"):
        service.compose_erratum(coordinator, meeting, edition=1, corrections=fix)
    second = service.compose_erratum(
        coordinator, meeting, edition=2, corrections=[correction(1, CorrectedPart.OPINION, "TWO")]
    )
    assert second.reference == f"{HELD_AT.year}-01-E2"
    text = str(service.read_minutes(coordinator, meeting).shown.content)
    assert [
        word for word in ("QXHOLDSONE", "QXHOLDSTWO", "Erratum n°\\xa01", "Erratum n°\\xa02") if word not in text
    ] == []


def test_minutes_of_the_next_seance_take_the_next_number(world: World, actor_of: ActorOf) -> None:
    coordinator, meeting, _ = composed(actor_of, world)
    service.compose_erratum(coordinator, meeting, edition=1, corrections=[correction(1, CorrectedPart.OPINION, "X")])
    following = service.compose_minutes(coordinator, seance.hold(world).meeting)
    assert following.reference == f"{HELD_AT.year}-02"
