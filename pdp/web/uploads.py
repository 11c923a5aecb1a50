"""Routes that take a file: each says how large a body it accepts, and answers a larger one with its own form."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from pdp.web.guards import access_of

View = TypeVar("View", bound=Callable[..., Any])
# What the fields of a form may weigh beside the file.
_FIELDS = 200_000
# A body too large is read to its end and thrown away, or the browser would show a cut connection and no page.
_DRAINED = 60_000_000
_PIECE = 65_536


def accepts_file(setting: str) -> Callable[[View], View]:
    """Stamp a view that takes a file; `setting` names the setting that says how many bytes it may weigh."""

    def stamp(view: View) -> View:
        view.largest_file = setting  # type: ignore[attr-defined]
        return view

    return stamp


def install(app: Flask) -> None:
    """Weigh each body before anything reads it. To be called before whatever reads forms (CSRF)."""
    app.before_request(_weigh)


def is_too_large() -> bool:
    """Tell whether the request carried too large a file: its fields are there, the file is not."""
    return bool(g.get("file_too_large", False))


def file(name: str) -> FileStorage | None:
    """Return the file sent in a field, None when there is none."""
    found = request.files.get(name)
    return found if found is not None and found.filename else None


def _weigh() -> None:
    if request.endpoint is None or request.method != "POST":
        return
    setting = getattr(current_app.view_functions[request.endpoint], "largest_file", None)
    if setting is None:
        return
    assert access_of(current_app, request.endpoint) is not None
    limit = getattr(current_app.config["PDP"], setting) + _FIELDS
    request.max_content_length = limit
    if (request.content_length or 0) > limit:
        g.file_too_large = True
        _keep_fields()


def _keep_fields() -> None:
    """Read what was typed before the file, and throw the rest of the body away."""
    stream = request.environ["wsgi.input"]
    left = min(request.content_length or 0, _DRAINED)
    head = b""
    while left > 0 and (piece := stream.read(min(_PIECE, left))):
        left -= len(piece)
        if len(head) < _FIELDS:
            head += piece
    # Werkzeug parses a form once: these are what it finds already parsed.
    request.__dict__["form"] = _fields(head[:_FIELDS])
    request.__dict__["files"] = MultiDict()


def _fields(head: bytes) -> MultiDict[str, str]:
    found: MultiDict[str, str] = MultiDict()
    kind, options = parse_options_header(request.content_type or "")
    boundary = options.get("boundary", "")
    if kind != "multipart/form-data" or not boundary:
        return found
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), max_parts=50)
    name: str | None = None
    text = b""
    try:
        decoder.receive_data(head)
        while not isinstance(event := decoder.next_event(), File | NeedData | Epilogue):
            if isinstance(event, Field):
                name, text = event.name, b""
            elif isinstance(event, Data) and name is not None:
                text += event.data
                if not event.more_data:
                    found.add(name, text.decode("utf-8", "replace"))
                    name = None
    except ValueError:
        pass
    return found
