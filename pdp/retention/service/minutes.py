"""Empty the points of stored minutes that speak of a case, and seal again what changed."""

import hashlib

from pdp.core import clock
from pdp.minutes.blanking import without_case
from pdp.minutes.models import MinutesVersion
from pdp.minutes.render import RENDERERS
from pdp.minutes.serial import content_hash, from_plain, to_plain
from pdp.retention.models import MinutesReseal
from pdp.retention.queries import list_versions_about
from pdp.retention.queries.minutes import keep_trace, list_files, reseal_file, reseal_version


def empty_minutes(cellule_id: int, case_id: int, case_public_id: str) -> int:
    """Empty a case's points in every version and every file; return how many versions changed.

    Minutes are acts of the cellule: number, date, presences and the count of points stay, as do the other
    points. Both seals stay in `minutes_reseal`, the former one so that a paper sent earlier can be recognised.
    """
    versions = list_versions_about(cellule_id, case_public_id)
    for version in versions:
        _empty(version, case_id, case_public_id)
    return len(versions)


def _empty(version: MinutesVersion, case_id: int, case_public_id: str) -> None:
    document = without_case(from_plain(version.content), case_public_id, clock.today())
    renewed = content_hash(document)
    _trace(version, case_id, "content", version.content_hash, renewed)
    reseal_version(version, to_plain(document), renewed)
    for file_id, file_format, former in list_files(version):
        body = RENDERERS[file_format].make(document)
        seal = hashlib.sha256(body).hexdigest()
        _trace(version, case_id, file_format, former, seal)
        reseal_file(file_id, body, seal)


def _trace(version: MinutesVersion, case_id: int, part: str, former: str, renewed: str) -> None:
    keep_trace(
        MinutesReseal(
            cellule_id=version.cellule_id,
            version_id=version.id,
            case_id=case_id,
            part=part,
            old_hash=former,
            new_hash=renewed,
            at=clock.now(),
        )
    )
