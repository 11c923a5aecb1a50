"""From stored rows to the copy of a person's data: every column of every shelf, by label."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any

from pdp.advice.models import AdviceAsk, AdviceReply, AdviceRound
from pdp.cases.models import Case
from pdp.core import clock, french
from pdp.policy.columns import Mark
from pdp.policy.labels import Label
from pdp.policy.roles import ROLE_NAMES, Role
from pdp.privacy.queries.copy import Holdings
from pdp.privacy.rules.copy import CaseCopy, Field, Record, Section
from pdp.privacy.rules.shelves import SHELVES, Shelf, columns_of, title_of
from pdp.privacy.service.wording import read_by_machines, said

# Who wrote a row: a function, never a name. An individual vote says neither.
_AUTHORS = ("author_id", "added_by_id", "recorded_by_id", "answered_by_id", "decided_by_id", "asked_by_id", "user_id")
_TOGETHER = frozenset({"vote", "ballot_voter"})
_OF_PERSON = frozenset({"insured_person", "person_alias"})


def copy_of(held: Holdings, consultations: dict[int, list[Any]] | None = None) -> tuple[CaseCopy, ...]:
    """Return what is held about the person, case by case; what is theirs in no case stands in the first one."""
    first = held.cases[0].id
    return tuple(
        CaseCopy(case.id, case.reference, tuple(_sections(held, case, case.id == first, consultations or {})))
        for case in held.cases
    )


def _sections(held: Holdings, case: Case, first: bool, consultations: dict[int, list[Any]]) -> Iterator[Section]:
    for shelf in SHELVES:
        if shelf.table == "audit_entry":
            records = _consultations(held, case, consultations.get(case.id, []))
        elif shelf.table == "minutes_version":
            records = list(_extracts(held, case))
        elif shelf.table in _OF_PERSON:
            records = [_record(held, shelf, row) for row in held.rows[shelf.table]] if first else []
        else:
            records = _records(held, shelf, _rows_of(held, shelf, case.id))
        records = [one for one in records if one.fields]
        if records:
            yield Section(shelf.table, shelf.title, tuple(records))


def _rows_of(held: Holdings, shelf: Shelf, case_id: int) -> list[Any]:
    """Return the rows of a table that hang on a case, through as many rows as it takes."""
    keys = {case_id}
    for above in _way(shelf):
        if above.table != "case_file":
            keys = {row.id for row in held.rows[above.table] if getattr(row, above.by) in keys}
    rows = [row for row in held.rows[shelf.table] if getattr(row, shelf.by) in keys]
    return _revealed(held, rows) if shelf.table == "advice_reply" else rows


def _way(shelf: Shelf) -> list[Shelf]:
    """Return the shelves between the case and this one, the nearest to the case first."""
    by_table = {found.table: found for found in SHELVES}
    way: list[Shelf] = []
    above = by_table[shelf.of]
    while above.table != "case_file":
        way.insert(0, above)
        above = by_table[above.of]
    return way


def _revealed(held: Holdings, replies: Sequence[AdviceReply]) -> list[AdviceReply]:
    """An answer is told once all are in, or the time is up: as to the core."""
    rounds: dict[int, AdviceRound] = {row.id: row for row in held.rows["advice_round"]}
    asks: list[AdviceAsk] = held.rows["advice_ask"]
    answered = {row.ask_id for row in held.rows["advice_reply"]}
    waiting = {
        ask.round_id for ask in asks if ask.id not in answered and ask.revoked_at is None and ask.declined_at is None
    }
    open_rounds = {key for key in waiting if rounds[key].due_on >= clock.today()}
    round_of = {ask.id: ask.round_id for ask in asks}
    return [row for row in replies if round_of[row.ask_id] not in open_rounds]


def _records(held: Holdings, shelf: Shelf, rows: list[Any]) -> list[Record]:
    if shelf.table == "ballot_voter":
        return _voters(rows)
    if shelf.table == "vote":
        rows = _last_votes(rows)
    return [_record(held, shelf, row) for row in rows]


def _last_votes(rows: list[Any]) -> list[Any]:
    """Return the vote that holds of each seat, in an order that tells nothing of the seats."""
    last: dict[tuple[int, int], Any] = {}
    for row in sorted(rows, key=lambda one: one.sequence):
        last[row.ballot_id, row.seat_id] = row
    return sorted(last.values(), key=lambda one: (one.ballot_id, one.value.value, one.text))


def _voters(rows: list[Any]) -> list[Record]:
    counted = Counter((row.ballot_id, row.organisation_kind, row.voice) for row in rows)
    return [
        Record(
            "",
            (
                Field(
                    f"ballot_voter.organisation_kind:{ballot}-{kind}", "Service", kind.label, kind.value, Label.BALLOT
                ),
                Field(
                    f"ballot_voter.voice:{ballot}-{kind}-{voice}",
                    "Voix",
                    f"{count} {voice.label.lower()}",
                    count,
                    Label.BALLOT,
                ),
            ),
        )
        for (ballot, kind, voice), count in sorted(counted.items(), key=str)
    ]


def _record(held: Holdings, shelf: Shelf, row: Any) -> Record:
    fields = []
    for column, mark in columns_of(shelf.table).items():
        value = getattr(row, column)
        text = said(shelf.table, column, value)
        if text:
            key = f"{shelf.table}.{column}:{getattr(row, 'public_id', row.id)}"
            free = (isinstance(value, str) and not isinstance(value, StrEnum)) or isinstance(value, dict | list)
            title = title_of(shelf.table, column) or column
            fields.append(Field(key, title, text, read_by_machines(value), _label(mark, row), free))
    return Record(_signature(held, shelf, row), tuple(fields))


def _may_name_someone(table: str, column: str, value: Any) -> bool:
    """Tell whether a passage of the value may be hidden; hiding the nature of a piece keeps its file back."""
    words = isinstance(value, str) and not isinstance(value, StrEnum)
    return words or isinstance(value, dict | list) or (table, column) == ("document", "kind")


def _label(mark: Label | Mark, row: Any) -> Label | None:
    if mark is Mark.ROW:
        found: Label = row.label
        return found
    return mark if isinstance(mark, Label) else None


def _signature(held: Holdings, shelf: Shelf, row: Any) -> str:
    """Say from which organisation, or from whom by function, a row comes."""
    if shelf.table in _TOGETHER or shelf.table in {"insured_person", "person_alias"}:
        return ""
    if shelf.table == "case_file":
        return f"Dossier {row.reference}"
    organisation = getattr(row, "organisation_id", None) or getattr(row, "owner_organisation_id", None)
    if organisation:
        return held.organisations.get(organisation, "")
    author = next((getattr(row, name) for name in _AUTHORS if getattr(row, name, None)), None)
    return function_of(held, author) if author else ""


def function_of(held: Holdings, user_id: int) -> str:
    """Return what a professional is in the cellule: « Assistant de service social, CARSAT »."""
    role, _, organisation = held.functions.get(user_id, "|").partition("|")
    if not role:
        return "un professionnel de la cellule"
    return f"{french.capital(ROLE_NAMES[Role(role)])}, {organisation}"


def _consultations(held: Holdings, case: Case, entries: Iterable[tuple[Any, int, str, str]]) -> list[Record]:
    """Say who opened the case as categories of recipients: a day, an organisation, a function (art. 15.1 c)."""
    days: dict[tuple[Any, str, str], bool] = {}
    for day, organisation_id, role, action in entries:
        function = ROLE_NAMES.get(Role(role), "") if role else ""
        key = (day, held.organisations.get(organisation_id, ""), function)
        days[key] = days.get(key, False) or not action.endswith((".read", ".list", ".open", ".download"))
    records = []
    for number, ((day, organisation, function), wrote) in enumerate(sorted(days.items(), key=lambda one: one[0])):
        name = f"{case.public_id}-{number}"
        act = "consulté et complété" if wrote else "consulté"
        fields = (
            Field(f"audit_entry.at:{name}", "Le", french.day(day), day.isoformat(), Label.JOURNAL),
            Field(f"audit_entry.role:{name}", "Fonction", french.capital(function), function, Label.JOURNAL),
            Field(f"audit_entry.action:{name}", "Acte", act, act, Label.JOURNAL),
        )
        records.append(Record(organisation, fields))
    return records


def _extracts(held: Holdings, case: Case) -> Iterator[Record]:
    """Yield what the complete minutes say of a case, without the votes by seat nor the signatures."""
    for minutes, version in held.minutes:
        lines = [line for point in _points(version.content, case.public_id) for line in _lines(point["blocks"])]
        if lines:
            text = "\n".join(lines)
            key = f"minutes_version.content:{version.public_id}"
            yield Record(
                f"Procès-verbal n° {minutes.reference}", (Field(key, "Extrait", text, text, Label.OPINION, True),)
            )


def _points(plain: Any, case_id: str) -> Iterator[dict[str, Any]]:
    if isinstance(plain, list):
        for one in plain:
            yield from _points(one, case_id)
    elif isinstance(plain, dict):
        if plain.get("type") == "Point" and _speaks_of(plain, case_id):
            yield plain
        else:
            yield from _points(plain.get("blocks"), case_id)


def _speaks_of(plain: Any, case_id: str) -> bool:
    """Tell whether a point is about one case: a mark of it names the case, and none names another."""
    return _cases_of(plain) == {case_id}


def _cases_of(plain: Any) -> set[str]:
    if isinstance(plain, list):
        return set().union(*map(_cases_of, plain)) if plain else set()
    if not isinstance(plain, dict):
        return set()
    own = {plain["case"]} if plain.get("type") == "Mark" and plain.get("case") else set()
    return own.union(*(_cases_of(value) for value in plain.values()))


def _lines(plain: Any) -> Iterator[str]:
    """Yield the texts of blocks, one line a block; the votes by seat are given apart, without their seats."""
    if isinstance(plain, list):
        for one in plain:
            yield from _lines(one)
    elif isinstance(plain, dict):
        kind = plain.get("type")
        if kind in {"Votes", "Signatures"}:
            return
        if kind in {"Paragraph", "Heading"}:
            yield from filter(None, ("".join(segment["text"] for segment in plain["line"]).strip(),))
        elif kind == "Definition":
            texts = " ".join(_lines(list(plain["paragraphs"])))
            yield f"{plain['term']} : {texts}"
        elif kind == "Table":
            for row in plain["rows"]:
                yield " ; ".join("".join(segment["text"] for segment in cell).strip() for cell in row)
        else:
            if kind == "OpinionBox":
                yield plain["title"]["text"]
            yield from _lines(plain.get("blocks") or plain.get("paragraphs"))
