"""The rules of cases, against tables written by hand."""

from datetime import date

import pytest

from pdp.cases.enums import CaseMove, EncounterKind, Stage, TriState
from pdp.cases.rules import journal, nir, workflow
from pdp.cases.rules.blocks import BLOCKS, ROW_KINDS, fingerprint
from pdp.cases.rules.dates import check_activity, check_birth, check_stoppage
from pdp.cases.rules.search import Search, SearchKind, fold, understand
from pdp.cases.rules.stoppages import Period, Run, current_run, runs
from pdp.cases.rules.timeline import Certainty, Mark, base_timeline
from pdp.cases.schemas import BLOCK_SCHEMAS, ROW_SCHEMAS, SituationInput
from pdp.cases.views import fields
from pdp.core.errors import InvalidInput, RuleViolation
from pdp.policy.roles import Role

# (from, move) → (to, who); every other pair is refused.
SOCIAL = {"service_social", "manager"}
MOVES = {
    ("triage", "take_charge"): ("open", SOCIAL),
    ("triage", "reorient"): ("reoriented", SOCIAL | {"csam"}),
    ("open", "reorient"): ("reoriented", SOCIAL),
    ("open", "close"): ("closed", SOCIAL),
    ("reoriented", "reopen"): ("triage", SOCIAL | {"csam"}),
    ("closed", "reopen"): ("open", SOCIAL),
}


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("move", list(CaseMove))
@pytest.mark.parametrize("role", list(Role))
def test_every_stage_move_and_role_has_its_answer(stage: Stage, move: CaseMove, role: Role) -> None:
    expected = MOVES.get((stage.value, move.value))
    if expected and role.value in expected[1]:
        assert workflow.after(stage, move, role).value == expected[0]
        assert move in workflow.moves_from(stage, role)
    else:
        assert move not in workflow.moves_from(stage, role)
        with pytest.raises(RuleViolation):
            workflow.after(stage, move, role)


# Numbers made up for the tests; keys computed by hand: 97 minus the digits modulo 97, with 19 for 2A and 18 for 2B.
@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("1 85 05 78 006 084 91", "185057800608491"),
        ("185057800608491", "185057800608491"),
        ("2 95 10 99 126 111 93", "295109912611193"),
        ("2.55.08.14.168.025-38", "255081416802538"),
        ("1 84 12 2A 451 089 33", "184122A45108933"),
        ("1 84 12 2b 451 089 60", "184122B45108960"),
    ],
)
def test_a_right_number_is_accepted_however_it_is_spaced(typed: str, stored: str) -> None:
    assert nir.canonical(typed) == stored


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1 85 05 78 006 084", "compte 13 caractères"),
        ("1 85 05 78 006 084 92", "La clé de ce numéro"),
        ("1 84 12 2A 451 089 37", "La clé de ce numéro"),
        ("1 85 05 7X 006 084 91", "ne peut pas exister"),
        ("bonjour", "compte 7 caractères"),
    ],
)
def test_a_wrong_number_is_refused_with_what_is_wrong(typed: str, words: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        nir.canonical(typed)
    assert words in refusal.value.errors["nir"][0]


def test_a_number_is_shown_as_on_the_card() -> None:
    assert nir.spaced("184122A45108933").split("\u00a0") == ["1", "84", "12", "2A", "451", "089", "33"]


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("Éléonore", "eleonore"), ("LE  GOFF-Œuvré", "le goff oeuvre"), ("D’Été", "d ete"), ("%_", ""), ("ç", "c")],
)
def test_names_are_folded_without_accents_or_signs(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "kind", "words"),
    [
        ("2026-01", SearchKind.REFERENCE, ("2026-01",)),
        (" 2026 ", SearchKind.REFERENCE, ("2026",)),
        ("1 85 05 78 006 084 91", SearchKind.NIR, ("185057800608491",)),
        ("184122A451089", SearchKind.NIR, ("184122A451089",)),
        ("Le Goff", SearchKind.NAME, ("le", "goff")),
    ],
)
def test_a_search_is_understood(typed: str, kind: SearchKind, words: tuple[str, ...]) -> None:
    assert understand(typed) == Search(kind, words)


@pytest.mark.parametrize("typed", ["", "   ", "%%%", "—"])
def test_an_empty_search_looks_for_nothing(typed: str) -> None:
    assert understand(typed) is None


def day(month: int, number: int) -> date:
    return date(2026, month, number)


FIRST = Period(day(1, 5), day(1, 20))
NEXT = Period(day(1, 21), day(2, 10))
LATER = Period(day(3, 2), day(3, 31))


def test_periods_that_touch_make_one_arret() -> None:
    assert runs([LATER, NEXT, FIRST]) == (Run(day(1, 5), day(2, 10)), Run(day(3, 2), day(3, 31)))


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (day(1, 4), None),
        (day(1, 5), day(1, 5)),
        (day(2, 10), day(1, 5)),
        (day(2, 11), None),
        (day(3, 15), day(3, 2)),
        (day(4, 1), None),
    ],
)
def test_the_arret_under_way_begins_with_its_first_period(today: date, found: date | None) -> None:
    run = current_run([FIRST, NEXT, LATER], today)
    assert (run.starts_on if run else None) == found


def test_an_arret_ended_early_is_over() -> None:
    assert current_run([Period(day(1, 5), day(1, 31), ended_on=day(1, 12))], day(1, 13)) is None


def test_the_timeline_names_each_period_and_cuts_the_present_one_at_today() -> None:
    timeline = base_timeline([FIRST, NEXT, LATER], [(EncounterKind.PRE_RETURN, day(4, 2))], day(2, 1))
    stoppages, encounters, deadlines = timeline.lanes
    assert [(mark.label, mark.start, mark.end, mark.certainty) for mark in stoppages.marks] == [
        ("Arrêt initial", day(1, 5), day(1, 20), Certainty.RECORDED),
        ("Prolongation 1", day(1, 21), day(2, 1), Certainty.RECORDED),
        ("", day(2, 2), day(2, 10), Certainty.PLANNED),
        ("Nouvel arrêt", day(3, 2), day(3, 31), Certainty.PLANNED),
    ]
    assert encounters.marks[0].certainty is Certainty.PLANNED
    assert (deadlines.marks[0].start, deadlines.marks[0].flag) == (day(3, 31), True)


def test_another_feature_adds_its_marks_without_changing_the_base() -> None:
    base = base_timeline([FIRST], [], day(2, 1))
    mark = Mark("9 jours demandés", day(5, 4), day(5, 14), Certainty.ASKED)
    more = base.with_marks("Essai encadré", [mark]).with_marks("Échéances", [Mark("Séance", day(3, 12), flag=True)])
    assert [lane.label for lane in base.lanes] == ["Arrêt de travail", "Échéances"]
    assert [lane.label for lane in more.lanes] == ["Arrêt de travail", "Échéances", "Essai encadré"]
    assert len(more.lanes[1].marks) == 2
    assert more.span == (date(2025, 12, 15), day(6, 4))


def test_a_timeline_without_a_date_is_empty() -> None:
    assert base_timeline([], [], day(2, 1)).is_empty


def test_an_end_before_the_start_is_refused_with_both_dates() -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_stoppage(day(3, 10), day(3, 9), None)
    assert refusal.value.errors["prescribed_end"] == ["La fin prescrite (09/03/2026) est avant le début (10/03/2026)."]
    with pytest.raises(InvalidInput) as refusal:
        check_stoppage(day(3, 10), day(3, 20), day(3, 1))
    assert refusal.value.errors["ended_on"] == ["La fin réelle (01/03/2026) est avant le début (10/03/2026)."]
    with pytest.raises(InvalidInput) as refusal:
        check_activity(day(3, 10), day(3, 9))
    assert refusal.value.errors["ends_on"] == ["La fin (09/03/2026) est avant le début (10/03/2026)."]


def test_a_period_of_one_day_is_accepted() -> None:
    check_stoppage(day(3, 10), day(3, 10), day(3, 10))
    check_activity(None, day(3, 9))


@pytest.mark.parametrize(("born", "words"), [(day(3, 2), "à venir"), (date(1899, 1, 1), "120 ans")])
def test_an_impossible_birth_date_is_refused(born: date, words: str) -> None:
    with pytest.raises(InvalidInput, match="erreurs") as refusal:
        check_birth(born, day(3, 1))
    assert words in refusal.value.errors["birth_date"][0]


def test_the_fingerprint_changes_with_any_value_and_not_with_the_order() -> None:
    assert fingerprint({"a": 1, "b": None}) == fingerprint({"b": None, "a": 1})
    assert fingerprint({"a": 1, "b": None}) != fingerprint({"a": 1, "b": ""})


def test_every_block_and_row_has_a_schema_with_its_very_fields() -> None:
    for kinds, schemas in ((BLOCKS, BLOCK_SCHEMAS), (ROW_KINDS, ROW_SCHEMAS)):
        assert set(kinds) == set(schemas)
        for key, kind in kinds.items():
            assert set(schemas[key]().fields) == {*kind.fields, "version"}


@pytest.mark.parametrize(
    ("action", "detail", "words"),
    [
        ("case.read", {"part": "summary"}, "Synthèse consultée"),
        ("case.read", {"part": "edit.boeth"}, "Formulaire ouvert : le titre BOETH"),
        ("case.read", {"part": "new-tab"}, "Dossier consulté"),
        ("case.move", {"move": "close"}, "Dossier clos"),
        ("case.edit", {"block": "identite"}, "Modification : l’identité et les coordonnées"),
        ("case.edit.add", {"block": "arret"}, "Ajout : arrêt"),
        ("case.note", {"label": "plan"}, "Note ajoutée : plan d’aide"),
        ("sharing.withdraw", {}, "Accord de partage retiré"),
        ("request.move", {"move": "submit"}, "Demande déclarée prête"),
        ("request.piece", {"state": "GIVEN"}, "Accord donné"),
        ("ballot.close", {}, "Scrutin clos"),
        ("request.unknown", {}, "Demande de dispositif"),
        ("other.thing", {}, "Autre action"),
    ],
)
def test_each_entry_of_the_journal_is_a_french_sentence(action: str, detail: dict[str, str], words: str) -> None:
    assert journal.sentence(action, detail) == words


def test_a_conflict_marks_the_words_that_are_in_one_text_only() -> None:
    found = fields.of(SituationInput())
    mine = {"presentation": "Poste assis, le matin.", "work_exclusion_risk": TriState.YES}
    theirs = {"presentation": "Poste assis, le soir.", "work_exclusion_risk": TriState.YES}
    (difference,), same = fields.differences(found, mine, theirs)
    assert difference.field.label == "Présentation de la situation"
    assert difference.mine_words == [("Poste assis, le ", False), ("matin.", True)]
    assert difference.theirs_words == [("Poste assis, le ", False), ("soir.", True)]
    assert len(same) == 3
