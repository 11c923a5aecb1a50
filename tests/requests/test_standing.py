"""What an eligibility allows in séance, finding by finding."""

from datetime import date
from typing import Any

import pytest

from pdp.core.errors import RuleViolation
from pdp.dispositifs.enums import Basis, Dispositif, Doctrine, RuleDoctrine, StatusGroup, Verdict
from pdp.requests.rules.findings import Finding, GroupFindings
from pdp.requests.rules.standing import (
    STATUS_QUESTION,
    Answer,
    allowed_opinions,
    ensure_overridable,
    missing_pieces,
    open_questions,
    stand,
)

SALARIE, TI, AUTRE = StatusGroup.SALARIE, StatusGroup.TI, StatusGroup.AUTRE
ALL = {"FAVOURABLE", "FAVOURABLE_WITH_CONDITIONS", "UNFAVOURABLE", "ADJOURNED", "NO_OBJECT", "REORIENTED"}
NOT_FAVOURABLE = {"UNFAVOURABLE", "ADJOURNED", "NO_OBJECT", "REORIENTED"}
CLOSED = {"UNFAVOURABLE", "NO_OBJECT", "REORIENTED"}


def finding(verdict: Verdict, *, id: str = "R-1", basis: Basis = Basis.LAW, **values: Any) -> Finding:
    return Finding(
        id=id,
        version="1",
        verdict=verdict,
        reason=f"Motif de {id}.",
        source="Art. 1",
        basis=basis,
        doctrine=values.get("doctrine", RuleDoctrine.ANY),
        cause=None,
        facts=frozenset(values.get("facts", {"scheme"})),
        missing=tuple(values.get("missing", ())),
    )


def under(group: StatusGroup, *findings: Finding) -> GroupFindings:
    return GroupFindings(
        dispositif=Dispositif.BILAN_COMPETENCES,
        group=group,
        verdict=Verdict.A_VERIFIER,
        explanation="Aucune règle pour ce statut.",
        doctrine=Doctrine.REGIONAL,
        evaluated_on=date(2026, 3, 3),
        substance_on=date(2026, 3, 3),
        findings=findings,
        divergence=None,
    )


def answer(
    rule: str = "R-1", *, accepted: bool = True, override: bool = False, group: StatusGroup = SALARIE
) -> Answer:
    return Answer(group, rule, accepted, override)


LAW = finding(Verdict.INELIGIBLE)
SEED = finding(Verdict.INELIGIBLE, basis=Basis.SEED)
LOCAL = finding(Verdict.INELIGIBLE, basis=Basis.LOCAL)
REFUSED = finding(Verdict.INELIGIBLE, basis=Basis.LOCAL, facts={"agreement.ADVISER"})
REFUSED_BY_LAW = finding(Verdict.INELIGIBLE, facts={"agreement.ADVISER"})
MISSING = finding(Verdict.PIECE_MANQUANTE, missing=("l’accord du médecin-conseil",))
TO_CHECK = finding(Verdict.A_VERIFIER)
PASSED = finding(Verdict.PASS)


@pytest.mark.parametrize(
    ("findings", "answers", "expected"),
    [
        ((PASSED,), (), ALL),
        ((LAW,), (), CLOSED),
        ((LAW,), (answer(override=True),), CLOSED),
        ((SEED,), (), NOT_FAVOURABLE),
        ((SEED,), (answer(override=True),), ALL),
        ((SEED,), (answer(),), NOT_FAVOURABLE),
        ((LOCAL,), (answer(override=True),), ALL),
        ((REFUSED,), (), NOT_FAVOURABLE),
        ((REFUSED,), (answer(override=True),), NOT_FAVOURABLE),
        ((REFUSED_BY_LAW,), (), CLOSED),
        ((MISSING,), (), {"ADJOURNED"}),
        ((TO_CHECK,), (), ALL),
        ((TO_CHECK,), (answer(accepted=False),), NOT_FAVOURABLE),
        ((TO_CHECK,), (answer(accepted=False), answer()), ALL),
        ((TO_CHECK, finding(Verdict.PIECE_MANQUANTE, id="R-2")), (answer(),), {"ADJOURNED"}),
        ((SEED, finding(Verdict.INELIGIBLE, id="R-2")), (answer(override=True),), CLOSED),
    ],
)
def test_the_opinions_allowed_follow_from_the_findings_and_the_answers(
    findings: tuple[Finding, ...], answers: tuple[Answer, ...], expected: set[str]
) -> None:
    assert allowed_opinions((under(SALARIE, *findings),), answers) == expected


def test_an_unanswered_point_keeps_the_ballot_open() -> None:
    results = (under(SALARIE, TO_CHECK, PASSED),)
    assert [question.rule_id for question in open_questions(results, ())] == ["R-1"]
    assert not stand(results, ()).may_close
    assert stand(results, (answer(),)).may_close
    assert stand(results, (answer(accepted=False),)).may_close


def test_an_answer_under_one_status_settles_nothing_under_the_other() -> None:
    assert not stand((under(SALARIE, TO_CHECK),), (answer(group=TI),)).may_close


def test_the_missing_pieces_are_listed_once() -> None:
    again = finding(Verdict.PIECE_MANQUANTE, id="R-2", missing=("l’accord du médecin-conseil", "la convention"))
    bare = finding(Verdict.PIECE_MANQUANTE, id="R-3")
    assert missing_pieces((under(SALARIE, MISSING, again, bare),)) == (
        "l’accord du médecin-conseil",
        "la convention",
        "Motif de R-3.",
    )


def test_a_double_status_stands_as_under_the_more_open_one() -> None:
    standing = stand((under(SALARIE, MISSING), under(TI, LAW)), ())
    assert standing.leading.group is SALARIE
    assert standing.allowed_opinions == {"ADJOURNED"}
    assert [group.group for group in standing.groups] == [SALARIE, TI]
    assert standing.groups[1].by_law == ("Motif de R-1.",)


def test_a_status_that_no_rule_covers_is_a_question_of_its_own() -> None:
    results = (under(AUTRE),)
    assert [question.rule_id for question in open_questions(results, ())] == [STATUS_QUESTION]
    yes = (answer(STATUS_QUESTION, group=AUTRE),)
    assert stand(results, yes).may_close
    assert allowed_opinions(results, yes) == ALL
    no = (answer(STATUS_QUESTION, group=AUTRE, accepted=False),)
    assert allowed_opinions(results, no) == NOT_FAVOURABLE


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (LAW, "vient d’un texte (Art. 1)"),
        (REFUSED, "aucun membre ne peut passer outre"),
        (MISSING, "il n’y a rien à écarter"),
        (TO_CHECK, "il n’y a rien à écarter"),
    ],
)
def test_an_override_is_refused_with_its_reason(found: Finding, expected: str) -> None:
    with pytest.raises(RuleViolation, match=expected.replace("(", r"\(").replace(")", r"\)")):
        ensure_overridable(found)


@pytest.mark.parametrize(
    "found",
    [SEED, LOCAL, finding(Verdict.INELIGIBLE, doctrine=RuleDoctrine.REGIONAL)],
    ids=["seed", "local", "regional"],
)
def test_a_practice_or_the_regional_doctrine_may_be_set_aside(found: Finding) -> None:
    ensure_overridable(found)
    standing = stand((under(SALARIE, found),), (answer(override=True),))
    assert [each.rule_id for each in standing.leading.overridden] == ["R-1"]


def test_each_standing_says_what_it_allows_in_one_sentence() -> None:
    sentences = {
        stand((under(SALARIE, each),), ()).sentence for each in (LAW, REFUSED, SEED, MISSING, TO_CHECK, PASSED)
    }
    assert len(sentences) == 6
    assert all(sentence.endswith(".") for sentence in sentences)
