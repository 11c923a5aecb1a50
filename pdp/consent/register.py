"""The register of what left the system: what other features call."""

from pdp.consent.service.register import record_departure

__all__ = ["record_departure"]
