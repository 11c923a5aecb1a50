"""The journal that the watch writes is anchored in a file of the test."""

from tests.audit.conftest import anchors_file

__all__ = ["anchors_file"]
