"""The one table of who may do what. Views are stamped with it, services ask it, docs print it.

A permission is the coarse gate: which roles may attempt an act at all. What of a case the act may
touch is then decided by `visibility`, and who sits in a ballot by its frozen electorate.
"""

from collections.abc import Iterable
from enum import StrEnum

from pdp.core.errors import Forbidden
from pdp.policy.actor import Actor
from pdp.policy.roles import CORE_ROLES, PARTNER_ROLES, Role


class Permission(StrEnum):
    """An act, named `thing:verb`."""

    ACCESS_REVIEW = "access:review"
    ACCOUNT_CLOSE = "account:close"
    ACCOUNT_USE = "account:use"
    ADVICE_ANSWER = "advice:answer"
    ADVICE_ASK = "advice:ask"
    ADVICE_READ = "advice:read"
    CASE_ASSIGN = "case:assign"
    CASE_EXPORT = "case:export"
    CASE_LIST = "case:list"
    CASE_OPEN = "case:open"
    CASE_READ = "case:read"
    CASE_RECUSE = "case:recuse"
    CASE_RESTRICT = "case:restrict"
    CASE_STEER = "case:steer"
    CASE_WRITE = "case:write"
    CELLULE_READ = "cellule:read"
    DECISION_RECORD = "decision:record"
    DOCUMENT_ADD = "document:add"
    DOCUMENT_READ = "document:read"
    DOCUMENT_REVIEW = "document:review"
    EMERGENCY_REVIEW = "emergency:review"
    EMERGENCY_USE = "emergency:use"
    GOVERNANCE_SET = "governance:set"
    INSTALLATION_READ = "installation:read"
    JOURNAL_COUNT = "journal:count"
    JOURNAL_EXTRACT = "journal:extract"
    JOURNAL_READ = "journal:read"
    LETTER_PRODUCE = "letter:produce"
    LETTER_READ = "letter:read"
    MEETING_LIST = "meeting:list"
    MEETING_READ = "meeting:read"
    MEETING_RUN = "meeting:run"
    MEMBER_END = "member:end"
    MEMBER_READ = "member:read"
    MINUTES_COMPOSE = "minutes:compose"
    MINUTES_OBJECT = "minutes:object"
    MINUTES_READ = "minutes:read"
    MINUTES_SEND = "minutes:send"
    NOTICE_PRINT = "notice:print"
    NOTICE_RECORD = "notice:record"
    OPINION_CORRECT = "opinion:correct"
    OUTCOME_RECORD = "outcome:record"
    PROCESSING_FREEZE = "processing:freeze"
    RECALL_ANSWER = "recall:answer"
    RECTIFICATION_RECORD = "rectification:record"
    PACK_HAND_OVER = "pack:hand_over"
    PACK_PREPARE = "pack:prepare"
    PACK_RELEASE = "pack:release"
    PARTNER_SPACE = "partner:space"
    PERSON_COMPARE = "person:compare"
    PERSON_MERGE = "person:merge"
    RECOVERY_VOUCH = "recovery:vouch"
    REQUEST_CREATE = "request:create"
    REQUEST_READ = "request:read"
    REQUEST_WRITE = "request:write"
    RIGHTS_READ = "rights:read"
    RIGHTS_REGISTER = "rights:register"
    RIGHTS_WRITE = "rights:write"
    RETENTION_CONFIRM = "retention:confirm"
    RETENTION_READ = "retention:read"
    RETENTION_SETTLE = "retention:settle"
    RETENTION_STEER = "retention:steer"
    RULES_READ = "rules:read"
    SHARING_RECORD = "sharing:record"
    TEXT_SET = "text:set"
    VERDICT_OVERRIDE = "verdict:override"
    VOTE_CAST = "vote:cast"


_EVERYONE = frozenset(Role)
_CASE_PEOPLE = CORE_ROLES | PARTNER_ROLES | {Role.CSAM}
_SOCIAL = frozenset({Role.SERVICE_SOCIAL, Role.MANAGER})
_MEMBERS = CORE_ROLES | PARTNER_ROLES

GRANTS: dict[Permission, frozenset[Role]] = {
    Permission.ACCESS_REVIEW: PARTNER_ROLES | {Role.COORDINATEUR, Role.ADMIN},
    Permission.ACCOUNT_CLOSE: frozenset({Role.ADMIN}),
    Permission.ACCOUNT_USE: _EVERYONE,
    Permission.ADVICE_ANSWER: PARTNER_ROLES,
    Permission.ADVICE_ASK: _SOCIAL | {Role.COORDINATEUR},
    Permission.ADVICE_READ: _MEMBERS,
    Permission.CASE_ASSIGN: _SOCIAL,
    Permission.CASE_EXPORT: CORE_ROLES,
    Permission.CASE_LIST: _CASE_PEOPLE,
    Permission.CASE_OPEN: _SOCIAL | {Role.CSAM},
    Permission.CASE_READ: _CASE_PEOPLE,
    Permission.CASE_RECUSE: _MEMBERS,
    Permission.CASE_RESTRICT: _SOCIAL,
    Permission.CASE_STEER: _SOCIAL | {Role.CSAM},
    Permission.CASE_WRITE: _CASE_PEOPLE,
    Permission.CELLULE_READ: _MEMBERS | {Role.ADMIN, Role.DPO},
    Permission.DECISION_RECORD: frozenset({Role.CPAM}),
    Permission.DOCUMENT_ADD: _CASE_PEOPLE,
    Permission.DOCUMENT_READ: _CASE_PEOPLE,
    Permission.DOCUMENT_REVIEW: _SOCIAL,
    Permission.EMERGENCY_REVIEW: frozenset({Role.DPO}),
    Permission.EMERGENCY_USE: CORE_ROLES,
    Permission.INSTALLATION_READ: frozenset({Role.ADMIN}),
    Permission.JOURNAL_COUNT: frozenset({Role.ADMIN}),
    Permission.JOURNAL_EXTRACT: frozenset({Role.COORDINATEUR, Role.DPO}),
    Permission.JOURNAL_READ: frozenset({Role.DPO}),
    Permission.LETTER_PRODUCE: _SOCIAL | {Role.CPAM, Role.COORDINATEUR},
    Permission.LETTER_READ: _MEMBERS,
    Permission.MEETING_LIST: _MEMBERS,
    Permission.MEETING_READ: _MEMBERS,
    Permission.GOVERNANCE_SET: frozenset({Role.COORDINATEUR}),
    Permission.MEETING_RUN: frozenset({Role.COORDINATEUR}),
    Permission.MEMBER_END: frozenset({Role.COORDINATEUR, Role.ADMIN}),
    Permission.MEMBER_READ: frozenset({Role.COORDINATEUR, Role.MANAGER, Role.ADMIN, Role.DPO}),
    Permission.MINUTES_COMPOSE: frozenset({Role.COORDINATEUR}),
    Permission.MINUTES_OBJECT: _MEMBERS,
    Permission.MINUTES_READ: _MEMBERS,
    Permission.MINUTES_SEND: frozenset({Role.COORDINATEUR}),
    Permission.NOTICE_PRINT: CORE_ROLES | {Role.CSAM},
    Permission.NOTICE_RECORD: _SOCIAL | {Role.COORDINATEUR},
    Permission.OPINION_CORRECT: CORE_ROLES,
    Permission.OUTCOME_RECORD: _SOCIAL | PARTNER_ROLES - {Role.MDPH} | {Role.COORDINATEUR},
    Permission.PROCESSING_FREEZE: _SOCIAL,
    Permission.RECALL_ANSWER: PARTNER_ROLES,
    Permission.RECTIFICATION_RECORD: CORE_ROLES,
    Permission.PACK_HAND_OVER: frozenset({Role.COORDINATEUR, Role.DPO}),
    Permission.PACK_PREPARE: _SOCIAL,
    Permission.PACK_RELEASE: _SOCIAL | {Role.SERVICE_MEDICAL},
    Permission.PERSON_COMPARE: _SOCIAL | {Role.COORDINATEUR},
    Permission.PERSON_MERGE: frozenset({Role.MANAGER, Role.COORDINATEUR}),
    Permission.PARTNER_SPACE: PARTNER_ROLES,
    # Of a partner, the manager of its people alone: the service asks it.
    Permission.RECOVERY_VOUCH: PARTNER_ROLES | {Role.COORDINATEUR, Role.MANAGER, Role.ADMIN},
    Permission.REQUEST_CREATE: CORE_ROLES | PARTNER_ROLES - {Role.MDPH},
    Permission.REQUEST_READ: _MEMBERS,
    Permission.REQUEST_WRITE: CORE_ROLES | PARTNER_ROLES,
    Permission.RIGHTS_READ: _SOCIAL | {Role.COORDINATEUR, Role.DPO},
    Permission.RIGHTS_REGISTER: frozenset({Role.COORDINATEUR, Role.DPO}),
    Permission.RIGHTS_WRITE: _SOCIAL | {Role.COORDINATEUR, Role.DPO},
    Permission.RETENTION_CONFIRM: frozenset({Role.COORDINATEUR, Role.DPO}),
    Permission.RETENTION_READ: _SOCIAL | {Role.COORDINATEUR, Role.DPO},
    Permission.RETENTION_SETTLE: frozenset({Role.COORDINATEUR}),
    Permission.RETENTION_STEER: _SOCIAL | {Role.COORDINATEUR},
    Permission.RULES_READ: _EVERYONE,
    Permission.SHARING_RECORD: _SOCIAL,
    Permission.TEXT_SET: frozenset({Role.COORDINATEUR}),
    Permission.VERDICT_OVERRIDE: CORE_ROLES,
    Permission.VOTE_CAST: _MEMBERS,
}

# What an emergency access leaves of the role's permissions: reading one case, and one's own account.
_IN_EMERGENCY = frozenset(
    {
        Permission.ACCOUNT_USE,
        Permission.ADVICE_READ,
        Permission.CASE_LIST,
        Permission.CASE_READ,
        Permission.DOCUMENT_READ,
        Permission.REQUEST_READ,
        Permission.RULES_READ,
    }
)


def can(actor: Actor, permission: Permission) -> bool:
    """Tell whether the actor's role may attempt the act; during an emergency access it writes nothing."""
    return actor.role in GRANTS[permission] and (not actor.in_emergency or permission in _IN_EMERGENCY)


def ensure(actor: Actor, permission: Permission) -> None:
    """Refuse with `Forbidden` when the actor's role may not attempt the act."""
    if not can(actor, permission):
        raise Forbidden(permission)


def granted(role: Role) -> Iterable[Permission]:
    """Yield the permissions of a role, for the printed table."""
    return (permission for permission in Permission if role in GRANTS[permission])
