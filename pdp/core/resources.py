"""Where the files that ship beside the code are, in a wheel and in a checkout alike."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDERS = frozenset({"seeds", "templates", "static", "migrations"})


def data_dir(name: str) -> Path:
    """Return the folder `seeds`, `templates`, `static` or `migrations`.

    A wheel carries them under `pdp/_data`; in a checkout they stand beside the package. The current
    folder never matters. Raises ValueError for any other name, FileNotFoundError if it was not shipped.
    """
    if name not in _FOLDERS:
        raise ValueError(f"no data folder is named {name!r}")
    for parent in (_PACKAGE / "_data", _PACKAGE.parent):
        folder = parent / name
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"the data folder {name!r} was not installed with the package")
