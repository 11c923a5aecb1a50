"""The stored versions of minutes that speak of a case."""

import json
from collections.abc import Sequence

from sqlalchemy import String, cast, select, text, update
from sqlalchemy.orm import undefer

from pdp.core import db
from pdp.minutes.models import MinutesFile, MinutesVersion
from pdp.retention.models import MinutesReseal


def list_versions_about(cellule_id: int, case_public_id: str) -> Sequence[MinutesVersion]:
    """Return every version whose document holds a mark of the case, with its content."""
    # A public id is 22 letters at random: where it stands in the stored document, the document speaks of the case.
    wanted = select(MinutesVersion).where(
        MinutesVersion.cellule_id == cellule_id,
        cast(MinutesVersion.content, String).contains(case_public_id, autoescape=True),
    )
    return db.session().scalars(wanted.options(undefer(MinutesVersion.content)).order_by(MinutesVersion.id)).all()


def list_files(version: MinutesVersion) -> Sequence[tuple[int, str, str]]:
    """Return key, format and seal of each file of a version."""
    wanted = select(MinutesFile.id, MinutesFile.format, MinutesFile.sha256).where(
        MinutesFile.cellule_id == version.cellule_id, MinutesFile.version_id == version.id
    )
    return [(row.id, row.format, row.sha256) for row in db.session().execute(wanted.order_by(MinutesFile.id))]


def keep_trace(trace: MinutesReseal) -> None:
    """Add the line that lets one seal take the place of another."""
    db.session().add(trace)
    db.session().flush()


def reseal_version(version: MinutesVersion, content: object, new_hash: str) -> None:
    """Replace the document of a version; the database asks for its trace."""
    if db.bound().is_sqlite:
        change = update(MinutesVersion).where(MinutesVersion.id == version.id)
        db.session().execute(
            change.values(content=content, content_hash=new_hash).execution_options(synchronize_session=False)
        )
        return
    db.session().execute(
        text("SELECT reseal_minutes_version(:id, CAST(:content AS json), :hash)"),
        {"id": version.id, "content": json.dumps(content, ensure_ascii=False), "hash": new_hash},
    )


def reseal_file(file_id: int, body: bytes, new_hash: str) -> None:
    """Replace the bytes of a file; the database asks for its trace."""
    if db.bound().is_sqlite:
        change = update(MinutesFile).where(MinutesFile.id == file_id)
        db.session().execute(
            change.values(body=body, size=len(body), sha256=new_hash).execution_options(synchronize_session=False)
        )
        return
    db.session().execute(
        text("SELECT reseal_minutes_file(:id, :body, :hash)"), {"id": file_id, "body": body, "hash": new_hash}
    )
