"""Redaction acts on the marks of the document, and denies what they do not clearly allow."""

from dataclasses import replace

import pytest

from pdp.minutes.compose import compose
from pdp.minutes.document import Document, Heading, Mark, Paragraph, Point, Segment, Table, Together
from pdp.minutes.facts import MoveFacts
from pdp.minutes.recipients import CORE, OWN_LABELS, Article, Partner, may_read, partner
from pdp.minutes.redaction import redact
from pdp.policy.labels import Label
from tests.minutes import example
from tests.minutes.example import ALL_SHARED, CAP_EMPLOI, SPST

READER = Partner(5, "Cap emploi", {2: frozenset({Label.OPINION}), 4: frozenset()})


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        (Mark(), True),
        (Mark(item=2), True),
        (Mark(Label.OPINION, item=2), True),
        (Mark(Label.OPINION, item=3), False),
        (Mark(Label.REQUEST, item=2), False),
        (Mark(Label.OPINION), False),
        (Mark(item=4), False),
        (Mark(Label.ACTION, item=2, owner=5), True),
        (Mark(Label.ACTION, item=2, owner=1), False),
        (Mark(Label.ACTION, item=2), False),
        (Mark(Label.ACTION, item=3, owner=5), False),
        (Mark(Label.BALLOT, item=2, owner=5), True),
        (Mark(Label.BALLOT, item=2), False),
    ],
)
def test_a_partner_reads_a_mark_only_when_item_label_and_owner_allow_it(mark: Mark, expected: bool) -> None:
    assert may_read(mark, READER) is expected


def test_own_labels_are_those_of_the_access_matrix() -> None:
    assert {
        Label.SIGNAL,
        Label.BALLOT,
        Label.ACTION,
        Label.AGGREGATE,
        Label.JOURNAL,
    } == OWN_LABELS


def version(organisation: int, name: str, article: Article = "") -> Document:
    facts = example.meeting()
    return redact(compose(facts), partner(facts, organisation, name, article))


def opening(document: Document) -> str:
    first = document.blocks[0]
    assert isinstance(first, Paragraph)
    return "".join(segment.text for segment in first.line)


def numbers(document: Document) -> list[str]:
    points = (block for block in document.blocks if isinstance(block, Point))
    headings = (next(part for part in point.blocks if isinstance(part, Heading)) for point in points)
    return [heading.line[0].text for heading in headings]


def test_a_version_numbers_its_own_points_and_tells_nothing_of_the_others() -> None:
    document = version(CAP_EMPLOI, "Cap emploi")
    assert [block.position for block in document.blocks if isinstance(block, Point)] == [1, 2]
    assert numbers(document) == ["1. ", "2. "]
    assert document.meta.points_line == "Deux points"
    assert opening(document).endswith("Cette version ne contient que les points qui concernent Cap emploi.")


def test_who_came_late_came_at_an_hour_and_at_no_point_that_a_version_does_not_hold() -> None:
    facts = example.meeting()
    late = replace(facts.attendance[0], moves=(MoveFacts("arrivée", example.at(14, 9), 9),))
    document = compose(replace(facts, attendance=(late, *facts.attendance[1:])))
    for recipient, expected in ((CORE, "arrivée à 14 h 09, point 9"), (READER, "arrivée à 14 h 09")):
        table = next(
            part
            for block in redact(document, recipient).blocks
            if isinstance(block, Together)
            for part in block.blocks
            if isinstance(part, Table)
        )
        [segment] = table.rows[0][-1]
        assert segment.text.replace("\u00a0", " ") == expected


def test_the_words_are_the_same_whatever_was_left_out() -> None:
    facts = example.meeting(replace(example.paul(), readers={CAP_EMPLOI: ALL_SHARED}))
    document = redact(compose(facts), partner(facts, CAP_EMPLOI, "Cap emploi"))
    assert opening(document) == opening(version(CAP_EMPLOI, "Cap emploi"))


def test_a_point_left_out_in_the_middle_leaves_no_gap() -> None:
    facts = example.meeting()
    kept = facts.items[-1]
    moved = replace(kept, position=max(item.position for item in facts.items) + 5)
    widened = replace(facts, items=(*facts.items[:-1], moved))
    alone = redact(compose(widened), partner(widened, SPST, "SPST", "le"))
    assert numbers(alone) == [f"{number}. " for number in range(1, len(numbers(alone)) + 1)]
    assert alone.meta.points_total == len(numbers(alone))


@pytest.mark.parametrize(
    ("name", "article", "expected"),
    [
        ("Cap emploi", "", "Version destinée à Cap emploi"),
        ("SPST", "le", "Version destinée au SPST"),
        ("MDPH", "la", "Version destinée à la MDPH"),
        ("OETH", "l’", "Version destinée à l’OETH"),
        ("services", "les", "Version destinée aux services"),
    ],
)
def test_the_name_of_the_recipient_fits_into_the_sentence(name: str, article: Article, expected: str) -> None:
    assert version(CAP_EMPLOI, name, article).meta.version_line == expected


def test_the_core_receives_the_document_unchanged() -> None:
    document = compose(example.meeting())
    assert redact(document, CORE) is document


def test_a_reduced_version_cannot_be_reduced_again() -> None:
    with pytest.raises(ValueError, match="version complète"):
        redact(version(CAP_EMPLOI, "Cap emploi"), READER)


def test_a_label_outside_any_item_is_dropped() -> None:
    document = compose(example.meeting())
    stray = Paragraph((Segment("un reste", Mark(Label.OPINION)),))
    reduced = redact(replace(document, blocks=(*document.blocks, stray)), READER)
    assert stray not in reduced.blocks
