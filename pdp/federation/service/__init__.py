"""Use cases of sign-in through an identity provider."""

from pdp.federation.service.answers import note_refusal, purge_returns, receive
from pdp.federation.service.leaving import end_at_provider
from pdp.federation.service.linking import (
    Offer,
    find_offer,
    keep_offer,
    link,
    list_identities,
    list_providers_for,
    sign_in_name,
    unlink,
)
from pdp.federation.service.sign_in import opens, sign_in

__all__ = [
    "Offer",
    "end_at_provider",
    "find_offer",
    "keep_offer",
    "link",
    "list_identities",
    "list_providers_for",
    "note_refusal",
    "opens",
    "purge_returns",
    "receive",
    "sign_in",
    "sign_in_name",
    "unlink",
]
