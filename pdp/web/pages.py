"""What every page shares: navigation, static files, template helpers."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_login import current_user
from jinja2 import StrictUndefined

from pdp.core import clock
from pdp.core.intimate import ADVICE
from pdp.core.resources import data_dir
from pdp.policy.permissions import Permission
from pdp.web.filters import FILTERS
from pdp.web.guards import allows
from pdp.web.states import STATES
from pdp.web.wording import is_printed, told_words


@dataclass(frozen=True)
class NavEntry:
    """An entry of the main navigation: shown to those who hold the permission, current in its features and pages."""

    label: str
    endpoint: str
    permission: Permission
    sections: tuple[str, ...]
    # Under which word it is folded away, when the person has several entries of that word.
    group: str = ""


def install(app: Flask, navigation: tuple[NavEntry, ...], *, demo: bool) -> None:
    """Set up Jinja: strict, with our filters and the few globals that templates may use."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        static_url=static_url,
        is_printed=is_printed,
        told_words=told_words,
        wording_advice=ADVICE,
        allows=allows,
        states=STATES,
        demo_mode=demo,
        today=clock.today,
        now=clock.now,
    )
    app.context_processor(_context(navigation))


def _context(navigation: tuple[NavEntry, ...]) -> Callable[[], dict[str, Any]]:
    def context() -> dict[str, Any]:
        signed_in = current_user.is_authenticated
        return {
            "current_actor": current_user.actor if signed_in else None,
            "site": _site(),
            "nav": _nav(navigation) if signed_in else [],
        }

    return context


def _site() -> dict[str, Any]:
    return {
        "account": url_for("accounts.own_account"),
        "sign_out": url_for("accounts.sign_out"),
        "menu": [
            {"url": url_for("accounts.memberships"), "icon": "users", "label": "Changer de rôle"},
            {"url": url_for("oversight.show_own"), "icon": "eye", "label": "Mes accès"},
        ],
    }


def _nav(navigation: tuple[NavEntry, ...]) -> list[dict[str, Any]]:
    """Return the entries of the visitor; those of a group of two or more are folded, last, under its word."""
    allowed = [entry for entry in navigation if allows(entry.permission)]
    sizes = Counter(entry.group for entry in allowed)
    alone = [entry for entry in allowed if not entry.group or sizes[entry.group] < 2]
    items = [_nav_item(entry, navigation) for entry in alone]
    for group in dict.fromkeys(entry.group for entry in allowed if entry not in alone):
        folded = [_nav_item(entry, navigation) for entry in allowed if entry.group == group]
        items.append({"label": group, "folded": folded, "current": any(item["current"] for item in folded)})
    return items


def _nav_item(entry: NavEntry, navigation: tuple[NavEntry, ...]) -> dict[str, Any]:
    endpoint = request.endpoint or ""
    # A page that an entry names is of that entry alone; any other page is of its feature's.
    is_named = any(endpoint in other.sections for other in navigation)
    current = (endpoint if is_named else endpoint.split(".")[0]) in entry.sections
    return {"label": entry.label, "url": url_for(entry.endpoint), "current": current}


def absolute_url(endpoint: str, **values: Any) -> str:
    """Return the whole address of a page, on the public address of the site when the installation says it."""
    site = current_app.config["PDP"].public_url
    return f"{site.rstrip('/')}{url_for(endpoint, **values)}" if site else url_for(endpoint, _external=True, **values)


@lru_cache(maxsize=256)
def _fingerprint(path: str) -> str:
    return hashlib.sha256((data_dir("static") / path).read_bytes()).hexdigest()[:12]


def static_url(path: str) -> str:
    """Return the URL of a static file, versioned by its content so that it may be cached for ever."""
    return url_for("static", filename=path, v=_fingerprint(path))
