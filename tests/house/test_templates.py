"""Templates: every endpoint they name exists, every one is used, every import serves."""

import re
from pathlib import Path

import pytest
from flask import Flask

from pdp.core.resources import data_dir
from tests.support.world import World

TEMPLATES = data_dir("templates")
ENDPOINT = re.compile(r"""url_for\(\s*["']([\w.]+)["']""")
IMPORT = re.compile(r"""{%-? from ["']([^"']+)["'] import ([^%]+?)(?: with context)? -?%}""")
REFERENCE = re.compile(r"""(?:extends|include|import|from) ["']([\w/.-]+\.html)["']""")
RENDERED = re.compile(r"""["']([\w/-]+\.html)["']""")


def pages() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*.html"))


def test_every_endpoint_named_by_a_template_exists(app: Flask, world: World) -> None:
    missing = [
        f"{path.relative_to(TEMPLATES)}: {endpoint}"
        for path in pages()
        for endpoint in ENDPOINT.findall(path.read_text())
        if endpoint not in app.view_functions
    ]
    assert not missing, missing


def test_no_template_is_left_unused() -> None:
    code = "\n".join(path.read_text() for path in (TEMPLATES.parent / "pdp").rglob("*.py"))
    used = set(RENDERED.findall(code)) | {f"meetings/console_{act}.html" for act in ("open", "close")}
    for path in pages():
        used |= set(REFERENCE.findall(path.read_text()))
    unused = [str(path.relative_to(TEMPLATES)) for path in pages() if str(path.relative_to(TEMPLATES)) not in used]
    assert [name for name in unused if not name.startswith("style/")] == []


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_macro_is_imported_for_nothing(path: Path) -> None:
    text = path.read_text()
    for source, names in IMPORT.findall(text):
        for name in (part.split(" as ")[-1].strip() for part in names.split(",")):
            uses = len(re.findall(rf"\b{re.escape(name)}\b", text)) - len(
                re.findall(rf"import [^%]*\b{re.escape(name)}\b", text)
            )
            assert uses > 0, f"{name} from {source} is imported for nothing"
