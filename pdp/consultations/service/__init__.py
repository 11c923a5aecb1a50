"""The use cases of written consultations; ids are public ids, refusals are French sentences.

Read: list_consultations · read_consultation · read_question. Coordinator: plan_consultation ·
open_consultation · extend · call_off · relance · type_phone_vote · finish; the opinion on a question is
recorded by `meetings.service.record_opinion`. Members: cast · evoke. Scheduler: running.run.
"""

from pdp.consultations.service.closing import close_due, finish
from pdp.consultations.service.planning import call_off, extend, open_consultation, plan_consultation, silence_today
from pdp.consultations.service.reading import list_consultations, read_consultation, read_question
from pdp.consultations.service.voting import cast, evoke, relance, type_phone_vote

__all__ = [
    "call_off",
    "cast",
    "close_due",
    "evoke",
    "extend",
    "finish",
    "list_consultations",
    "open_consultation",
    "plan_consultation",
    "read_consultation",
    "read_question",
    "relance",
    "silence_today",
    "type_phone_vote",
]
