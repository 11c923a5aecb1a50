"""Everything that can be read in an answer: text, attributes, headers, cookies, and what files hold."""

import base64
import html
import io
import json
import zipfile
import zlib

from itsdangerous import base64_decode
from werkzeug.test import TestResponse

from tests.minutes.extract import pdf_words


def words_of(answer: TestResponse) -> str:
    """Return the readable content of an answer, its headers and its cookies."""
    parts = [f"{name}: {value}" for name, value in answer.headers]
    parts += [_cookie(value) for value in answer.headers.getlist("Set-Cookie")]
    parts.append(content_words(answer.get_data()))
    return "\n".join(parts)


def content_words(data: bytes) -> str:
    """Return what a body or a file holds, members and metadata included."""
    if data.startswith(b"%PDF"):
        return pdf_words(data)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join([f"{name}\n{content_words(archive.read(name))}" for name in archive.namelist()])
    text = data.decode("utf-8", "replace")
    # What JSON escapes and what HTML escapes must be found as well as what neither does.
    return f"{html.unescape(text)}\n{_json(text)}" if text[:1] in "{[" else html.unescape(text)


def _json(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return ""


def _cookie(header: str) -> str:
    """Open the signed cookie of a session: base64, sometimes compressed."""
    payload = header.partition("=")[2].partition(";")[0]
    compressed = payload.startswith(".")
    try:
        data = base64_decode(payload.lstrip(".").partition(".")[0])
        return (zlib.decompress(data) if compressed else data).decode("utf-8", "replace")
    except (ValueError, zlib.error, base64.binascii.Error):  # type: ignore[attr-defined]
        return payload
