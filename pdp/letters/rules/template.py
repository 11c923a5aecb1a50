"""The templates of letters: fields and optional passages, and nothing that computes.

Mustache, of which two turns alone are taken: `{{name}}` and `{{#name}} … {{/name}}`. A value is never read as a
template, and never as a mark: it comes out as it went in.
"""

import re
from collections.abc import Collection, Iterator, Mapping

import pystache

from pdp.core.french import NBSP, listing
from pdp.letters.enums import LetterKind
from pdp.letters.rules.tags import REQUIRED, allowed_in

_TAG = re.compile(r"\{\{([#/]?) ?([a-z_]+) ?\}\}")
_FIELD, _OPEN, _CLOSE = "", "#", "/"
_SYNTAX = (
    f"Un champ s’écrit {{{{nom}}}}, un passage facultatif {{{{#nom}}}} … {{{{/nom}}}}. "
    f"Rien d’autre n’est accepté entre accolades doubles{NBSP}: ni calcul, ni autre modèle, ni balise."
)


def problems(kind: LetterKind, title: str, body: str) -> dict[str, list[str]]:
    """Return what a template may not be saved with, by field of the form, in French; empty when it may."""
    allowed = [tag.name for tag in allowed_in(kind)]
    found = {"title": _problems(title, allowed), "body": _problems(body, allowed)}
    named = set(fields_of(title)) | set(fields_of(body))
    missing = [f"{{{{{name}}}}}" for name in REQUIRED[kind] if name not in named]
    if missing and not found["body"]:
        found["body"] = [f"Ce courrier doit contenir {listing(missing)}."]
    return {name: sentences for name, sentences in found.items() if sentences}


def fields_of(template: str) -> tuple[str, ...]:
    """Return the fields whose value a template prints, each once."""
    return tuple(dict.fromkeys(name for mark, name in _marks(template) if mark == _FIELD))


def names_in(template: str) -> frozenset[str]:
    """Return all the names of a template: what it prints, and what its optional passages hang on."""
    return frozenset(name for _, name in _marks(template))


def render(template: str, values: Mapping[str, str]) -> str:
    """Return the text of a checked template. Every name that it uses must be in `values`."""
    renderer = pystache.Renderer(escape=str, missing_tags="strict", partials={})
    return str(renderer.render(template, dict(values)))


def _marks(template: str) -> Iterator[tuple[str, str]]:
    return ((match[1], match[2]) for match in _TAG.finditer(template))


def _problems(template: str, allowed: Collection[str]) -> list[str]:
    # Three braces are a mark of their own: the template would be read otherwise than it was checked.
    rest = _TAG.sub(" ", template)
    if any(braces in rest for braces in ("{{", "}}")) or "{{{" in template or "}}}" in template:
        return [_SYNTAX]
    unknown = sorted(names_in(template) - set(allowed))
    if unknown:
        names = listing([f"{{{{{name}}}}}" for name in unknown])
        known = ", ".join(f"{{{{{name}}}}}" for name in allowed)
        several = len(unknown) > 1
        return [
            f"{names} n’exist{'ent' if several else 'e'} pas dans ce courrier. "
            f"Les champs possibles sont{NBSP}: {known}."
        ]
    return _nesting(template)


def _nesting(template: str) -> list[str]:
    inside = ""
    for mark, name in _marks(template):
        if mark == _OPEN and inside:
            return [
                f"Le passage {{{{#{inside}}}}} n’est pas fermé avant {{{{#{name}}}}}{NBSP}: "
                "un passage n’en contient pas d’autre."
            ]
        if mark == _CLOSE and name != inside:
            return [f"{{{{/{name}}}}} ne ferme aucun passage{NBSP}: écrivez {{{{#{name}}}}} avant."]
        inside = name if mark == _OPEN else "" if mark == _CLOSE else inside
    return (
        [f"Le passage {{{{#{inside}}}}} n’est pas fermé{NBSP}: écrivez {{{{/{inside}}}}} à sa fin."] if inside else []
    )
