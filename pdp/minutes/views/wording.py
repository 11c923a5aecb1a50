"""The list of words that the page watches for while a text is typed."""

from flask import Response, jsonify

from pdp.core import intimate
from pdp.minutes.views import bp
from pdp.policy.permissions import Permission
from pdp.web.guards import requires


@bp.get("/aide/mots-intimes.json")
@requires(Permission.RULES_READ)
def intimate_words() -> Response:
    """Send the reviewed list, folded."""
    return jsonify(intimate.to_plain(intimate.read_lexicon()))
