"""The votes of a séance counted again by plain SQL, beside what each page said of them."""

import re
from collections import Counter

from sqlalchemy import text

from tests.journeys.great_seance.stage import Stage
from tests.support.databases import as_owner

_VOTES = text(
    """
    select item.position, voter.seat_id,
      (select vote.value from vote
       where vote.ballot_id = ballot.id and vote.seat_id = voter.seat_id and vote.round = ballot.round
       order by vote.sequence desc limit 1)
    from ballot
    join agenda_item item on item.id = ballot.item_id
    join meeting on meeting.id = item.meeting_id
    join ballot_voter voter on voter.ballot_id = ballot.id
    where meeting.public_id = :meeting and ballot.mode = 'NAMED' and voter.voice = 'deliberative'
    """
)
_SECRET = text(
    """
    select item.position, ballot.counts,
      (select count(*) from ballot_voter voter where voter.ballot_id = ballot.id and voter.voice = 'deliberative')
    from ballot
    join agenda_item item on item.id = ballot.item_id
    join meeting on meeting.id = item.meeting_id
    where meeting.public_id = :meeting and ballot.mode = 'SECRET'
    """
)
_SAID = re.compile(
    r"(\d+) pour(?:, dont (\d+) sous conditions)? ; (\d+) contre(?: ; (\d+) abstentions?)?(?: ; (\d+) déports?)?"
    r"(?: ; (\d+) sièges? sans vote)?"
)
# pour · sous conditions · contre · abstention · déport · sans vote
Figures = tuple[int, ...]


def recount(meeting: str) -> dict[int, Figures]:
    """Return the deliberative figures of each vote of a séance, by position."""
    with as_owner() as session:
        votes = session.execute(_VOTES, {"meeting": meeting}).all()
        counted: dict[int, Counter[str]] = {}
        for position, _seat, value in votes:
            counted.setdefault(position, Counter())[value or "SILENT"] += 1
        found = {position: _figures(counts) for position, counts in counted.items()}
        for position, counts, seats in session.execute(_SECRET, {"meeting": meeting}):
            given, against, abstain = (int(figure) for figure in counts.split()[:3])
            found[position] = (given, 0, against, abstain, 0, seats - given - against - abstain)
    return found


def _figures(counts: Counter[str]) -> Figures:
    conditions = counts["FOR_WITH_CONDITIONS"]
    return (
        counts["FOR"] + conditions,
        conditions,
        counts["AGAINST"],
        counts["ABSTAIN"],
        counts["RECUSED"],
        counts["SILENT"],
    )


def compare(stage: Stage) -> tuple[int, list[str]]:
    """Compare what every page said of each closed ballot with the rows; return how many, and what differs."""
    rows = recount(stage.agenda.meeting)
    compared, differing = 0, []
    for point, pages in stage.shown.items():
        for page, said in pages.items():
            found = _SAID.search(said)
            rows_say = rows.get(point.position)
            if found is None and (rows_say is None or _hides(page)):
                continue
            compared += 1
            figures = tuple(int(figure or 0) for figure in found.groups()) if found else None
            if figures != rows_say:
                differing.append(f"point {point.position}, {page}: {figures} for {rows_say}")
    return compared, differing


def _hides(page: str) -> bool:
    """Tell whether a page is that of a partner, which is told the opinion and its own vote."""
    return page.removeprefix("phone of ") in {"spst", "cap", "mdph"}
