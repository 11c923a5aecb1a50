"""The one table of what each stored column is about: a security label, or a technical mark.

A column that is in no line of it fails the tests, so that no field enters without a decision about
who may read it. Identifiers (`id`, `public_id`, `version` and every `…_id`) are keys without a line.
"""

from enum import StrEnum

from pdp.policy.labels import Label


class Mark(StrEnum):
    """What a column is when no label of the access matrix fits."""

    KEY = "key"  # an identifier or a version: stays inside, or opaque
    CASE = "case"  # known by whoever may know that the case exists
    CORE = "core"  # known by the members of the core who may know that the case exists
    MEETING = "meeting"  # the frame of a séance: its members
    DIRECTORY = "directory"  # who is who in the cellule: its members
    ROW = "row"  # the row carries its own label, in its column `label`
    OWN = "own"  # what concerns one account: its holder
    RIGHTS = "rights"  # the register of rights: who answers for the case, the coordination, the DPO
    SECRET = "secret"  # noqa: S105 - a mark; such a column is shown to nobody, in any form
    SYSTEM = "system"  # housekeeping without a word about a person


# table, then one line per mark: the columns that carry it.
_TABLE = """
user_account
  directory email given_name family_name job_title
  secret password_hash
  own mails_about_cases mails_about_meetings mails_about_duties absent_from absent_until
  system disabled_at disabled_reason created_at last_signed_in_at dormant_warned_at
access_review
  directory period opened_at due_on closed_at
access_review_line
  directory decision decided_at
organisation
  directory kind name short_name sensitive
cellule
  directory code name caisse_name territory
  system created_at
cellule_organisation
  directory joined_on left_on
governance_rules
  directory valid_from doctrine quorum_percent quorum_each_service chair_casting_vote ballot_mode silence
  directory reason decided_at proxies_per_holder notice_days cooling_off_minutes objection_days
membership
  directory role starts_on ends_on is_org_manager is_physician
invitation
  own email given_name family_name job_title role invited_at expires_at accepted_at cancelled_at
  secret token_hash failures
seat
  directory label position voice starts_on ends_on
convocation
  meeting sent_at starts_at ends_at place sequence cancelled_at
  own read_at answer wish answered_at channel reminded_at
  secret token_hash agenda_mark
seat_holder
  directory rank starts_on ends_on
user_session
  secret token_hash
  own stage proofs proven_at device emergency_reference emergency_until
  system created_at last_seen_at expires_at revoked_at
totp_factor
  own name confirmed_at last_used_at
  secret secret last_step
linked_identity
  own provider issuer subject shown_as linked_at last_used_at
provider_return
  secret state_hash
  own provider issuer subject shown_as
  system at
provider_sign_in
  own provider acr amr siret idp_id
  secret id_token
sign_in_attempt
  secret account_key source_key
  system at
undertaking_acceptance
  own undertaking accepted_at
password_reset
  secret account_key source_key token_hash
  system created_at expires_at ended_at
passkey
  secret public_key sign_count
  own handle name transports backed_up created_at last_used_at
passkey_challenge
  secret challenge_hash holder_hash
  system purpose expires_at
factor_recovery
  secret number wrong_numbers
  own way state asked_at expires_at accepted_at ended_at
factor_vouching
  own voucher_role voucher_manages how vouched_at

insured_person
  identity family_name given_name birth_date phone email town search_key
  nir nir nir_index
  core frozen_on
person_alias
  identity family_name given_name search_key since ended_at
  nir nir_index
merge_proposal
  identity choices traits reason fingerprint proposed_at state decided_at decision undo_reason
person_merge
  identity merged_at undo_until
person_merge_line
  identity undone kind name sealed
person_unmerge
  identity undone_at
case_file
  case reference stage opened_on closed_on
  core restricted_on restricted_reason
  system hidden_on
  system created_at
  signal axis source signal_reason reorientation
  request presentation work_exclusion_risk social_evaluation_on insured_request_on
  employment scheme affiliation_months
  allowance old_age_pension invalidity_pension long_term_condition fund_participates
  boeth boeth_kind boeth_state boeth_valid_until
  restrictions unfitness_state unfitness_on
  conclusion conclusion_code conclusion_on conclusion_limits
case_reader
  core named_at ended_at
case_recusal
  core reason declared_at ended_at
emergency_access
  journal role restricted reason opened_at expires_at ended_at reviewed_at review_comment
activity
  employment status employer post working_time is_micro starts_on ends_on
stoppage
  stoppage status_group origin starts_on prescribed_end ended_on indemnified full_time
encounter
  stoppage kind happens_on
case_note
  row label text written_at
document
  row label kind precision media size added_at review spread reviewed_at refusal scan scanned_at
  row withdrawn_at withdrawal replaced_at about about_ref
document_body
  secret digest sealed

sharing_agreement
  case labels purpose_code purpose notice informed_on agreed_on place form witness collected_by starts_on ends_on
  case withdrawn_on end_kind withdrawal_means withdrawal_reason ended_at recorded_at
departure
  core what object_kind object_version labels left_at
recall
  core state asked_at due_on answered_at reason
agenda_trace
  meeting kind ended_on at

notice_given
  core notice given_on means given_by recorded_at
rectification
  row label field statement asked_on recorded_at
rectification_decision
  row label outcome reason decided_at
recipient_notice
  core news label told_at
processing_freeze
  core ground detail asked_on frozen_at informed_on informed_means informed_at lift_reason lifted_at

dispositif_request
  request dispositif status author purpose question measure_start measure_end details decline_reason created_at
required_piece
  agreements position nature kind state asked_on dated comment
eligibility_snapshot
  request taken_at evaluated_on reason doctrine ruleset_hash results facts
human_answer
  request status_group rule_id accepted is_override reason seat_label answered_at

advice_round
  request question due_on asked_at
advice_ask
  request revoked_at declined_at decline_reason
advice_reply
  ballot value text late replied_at

meeting
  meeting kind starts_at ends_at place video_link status opened_at closed_at reschedulings
  meeting cancelled_at cancelled_reason paused_at resumes_at
consultation
  meeting silence extension_reason extended_at half_reminded_at eve_reminded_at relanced_at
agenda_item
  system note_version note_at
  meeting position planned_minutes started_at spent_seconds resumed_at added_in_session track alternative_group
  request question
  ballot discussion
agenda_point
  meeting kind place rank title planned_minutes resolution discussion
attendance
  meeting state mode arrived_at left_at
attendance_event
  meeting kind mode at
ballot
  request question
  ballot status opened_at closed_at mode proposed vote_asked_by round reset_reasons turnout received counts
  secret sealed_counts
  opinion quorum_reached quorum_sentence
ballot_voter
  ballot seat_label organisation_kind voice position by_proxy
vote
  ballot sequence round value text channel cast_at
  secret idempotency_key
cellule_opinion
  opinion code conditions reasons recorded_at
  ballot explanation dissent
opinion_correction
  opinion code conditions reasons former_code quorum_sentence proposed_at answer_by state holds decided_at
  ballot reason changes explanation refusal
fund_decision
  decision deciding_body outcome decided_on reasons appeal_routes notified_on prior_approval_on recorded_at
action
  action text due_on state done_on kind note reminded_step reminded_on returned_on

minutes
  meeting year number edition composed_at
minutes_version
  opinion content content_hash
minutes_file
  opinion format file_name sha256 size body created_at
minutes_event
  meeting kind at due_at reason format sha256
  system once
minutes_objection
  meeting text at
cellule_text
  directory code edition kind dispositif title body source active saved_at
letter
  opinion kind labels content content_hash
  case year number agreed_on produced_at sent_on sent_by_means
request_outcome
  outcome status_group code in_work result conclusion observed_on comment recorded_at
measure_event
  outcome kind happened_on until code result text_version recorded_at

rights_request
  rights reference kind channel received_on identity_proof identity_asked_on identity_given_on state due_on
  rights extended_on extension_reason closed_on answer_means refusal_reason recorded_at
  system reminded_on
access_pack
  rights opened_at sealed_at expires_on destroyed_at
  system size
  secret body
pack_part
  rights part state withheld_reason released_at
  secret digest content
pack_mask
  rights reason masked_at lifted_at
  system field_key start length
  secret digest

audit_entry
  journal at role action object_kind refused detail
  system sequence seal
audit_segment
  system cellule_key month sealed last_sequence last_seal opened_at anchored_sequence anchored_at
  system destroyed_at certificate
retention_rules
  directory valid_from months notice_days hidden_days cap_percent cap_cases decided_at
retention_contact
  core contacted_on means reason recorded_at
retention_hold
  core reason placed_on review_on reviewed_on lift_reason lift_asked_at lifted_at
case_erasure
  system state last_contact_on hidden_at erase_on ended_at certificate counts written_at
  secret case_mark person_mark
retention_run
  system at state stop detail base cap to_hide to_erase hidden erased coordinator_at officer_at
closed_case_tally
  aggregate measure month status_group dispositif code count
minutes_reseal
  system part old_hash new_hash at
erasure_step
  system position table_name condition assignment
access_alert
  journal role kind day round counted threshold raised_at ends_at lifted_at lift_reason looked_at comment
key_check
  secret answer
  system keys_index added_at retired_at
case_export
  journal with_names cases reason
  system made_at file_format
notice
  own kind link created_at seen_at announced_at
job_slot
  system job slot_at claimed_at claimed_by lease_until finished_at outcome attempts
link_mail
  system kind created_at state attempts next_try_at ended_at reason
outbox_mail
  own kind link
  system created_at state attempts next_try_at ended_at reason dedupe_key
"""

_IDENTIFIERS = frozenset({"id", "public_id", "version"})


def _parse(table: str) -> dict[tuple[str, str], Label | Mark]:
    found: dict[tuple[str, str], Label | Mark] = {}
    current = ""
    for line in filter(str.strip, table.splitlines()):
        words = line.split()
        if not line.startswith(" "):
            current = words[0]
            continue
        mark = _mark(words[0])
        found |= {(current, column): mark for column in words[1:]}
    return found


def _mark(word: str) -> Label | Mark:
    return Mark(word) if word in set(Mark) else Label(word)


COLUMNS = _parse(_TABLE)


def mark_of(table: str, column: str) -> Label | Mark | None:
    """Return the label or the mark of a column; None when nobody decided."""
    if (table, column) in COLUMNS:
        return COLUMNS[table, column]
    return Mark.KEY if column in _IDENTIFIERS or column.endswith("_id") else None
