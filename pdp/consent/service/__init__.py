"""Use cases of sharing agreements, the register of what left under them, and what is asked back."""

from pdp.consent.service.agreements import record_agreement, withdraw_agreement
from pdp.consent.service.ends import end_due, end_with_case
from pdp.consent.service.keys import CaseKey
from pdp.consent.service.recalls import RecallView, answer_recall, list_recalls, read_recall
from pdp.consent.service.register import record_departure

__all__ = [
    "CaseKey",
    "RecallView",
    "answer_recall",
    "end_due",
    "end_with_case",
    "list_recalls",
    "read_recall",
    "record_agreement",
    "record_departure",
    "withdraw_agreement",
]
