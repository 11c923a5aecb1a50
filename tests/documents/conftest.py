"""An antivirus that says yes, put back afterwards; a test that needs another one installs it."""

from collections.abc import Iterator

import pytest

from pdp.core import antivirus
from pdp.core.antivirus import ScannerOff


@pytest.fixture(autouse=True)
def scanner() -> Iterator[None]:
    """Install an installation's choice of no antivirus, so that pieces open at once."""
    before = antivirus.installed()
    antivirus.install(ScannerOff())
    yield
    antivirus.install(before)
