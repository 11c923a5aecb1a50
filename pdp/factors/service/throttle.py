"""Wrong codes in a row wait, by person and by source, apart from wrong passwords; every process counts the same."""

from pdp.accounts import queries as account_queries
from pdp.accounts.service import throttle
from pdp.core import clock
from pdp.factors import rules
from pdp.policy.actor import Actor


def codes_wait(user_id: int, source: str) -> bool:
    """Tell whether a code of a person must wait. Its factors are locked by the caller, so that none slips between."""
    now = clock.now()
    account, place = throttle.fingerprint(_account(user_id)), throttle.fingerprint(_place(source))
    recent, from_source = account_queries.count_failures(account, place, now - rules.CODES_WINDOW)
    in_a_day, _ = account_queries.count_failures(account, account, now - rules.A_DAY)
    return rules.must_wait(recent, from_source, in_a_day)


def note_wrong_code(actor: Actor, source: str) -> None:
    """Count a wrong code. Inside the caller's transaction."""
    throttle.note_failure(_account(actor.user_id), _place(source))


def _account(user_id: int) -> str:
    return f"code:{user_id}"


def _place(source: str) -> str:
    return f"code-from:{source}"
