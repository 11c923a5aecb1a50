"""The tabs over the lists of merging."""

from typing import Any

from flask import url_for

from pdp.policy.permissions import Permission, can
from pdp.web.guards import current_actor


def tabs_of_merging(current: str) -> list[dict[str, Any]]:
    """Return the lists open to the reader."""
    found = [
        ("waiting", "À confirmer", url_for("merging.list_proposals"), Permission.PERSON_COMPARE),
        ("pairs", "Doublons possibles", url_for("merging.list_duplicates"), Permission.PERSON_MERGE),
        (
            "decided",
            "Historique",
            url_for("merging.list_proposals", etat="historique"),
            Permission.PERSON_COMPARE,
        ),
    ]
    return [
        {"label": label, "url": url, "current": key == current}
        for key, label, url, permission in found
        if can(current_actor(), permission)
    ]
