"""Composition is pure, refuses what no minutes may hold, and gives stable canonical bytes."""

from dataclasses import replace

import pytest

from pdp.minutes.compose import compose, presence
from pdp.minutes.document import ForbiddenLabel, Mark
from pdp.minutes.enums import PresenceMode, PresenceState, StatusGroup
from pdp.minutes.facts import EligibilityFacts, MoveFacts, PointFacts, RemarkFacts, StatusFacts
from pdp.minutes.recipients import Partner, may_read, partner
from pdp.minutes.redaction import redact
from pdp.minutes.serial import canonical_json, content_hash, from_plain, read_canonical, to_plain
from pdp.minutes.text import IllegalText, clean_text
from pdp.policy.labels import Label
from tests.minutes import example


@pytest.mark.parametrize("label", [Label.MEDICAL, Label.SOCIAL, Label.NIR, Label.ALLOWANCE])
def test_a_label_that_no_minutes_may_hold_is_refused(label: Label) -> None:
    item = replace(example.paul(), remarks=(RemarkFacts(label, "Autre", "un texte"),))
    with pytest.raises(ForbiddenLabel, match="ne figure jamais dans un procès-verbal"):
        compose(example.meeting(item))
    with pytest.raises(ForbiddenLabel):
        Mark(label)


def test_two_points_with_one_number_are_refused() -> None:
    facts = example.meeting(example.paul(), replace(example.valerie(), position=2))
    with pytest.raises(ValueError, match="même numéro dans l’ordre du jour : 2"):
        compose(facts)


def test_the_same_facts_give_the_same_bytes() -> None:
    assert canonical_json(compose(example.meeting())) == canonical_json(compose(example.meeting()))


def test_any_change_of_content_changes_the_hash() -> None:
    hashes = {
        content_hash(compose(facts))
        for facts in (
            example.meeting(),
            replace(example.meeting(), place="salle 2"),
            example.meeting(example.paul(), example.valerie()),
            example.meeting(replace(example.paul(), tally="Trois voix pour."), example.valerie(), example.gilles()),
            replace(example.meeting(), points=(PointFacts(1, "Approbation", "Approuvé."),)),
        )
    }
    assert len(hashes) == 5


def test_each_version_has_its_own_hash() -> None:
    facts = example.meeting()
    document = compose(facts)
    reduced = redact(document, partner(facts, example.CAP_EMPLOI, "Cap emploi"))
    assert content_hash(document) != content_hash(reduced)


def test_a_document_is_read_back_as_it_was_written() -> None:
    document = compose(example.meeting())
    assert read_canonical(canonical_json(document)) == document
    assert from_plain(to_plain(document)) == document


def test_the_points_follow_their_numbers_whatever_the_order_of_the_facts() -> None:
    first = compose(example.meeting(example.paul(), example.valerie(), example.gilles()))
    second = compose(example.meeting(example.gilles(), example.paul(), example.valerie()))
    assert content_hash(first) == content_hash(second)


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x1b", "\ufffe", "\ud800"])
def test_a_control_character_is_refused_with_its_code(character: str) -> None:
    with pytest.raises(IllegalText, match=rf"avant  après.*U\+{ord(character):04X}"):
        clean_text(f"avant {character} après")


@pytest.mark.parametrize("text", ["a\tb\nc\r\nd", "& <script> #let {{ }} =HYPERLINK", "é ☂ 中文 😀", ""])
def test_any_other_text_passes_unchanged(text: str) -> None:
    assert clean_text(text) == text


def test_presence_is_told_in_words() -> None:
    seat = example.attendance()[0]
    assert presence(seat) == "toute la séance"
    assert presence(replace(seat, mode=PresenceMode.PHONE)) == "toute la séance, par téléphone"
    assert presence(replace(seat, state=PresenceState.EXCUSED)) == "excusé"
    moves = (
        MoveFacts("arrivée", example.at(14, 9), 3),
        MoveFacts("départ", example.at(14, 40), 5),
        MoveFacts("retour", example.at(15), 7),
    )
    words = presence(replace(seat, moves=moves)).replace("\u00a0", " ")
    assert words == "arrivée à 14 h 09, point 3 ; départ à 14 h 40, point 5 ; retour à 15 h, point 7"
    handed = replace(seat, state=PresenceState.REPRESENTED, moves=moves[1:2])
    assert presence(handed).replace("\u00a0", " ") == "départ à 14 h 40, point 5 ; représenté"


def test_another_situation_is_written_in_words_beside_the_name() -> None:
    item = replace(
        example.paul(),
        statuses=(StatusFacts(StatusGroup.AUTRE, "Autre situation"),),
        eligibility=(
            EligibilityFacts(StatusGroup.AUTRE, "Autre situation", "À vérifier", "la situation est à vérifier"),
            example.paul().eligibility[0],
        ),
    )
    text = canonical_json(compose(example.meeting(item))).decode()
    assert ", autre situation" in text
    assert "À vérifier\u00a0: la situation est à vérifier." in text


def test_a_text_is_read_only_with_every_label_it_speaks_of() -> None:
    mark = Mark(Label.REQUEST, item=2, also=(Label.STOPPAGE,))
    with_both = Partner(1, "Cap emploi", {2: frozenset({Label.REQUEST, Label.STOPPAGE})})
    with_one = Partner(1, "Cap emploi", {2: frozenset({Label.REQUEST})})
    assert may_read(mark, with_both)
    assert not may_read(mark, with_one)
    assert not may_read(Mark(Label.REQUEST, item=2, also=(Label.BALLOT,)), with_both)
    with pytest.raises(ForbiddenLabel):
        Mark(Label.REQUEST, item=2, also=(Label.ALLOWANCE,))
