"""The pages of docs/ tell the truth: printed ones are fresh, links lead somewhere, proofs exist."""

import re
from pathlib import Path

import pytest

from pdp.docs import write_docs
from tests.support.promises import PROMISES

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_printed_pages_are_fresh() -> None:
    assert write_docs(check=True) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    broken = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert broken == []


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise[:40])
def test_each_promise_has_a_test_that_prints_its_figure(promise: str) -> None:
    proof, key = PROMISES[promise]
    assert (ROOT / proof).exists()
    folder = ROOT / proof
    files = [folder] if folder.is_file() else sorted(folder.glob("*.py"))
    printed = re.compile(rf'figure\(\s*"{re.escape(key)}"')
    assert any(printed.search(file.read_text()) for file in files)
