"""Insured people and their cases.

What other features use:

- `cases.queries.visible_to(actor, today)` is the SQL filter over `Case`; `reads_label(actor, label, today)` is the
  same for one label of it; `get_case(actor, public_id, lock=False)` raises `NotFound` for a hidden case as for a
  missing one; `case_facts(case)` is what `policy.visibility` judges.
- `cases.service.read_case(actor, public_id, part="requests")` opens a tab, journals the reading and returns a
  `CaseView`, cut to the actor's labels. `cases.service.view_of(actor, case)` does it inside a transaction of yours,
  which must then record its own entry.
- A tab of another feature renders a template that extends `cases/_frame.html` with `case=view` and
  `tab="requests"`, at `/dossiers/<case_id>/…`, under the endpoint that `cases.tabs.TABS` names; it fills the
  `content` block and may override `case_badge` and `case_actions`.
- To add marks to the « parcours de l’arrêt », pass `timeline=case.timeline.with_marks("Essai encadré", [Mark(…)])`
  as well (`cases.rules.timeline`: `Mark(label, start, end, certainty, flag, current)`). Only marks whose label
  the actor may read.
"""
