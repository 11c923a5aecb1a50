"""Use cases of sharing agreements, and the register of what left under them."""

from pdp.consent.service.agreements import CaseKey, record_agreement, withdraw_agreement
from pdp.consent.service.register import record_departure

__all__ = ["CaseKey", "record_agreement", "record_departure", "withdraw_agreement"]
