"""What goes with a case: one reviewed table, and the rows of the neighbours untouched."""

from collections.abc import Callable

from sqlalchemy import select

from pdp.core.db import Base
from pdp.core.schema import import_models
from pdp.policy.actor import Actor
from pdp.retention.models import ErasureStep
from tests.support.databases import as_owner
from tests.support.world import World

ActorOf = Callable[[str], Actor]

# Written by hand, table by table: what the erasure of a case does with its rows, and why.
GOES = "goes with the case"
GOES_WITH_PERSON = "goes with the person, once no other case remains"
EMPTIED = "stays, without what names the case"
STAYS = "stays"
CASCADE = {
    "action": GOES,
    "activity": GOES,
    "advice_ask": GOES,
    "advice_piece": GOES,
    "advice_reply": GOES,
    "advice_round": GOES,
    "agenda_item": GOES,
    "agenda_trace": GOES,
    "ballot": GOES,
    "ballot_voter": GOES,
    "case_file": GOES,
    "case_note": GOES,
    "case_reader": GOES,
    "case_recusal": GOES,
    "cellule_opinion": GOES,
    "departure": GOES,
    "dispositif_request": GOES,
    "document": GOES,
    "document_body": GOES,
    "eligibility_snapshot": GOES,
    "emergency_access": GOES,
    "encounter": GOES,
    "fund_decision": GOES,
    "human_answer": GOES,
    "measure_event": GOES,
    "letter": GOES,
    "notice": GOES,
    "notice_given": GOES,
    "opinion_correction": GOES,
    "outbox_mail": GOES,
    "pack_mask": GOES,
    "pack_part": GOES,
    "processing_freeze": GOES,
    "recall": GOES,
    "recipient_notice": GOES,
    "rectification": GOES,
    "rectification_decision": GOES,
    "request_outcome": GOES,
    "required_piece": GOES,
    "retention_contact": GOES,
    "retention_hold": GOES,
    "sharing_agreement": GOES,
    "stoppage": GOES,
    "vote": GOES,
    "merge_proposal": GOES,
    "access_pack": GOES_WITH_PERSON,
    "person_alias": GOES_WITH_PERSON,
    "person_merge": GOES_WITH_PERSON,
    "person_merge_line": GOES_WITH_PERSON,
    "person_unmerge": GOES_WITH_PERSON,
    "insured_person": GOES_WITH_PERSON,
    # The séance was held; it points to no item any more.
    "meeting": EMPTIED,
    # The register proves that a right was answered: codes and dates, without whose they were.
    "rights_request": EMPTIED,
    # It may speak of any point of the séance: its words go.
    "minutes_objection": EMPTIED,
    # A sign-in may carry an emergency access to the case.
    "user_session": EMPTIED,
    # Keys only, with a clock of its own.
    "audit_entry": STAYS,
    # That it was erased, when, and by which steps.
    "case_erasure": STAYS,
    # Which seal of minutes took the place of which.
    "minutes_reseal": STAYS,
}
# Tables of no single case: each says why none of its rows goes.
OF_NO_CASE = {
    "access_alert": "about an account",
    "access_review": "about accounts",
    "access_review_line": "about an account",
    "attendance": "who sat in a séance",
    "attendance_event": "who came and left in a séance",
    "cellule_text": "the cellule's own words, about nobody",
    "case_export": "how many cases a file held",
    "cellule_organisation": "who takes part",
    "agenda_point": "about no case",
    "closed_case_tally": "counts without identity",
    "convocation": "who was convened to a séance, and what they answered",
    "consultation": "the frame of a vote: dates, and why it was extended",
    "factor_recovery": "about a colleague",
    "factor_vouching": "about a colleague",
    "governance_rules": "the cellule's",
    "invitation": "about a colleague",
    "membership": "about a colleague",
    "minutes": "the cellule's act: number and date",
    "minutes_event": "who received which version, and when",
    "minutes_file": "the cellule's act: made again without the point",
    "minutes_version": "the cellule's act: its points about the case are emptied",
    "retention_rules": "the cellule's",
    "retention_run": "counts",
    "seat": "the cellule's",
}


def test_every_table_that_names_a_cellule_has_a_line() -> None:
    import_models()
    named = {table.name for table in Base.metadata.sorted_tables if "cellule_id" in table.columns}
    assert sorted(named - CASCADE.keys() - OF_NO_CASE.keys()) == [], "say what the erasure of a case does with it"
    assert sorted((CASCADE.keys() | OF_NO_CASE.keys()) - set(Base.metadata.tables)) == []


def test_every_table_that_leads_to_a_case_or_a_person_has_a_step() -> None:
    import_models()
    led = {"case_file", "insured_person"}
    while True:
        more = {
            table.name
            for table in Base.metadata.sorted_tables
            if "case_id" in table.columns
            or {key.column.table.name for key in table.foreign_keys} & (led - {"meeting"})
        }
        if more <= led:
            break
        led |= more
    # What hangs on a case by keys, found by walking them, is what the table written by hand says.
    assert sorted(led - CASCADE.keys()) == []


def test_the_steps_are_those_of_the_table(world: World) -> None:
    with as_owner() as session:
        steps = session.scalars(select(ErasureStep).order_by(ErasureStep.position)).all()
    assert {step.table_name for step in steps if not step.assignment} == {
        table for table, action in CASCADE.items() if action in {GOES, GOES_WITH_PERSON}
    }
    # A record merged into the person is emptied first, and goes last.
    assert {step.table_name for step in steps if step.assignment} == {"insured_person"} | {
        table for table, action in CASCADE.items() if action == EMPTIED
    }
    positions = [step.position for step in steps]
    assert positions == sorted(set(positions))
