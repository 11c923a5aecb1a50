"""Words of sign-in through an identity provider."""

from enum import StrEnum


class ProviderKind(StrEnum):
    """How a provider speaks OpenID Connect."""

    PROCONNECT = "proconnect"
    PRO_SANTE_CONNECT = "pro_sante_connect"
    GENERIC = "generic"


class Purpose(StrEnum):
    """Why a person is sent to a provider."""

    SIGN_IN = "sign_in"
    LINK = "link"


class Reason(StrEnum):
    """Why an answer of a provider is refused: for the journal, never for the page."""

    NO_TRIP = "no_trip"
    STATE = "state"
    USED_TWICE = "used_twice"
    TOO_LATE = "too_late"
    OTHER_PROVIDER = "other_provider"
    OTHER_SESSION = "other_session"
    DENIED = "denied"
    NO_CODE = "no_code"
    UNREACHABLE = "unreachable"
    EXCHANGE = "exchange"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    SUBJECT = "subject"
    EXPIRED = "expired"
    DATED = "dated"
    NONCE = "nonce"
    LEVEL = "level"
    USERINFO = "userinfo"
    THROTTLED = "throttled"
    NOT_LINKED = "not_linked"
    NOT_OPEN = "not_open"
