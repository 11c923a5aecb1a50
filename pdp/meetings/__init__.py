"""Séances: agenda, presence, quorum, ballots, opinions, decisions, actions.

Everything a page needs is in `pdp.meetings.service`; rows and rules it returns are frozen dataclasses of
`pdp.meetings.queries` and `pdp.meetings.rules`. Ids are public ids (str); every function opens its own
transaction, journals, and raises DomainErrors with French messages.

Read (`actor` first; hidden = missing = NotFound; a partner gets only the items of cases it may see today):

- list_meetings(actor, *, past=False, after=None, limit=20) -> MeetingList(rows, next_cursor)
- read_meeting(actor, meeting) -> MeetingPage(meeting, items, seats, quorum, can_run)
- read_console(actor, meeting, item=None) -> Console          core only; item: public id, default current
- read_room(actor, meeting) -> Room                           core only; reference and initials, never a name
- meeting_state(actor, meeting) -> MeetingState(etag, status, current_item, open_ballot, my_ballot)   poll
- ballot_state(actor, ballot) -> BallotState(etag, status, cast, expected, seats)                      poll
- my_ballot(actor, ballot) -> MyBallot                        one's own seat, own vote, result once closed

Prepare and run (coordinator; `version` is that of the row named by the second argument):

- plan_meeting(actor, *, day, start, end, place, video_link="") -> str     local times, Europe/Paris
- cancel_meeting(actor, meeting, *, version, reason) -> int    before the opening; its requests wait again
- reschedule(actor, meeting, *, version, day, start, end, place, video_link="")
- add_to_agenda(actor, meeting, *, request, planned_minutes=10) -> str
- remove_from_agenda(actor, item, *, version)
- move_item(actor, item, *, version, to)                      to: "up", "down" or a rank in figures
- add_point(actor, meeting, *, kind, title="", place=OPENING, planned_minutes=None) -> str    about no case
- edit_point, remove_point, save_resolution(actor, point, *, version, resolution, discussion=None)
- set_chair(actor, meeting, *, version, seat)
- open_meeting(actor, meeting, *, version)
- set_attendance(actor, meeting, *, seat, version, state, mode=None, person=None, proxy_seat=None, left=False)
- seat_titulaires(actor, meeting, *, version) -> int         the seats not yet recorded, in the room
- select_item(actor, item)
- save_discussion(actor, item, *, version, discussion)
- open_ballot(actor, item, *, version, question="", mode=NAMED, proposed=None, consultative=True) -> str
  CONSENSUS records what the chair proposes; SECRET keeps counts only (ADR 0015)
- ask_for_vote(actor, ballot, *, seat=None)                  any member; `seat` when asked aloud
- reset_ballot(actor, ballot, *, version, reason)             the votes given stay in the history
- link_alternative(actor, item, *, version, other) · unlink_alternative(actor, item, *, version)
- read_fast_track(actor, meeting) · mark_fast_track(actor, meeting, *, items) -> int
- ask_to_discuss(actor, item)                                 any member; the item leaves the list
- approve_fast_track(actor, meeting, *, version) -> Approval(approved, dropped)
- type_vote(actor, ballot, *, seat, value, text="", replaces=None, person=None) -> VoteReceipt
- type_all_for(actor, ballot) -> int                          seats that had no vote yet
- close_ballot(actor, ballot, *, version, confirm_missing=False) -> ClosedBallot(quorum, tally, proposal)
                                                              MissingVotes(.seats) asks for confirm_missing
- record_opinion(actor, item, *, version, code, conditions="", reasons="", dissent="") -> str
- add_action(actor, item, *, owner, text, due_on) -> str      owner: organisation
- close_meeting(actor, meeting, *, version) -> int            items sent back to the backlog

Others:

- cast_vote(actor, ballot, *, value, text="", replaces=None, idempotency_key=None) -> VoteReceipt   own device
- recuse(actor, ballot, *, replaces=None, idempotency_key=None) -> VoteReceipt                      own device
- complete_action(actor, action, *, version)                  people of the owning organisation, or coordinator
- record_decision(actor, request, *, outcome, decided_on, reasons="", appeal_routes="", notified_on=None,
  prior_approval_on=None) -> str                              CPAM

Quorum expected (`pdp.meetings.service.forecasting`): forecast_quorum(actor, meeting) -> Expectation(whole, weaker).

Orders, minutes and other séances (`pdp.meetings.service.ordering`), series and years (`…service.series`):

- set_minutes(actor, item, *, version, planned_minutes)
- propose_order(actor, meeting, rule) -> ProposedOrder; apply_order(actor, meeting, *, version, rule) -> ranks;
  restore_order(actor, meeting, *, version, ranks)
- send_elsewhere(actor, item, *, version, meeting) -> str
- preview_series(actor, *, rhythm, every, first, until, nth, weekday) -> occurrences;
  plan_series(actor, *, days, start, end, place, video_link="") -> [str]; read_year(actor, year) -> YearPage

What waits around the séances (`pdp.meetings.service.worklists`):

- list_backlog(actor, tabled=()) -> Backlog(rows, total, missing)         requests that may be tabled
- list_decisions_to_record(actor, *, after=None, limit=20) -> AwaitedDecisions(rows, total, next_cursor)
- read_decision(actor, request) -> DecisionPage(awaited, decision)
- list_actions(actor) -> ActionList(late, this_week, later, done)

Before closing, a vote given on an own device is « a voté » for everyone else; a vote typed by the
coordinator is shown to the coordinator alone, and a running count only while every vote is a typed one.
"""
