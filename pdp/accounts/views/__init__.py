"""Pages of accounts: the front door, one's own account, and who sits in the cellule."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from pdp.accounts.views import front, mails, own, password, undertaking  # noqa: E402, F401 - each adds its pages to `bp`
