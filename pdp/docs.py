"""Pages of docs/ printed from the tables of the code, so that they never lie."""

from collections.abc import Callable, Iterable
from pathlib import Path

from pdp.policy.labels import LABEL_NAMES, Label
from pdp.policy.permissions import GRANTS, Permission
from pdp.policy.reading import cell
from pdp.policy.roles import ROLE_NAMES, Role

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


PAGES: dict[str, Callable[[], str]] = {"access.md": _access}
