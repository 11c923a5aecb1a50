"""Pages of docs/ printed from the tables of the code, so that they never lie."""

from collections.abc import Callable, Iterable
from pathlib import Path

from pdp.cases.rules import workflow as cases
from pdp.meetings.rules import workflow as meetings
from pdp.policy.labels import LABEL_NAMES, Label
from pdp.policy.permissions import GRANTS, Permission
from pdp.policy.reading import cell
from pdp.policy.roles import ROLE_NAMES, Role
from pdp.requests.rules import workflow as requests

Moves = Iterable[tuple[str, str, str]]
DOCS = Path(__file__).resolve().parent.parent / "docs"
_WARNING = "<!-- Printed from code by `pdp docs`; do not edit. -->\n"


def write_docs(*, check: bool, folder: Path = DOCS) -> list[str]:
    """Write the pages, or only compare when `check`; return the names of those that differ."""
    stale = []
    for name, print_page in PAGES.items():
        page, text = folder / name, _WARNING + print_page()
        if not page.exists() or page.read_text() != text:
            stale.append(name)
            if not check:
                page.write_text(text)
    return stale


def _access() -> str:
    roles = list(Role)
    parts = ["\n# Who may do what, who reads what\n", "\n## Roles\n\n", _table(["Role", "In French"], _role_rows())]
    parts += ["\n## Permissions\n\n", _table(["Permission", *roles], _permission_rows(roles))]
    parts += [
        "\n## Labels\n\n",
        "`R` reads, `RW` reads and writes, `A`/`AW` the same with a sharing agreement in force, ",
        "`O` the owning referent and the manager, `own` only one's own, `-` nothing.\n\n",
        _table(["Label", "In French", *roles], _label_rows(roles)),
    ]
    return "".join(parts)


def _role_rows() -> Iterable[list[str]]:
    return ([f"`{role}`", name] for role, name in ROLE_NAMES.items())


def _permission_rows(roles: list[Role]) -> Iterable[list[str]]:
    return ([f"`{item}`", *("✔" if role in GRANTS[item] else "" for role in roles)] for item in Permission)


def _label_rows(roles: list[Role]) -> Iterable[list[str]]:
    return ([f"`{label}`", LABEL_NAMES[label], *(str(cell(role, label)) for role in roles)] for label in Label)


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _workflow() -> str:
    tables: dict[str, Moves] = {
        "A case": ((origin, move, step.to) for (origin, move), step in cases.STEPS.items()),
        "A request": ((origin, action, move.target) for (origin, action), move in requests.MOVES.items()),
        "A séance": ((origin, act, target) for (origin, act), target in meetings.MEETING_MOVES.items()),
    }
    parts = ["\n# Which move leads from which state\n"]
    for title, moves in tables.items():
        lines = "".join(f"  {origin} --> {target}: {move}\n" for origin, move, target in moves)
        parts.append(f"\n## {title}\n\n```mermaid\nstateDiagram-v2\n{lines}```\n")
    return "".join(parts)


PAGES: dict[str, Callable[[], str]] = {"access.md": _access, "workflow.md": _workflow}
