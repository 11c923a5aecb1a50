"""The identifier of the request under way, written beside each journal entry."""

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("pdp_request_id", default=None)
