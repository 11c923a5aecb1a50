"""The texts of a cellule: what is shipped, what it changed, each version kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from pdp.audit import service as audit
from pdp.core import clock, db
from pdp.core.errors import Conflict, InvalidInput, NotFound
from pdp.core.ids import new_public_id
from pdp.dispositifs.enums import Dispositif
from pdp.letters.enums import LetterKind, TextKind
from pdp.letters.models import CelluleText
from pdp.letters.queries import texts as queries
from pdp.letters.reference import ShippedText, letter_of, shipped_texts
from pdp.letters.rules import tags, template
from pdp.letters.rules.letter import paragraphs_of
from pdp.policy.actor import Actor
from pdp.policy.permissions import Permission, ensure

_STALE = (
    "Quelqu’un a enregistré une autre version de ce texte pendant que vous écriviez. Rien n’est perdu : comparez, "
    "puis enregistrez de nouveau."
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it holds today; `edition` 0 is the shipped one."""

    code: str
    kind: TextKind
    dispositif: Dispositif | None
    title: str
    body: str
    source: str
    active: bool
    edition: int

    @property
    def letter(self) -> LetterKind | None:
        """Return the letter that this text is the template of."""
        return letter_of(self.code)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a text: who saved it, and when; nobody for the shipped one."""

    text: Text
    saved_by: str
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as it would come out: of a letter, on a made-up case."""

    title: str
    paragraphs: tuple[str, ...]


def current_texts(cellule_id: int) -> dict[str, Text]:
    """Return the texts that hold in a cellule, by code, those set aside included; inside a transaction."""
    shipped = {code: _shipped(text) for code, text in shipped_texts().items()}
    return shipped | {row.code: _written(row) for row in queries.list_current(cellule_id)}


def list_texts(actor: Actor) -> Sequence[Text]:
    """Return the texts of the actor's cellule, letters last."""
    ensure(actor, Permission.TEXT_SET)
    with db.reading(actor):
        found = current_texts(actor.cellule_id)
    return sorted(found.values(), key=lambda text: (list(TextKind).index(text.kind), text.dispositif or ""))


def read_text(actor: Actor, code: str) -> tuple[Text, tuple[Version, ...]]:
    """Return a text and its versions, the last one first. Raises `NotFound`."""
    ensure(actor, Permission.TEXT_SET)
    with db.reading(actor):
        versions = _versions(actor.cellule_id, code)
    return versions[0].text, versions


def preview_text(actor: Actor, code: str | None, *, title: str, body: str) -> Preview:
    """Return what a text would give, before it is saved. Raises `InvalidInput` for a template that may not be."""
    ensure(actor, Permission.TEXT_SET)
    kind = letter_of(code) if code else None
    if kind is None:
        return Preview(title, paragraphs_of(body))
    _ensure_template(kind, title, body)
    return Preview(
        template.render(title, tags.examples(kind)), paragraphs_of(template.render(body, tags.examples(kind)))
    )


def save_text(
    actor: Actor,
    code: str | None,
    *,
    title: str,
    body: str,
    edition: int = 0,
    kind: TextKind | None = None,
    dispositif: Dispositif | None = None,
    source: str = "",
    active: bool = True,
) -> str:
    """Add a version of a text, or a new text when `code` is None; return its code.

    A text is set aside, never deleted. Raises `Conflict` when `edition` is no longer the last one, and
    `InvalidInput` for a template that says more, or less, than a letter of its kind.
    """
    ensure(actor, Permission.TEXT_SET)
    letter = letter_of(code) if code else None
    if letter is not None:
        _ensure_template(letter, title, body)
        kind, dispositif, active = TextKind.LETTER, None, True
    elif kind is None or kind is TextKind.LETTER:
        raise InvalidInput({"kind": ["Choisissez où ce texte est proposé."]})
    try:
        with db.transaction(actor) as session:
            last = _versions(actor.cellule_id, code)[0].text.edition if code else 0
            if last != edition:
                raise Conflict(_STALE)
            row = CelluleText(
                cellule_id=actor.cellule_id,
                code=code or new_public_id(),
                edition=last + 1,
                kind=kind,
                dispositif=dispositif,
                title=title,
                body=body,
                source=source,
                active=active,
                saved_by_id=actor.user_id,
                saved_at=clock.now(),
            )
            session.add(row)
            audit.record(actor, "text.save", subject=row, edition=row.edition, active=active)
    except IntegrityError as error:
        raise Conflict(_STALE) from error
    return row.code


def _ensure_template(kind: LetterKind, title: str, body: str) -> None:
    found = template.problems(kind, title, body)
    if found:
        raise InvalidInput(found)


def _versions(cellule_id: int, code: str) -> tuple[Version, ...]:
    written = tuple(
        Version(_written(row), row.saved_by.full_name, row.saved_at) for row in queries.list_versions(cellule_id, code)
    )
    shipped = shipped_texts().get(code)
    found = written + ((Version(_shipped(shipped), "", None),) if shipped else ())
    if not found:
        raise NotFound
    return found


def _shipped(text: ShippedText) -> Text:
    return Text(text.code, text.kind, text.dispositif, text.title, text.body, text.source, True, 0)


def _written(row: CelluleText) -> Text:
    return Text(row.code, row.kind, row.dispositif, row.title, row.body, row.source, row.active, row.edition)
