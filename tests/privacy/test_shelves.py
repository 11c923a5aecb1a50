"""What a copy of a person's data takes derives from the table of columns: nothing about a person is forgotten."""

from collections import Counter
from collections.abc import Callable

from pdp.audit import service as audit
from pdp.cases.models import Case
from pdp.core.schema import import_models
from pdp.meetings.models import Ballot
from pdp.policy.columns import COLUMNS
from pdp.privacy.queries import copy as rows
from pdp.privacy.rules.shelves import BY_TABLE, LEFT_OUT, OMITTED, columns_of, is_taken, title_of
from tests.minutes import seance
from tests.support.databases import as_owner
from tests.support.world import World

# The words of the access matrix and of the case, by hand: a column under one of them is about a person.
PERSONAL = frozenset(
    (
        *("signal", "identity", "nir", "employment", "stoppage", "allowance", "medical", "conclusion"),
        *("restrictions", "boeth", "social", "plan", "request", "agreements", "ballot", "opinion", "action"),
        *("decision", "outcome", "journal", "row", "case", "core", "rights"),
    )
)


def about_people() -> set[tuple[str, str]]:
    import_models()
    return {key for key, mark in COLUMNS.items() if mark.value in PERSONAL}


def test_every_column_about_a_person_is_in_the_copy_or_left_out_with_a_reason(
    figure: Callable[[str, object], None],
) -> None:
    taken = {(table, column) for table in BY_TABLE for column in columns_of(table)}
    reasons = {key for key in about_people() if key in OMITTED or key[0] in LEFT_OUT}
    assert about_people() - taken - reasons == set(), "put the table on a shelf, or leave it out with a reason"
    assert all(OMITTED.values())
    assert all(LEFT_OUT.values())
    figure("pack.columns", f"{len(taken)} columns in the copy, {len(reasons)} left out with a reason")


def test_nothing_that_serves_the_machine_or_another_person_is_taken() -> None:
    taken = {str(mark) for table in BY_TABLE for mark in columns_of(table).values()}
    assert taken <= PERSONAL
    assert not is_taken(COLUMNS["user_account", "password_hash"])
    assert not is_taken(COLUMNS["closed_case_tally", "count"])


def test_every_column_of_the_copy_has_a_french_title() -> None:
    untitled = [(table, column) for table in BY_TABLE for column in columns_of(table) if not title_of(table, column)]
    assert untitled == []


def test_what_is_left_out_exists_and_is_about_a_person() -> None:
    assert set(OMITTED) <= about_people()
    assert set(LEFT_OUT) <= {table for table, _ in COLUMNS}
    assert not set(LEFT_OUT) & set(BY_TABLE)


def test_a_vote_given_before_its_ballot_began_again_is_in_no_copy(world: World) -> None:
    seance.hold(world)

    def votes() -> dict[int, int]:
        with as_owner() as session:
            case = session.get_one(Case, world.case_id["a.shared"])
            person = rows.get_person(case.cellule_id, case.person_id)
            return dict(Counter(vote.ballot_id for vote in rows.gather(person, [case]).rows["vote"]))

    [(ballot, counted)] = votes().items()
    assert counted
    with as_owner() as session:
        session.get_one(Ballot, ballot).round = 2
        audit.record(None, "tests.reset")
    assert votes() == {}
