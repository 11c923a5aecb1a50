"""A dispositif asked for a case: its life, its pieces, its eligibility, and what that allows in séance.

For other features. Ids are public ids; hidden = missing = NotFound; messages are French sentences.

In a transaction of the caller, who checked the case and records the journal:

- queries.get_request(actor, public_id, *, lock=False) -> DispositifRequest    pieces, case and person loaded
- service.advance(actor, request, RequestAction.X)            the one way to change a status: SCHEDULE, UNSCHEDULE,
                                                              GIVE_OPINION, ADJOURN, REORIENT, DECIDE, REFUSE…
- service.take_snapshot(request, SnapshotReason.BALLOT_OPENED) -> EligibilitySnapshot
- service.standing_of(request, snapshot) -> Standing          with the answers given so far
- queries.newest_snapshot(request), queries.newest_snapshots(cellule_id, ids)

Use cases with a transaction and a journal entry of their own:

- service.create_request(actor, case, *, dispositif, author, purpose="", measure_start=None, measure_end=None,
  details=None) -> str                                        a partner's request is a proposal
- service.edit(actor, request, *, version, …same values…), service.move(actor, request, action, *, version=None),
  service.confirm | submit | withdraw(actor, request, *, version=None)
- service.record_piece(actor, request, piece, *, version, state, dated=None, comment=""), service.ask_piece(…)
- service.answer_rule(actor, request, *, group, rule_id, accepted, reason=""), service.override(…, reason)

Pure: `rules.standing` (`stand`, `allowed_opinions`, `missing_pieces`, `open_questions`), `rules.findings`
(`read_stored(snapshot.results)`), `rules.labels.is_readable(finding, readable, is_core=…)`: the core reads every
rule, a partner those that speak of what it may read.
"""
