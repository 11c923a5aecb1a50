"""Each recipient finds in each format what it may read, and no trace of the rest."""

from collections.abc import Callable

import pytest

from pdp.minutes.compose import compose
from pdp.minutes.recipients import CORE, partner
from pdp.minutes.redaction import redact
from pdp.minutes.render import RENDERERS
from pdp.policy.labels import Label
from tests.minutes import canaries
from tests.minutes.canaries import (
    BY_LABEL,
    CORE_ONLY,
    EVERY_LABELLED,
    INITIALS,
    OF_CAP_EMPLOI,
    OF_SPST,
    OTHER_CASE,
    PUBLIC,
)
from tests.minutes.example import CAP_EMPLOI, SPST
from tests.minutes.extract import words

FORMATS = ("pdf", "docx", "odt")
EVERY_LABEL = frozenset(BY_LABEL)


def read(name: str, organisation: int | None, **readers: frozenset[Label]) -> str:
    facts = canaries.meeting(**readers)
    recipient = CORE if organisation is None else partner(facts, organisation, "Partenaire")
    text = words(name, RENDERERS[name].render(redact(compose(facts), recipient)))
    return text.replace("\u00a0", " ")


def found(text: str, searched: tuple[str, ...]) -> list[str]:
    return [word for word in searched if word in text]


@pytest.mark.parametrize("name", FORMATS)
def test_the_complete_version_holds_every_fact(name: str) -> None:
    text = read(name, None)
    everything = (*PUBLIC, *EVERY_LABELLED, *CORE_ONLY, *OF_CAP_EMPLOI, *OF_SPST, "Valérie Lambert", "2026-0118")
    assert found(text, everything) == list(everything)
    assert "Version complète" in text


@pytest.mark.parametrize("name", FORMATS)
def test_a_partner_with_every_label_reads_its_case_and_what_is_its_own(
    name: str, figure: Callable[[str, object], None]
) -> None:
    text = read(name, CAP_EMPLOI, cap_emploi=EVERY_LABEL)
    allowed, hidden = (*PUBLIC, *EVERY_LABELLED, *OF_CAP_EMPLOI), (*CORE_ONLY, *OF_SPST, *OTHER_CASE)
    assert found(text, allowed) == list(allowed)
    assert found(text, hidden) == []
    figure("minutes.canaries", f"{name}: {len(allowed)} of {len(allowed)} found, 0 of {len(hidden)} leaked")


@pytest.mark.parametrize("name", FORMATS)
def test_a_partner_reads_its_own_vote_and_nobody_elses(name: str) -> None:
    text = read(name, SPST, cap_emploi=EVERY_LABEL, spst=frozenset({Label.OPINION}))
    allowed = (*PUBLIC, *BY_LABEL[Label.OPINION], *OF_SPST, INITIALS)
    assert found(text, allowed) == list(allowed)
    hidden = tuple(word for word in EVERY_LABELLED if word not in BY_LABEL[Label.OPINION])
    assert found(text, (*hidden, *CORE_ONLY, *OF_CAP_EMPLOI, *OTHER_CASE)) == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_partner_without_any_shared_case_reads_no_case(name: str) -> None:
    text = read(name, CAP_EMPLOI, spst=EVERY_LABEL)
    hidden = ("QXREF", INITIALS, *EVERY_LABELLED, *CORE_ONLY, *OF_CAP_EMPLOI, *OF_SPST, *OTHER_CASE)
    assert found(text, hidden) == []
    assert found(text, ("QXPOINT", "Hélène Caron", "Un point")) == ["QXPOINT", "Hélène Caron", "Un point"]


@pytest.mark.parametrize("label", sorted(BY_LABEL))
def test_one_label_opens_its_own_words_and_no_others(label: Label) -> None:
    text = read("docx", CAP_EMPLOI, cap_emploi=frozenset({label}))
    allowed = (*PUBLIC, *BY_LABEL[label], *OF_CAP_EMPLOI)
    assert found(text, allowed) == list(allowed)
    others = tuple(word for word in EVERY_LABELLED if word not in BY_LABEL[label])
    assert found(text, (*others, *CORE_ONLY, *OF_SPST, *OTHER_CASE)) == []
    assert (INITIALS in text) == (label is not Label.IDENTITY)


@pytest.mark.parametrize("label", [Label.BALLOT, Label.ACTION])
def test_a_wrong_agreement_on_an_own_label_opens_nothing_of_the_others(label: Label) -> None:
    text = read("docx", CAP_EMPLOI, cap_emploi=frozenset({label, Label.REQUEST}))
    assert found(text, (*CORE_ONLY, *OF_SPST)) == []
    assert found(text, OF_CAP_EMPLOI) == list(OF_CAP_EMPLOI)
