"""Use cases of accounts: the front door, sign-ins, throttling, and who sits in the cellule."""

from pdp.accounts.service.actors import build_actor
from pdp.accounts.service.cellule import CellulePage, SeatLine, read_cellule
from pdp.accounts.service.closing import close_account, end_membership, reopen_account
from pdp.accounts.service.emergency import EmergencyGrant, begin_emergency, end_emergency
from pdp.accounts.service.mails import OwnMails, choose_mails, read_own_mails
from pdp.accounts.service.own import end_other_sign_ins, signing_in
from pdp.accounts.service.own_account import OwnAccount, read_own_account
from pdp.accounts.service.password import change_password
from pdp.accounts.service.reset import ask_reset, check_reset, find_opening, reset_password
from pdp.accounts.service.sessions import (
    Pending,
    add_proof,
    advance,
    begin,
    find_pending,
    purge_sign_ins,
    resume,
    sign_out,
    use_membership,
)
from pdp.accounts.service.sign_in import sign_in, sign_in_as
from pdp.accounts.service.sign_ins import end_one, end_others, list_own
from pdp.accounts.service.throttle import (
    must_wait,
    must_wait_for_emergency,
    note_failed_emergency,
    note_failure,
)
from pdp.accounts.service.undertake import undertake
from pdp.accounts.service.undertaking import has_undertaken, list_accepted

__all__ = [
    "CellulePage",
    "EmergencyGrant",
    "OwnAccount",
    "OwnMails",
    "Pending",
    "SeatLine",
    "add_proof",
    "advance",
    "ask_reset",
    "begin",
    "begin_emergency",
    "build_actor",
    "change_password",
    "check_reset",
    "choose_mails",
    "close_account",
    "end_emergency",
    "end_membership",
    "end_one",
    "end_other_sign_ins",
    "end_others",
    "find_opening",
    "find_pending",
    "has_undertaken",
    "list_accepted",
    "list_own",
    "must_wait",
    "must_wait_for_emergency",
    "note_failed_emergency",
    "note_failure",
    "purge_sign_ins",
    "read_cellule",
    "read_own_account",
    "read_own_mails",
    "reopen_account",
    "reset_password",
    "resume",
    "sign_in",
    "sign_in_as",
    "sign_out",
    "signing_in",
    "undertake",
    "use_membership",
]
