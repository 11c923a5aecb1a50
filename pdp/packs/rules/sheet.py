"""The sheet of a case for its séance: the question first, then what its reader may read, on one page. Pure.

What the reader may read was decided before: the view of the case, the panels of the eligibility and the opinions
received come here cut to the reader's labels. What no sheet prints, whoever reads it, is never taken: notes, NIR,
rights to benefits.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from pdp.advice.enums import AskState
from pdp.advice.rules.view import RoundView
from pdp.cases.enums import BoethState, ConclusionCode, UnfitnessState
from pdp.cases.rules.view import CaseView
from pdp.core import french
from pdp.core.french import NBSP
from pdp.dispositifs.enums import Dispositif, StatusGroup
from pdp.minutes.document import Block, Definition, Heading, Line, Look, Paragraph, Point, Segment
from pdp.minutes.words import sentence
from pdp.packs.rules.fitting import cut, first, fit
from pdp.requests.enums import PieceState
from pdp.requests.rules.panel import GroupPanel

LONGEST_QUESTION = 320
_LONGEST_NAME = 80
_MOST = {"Éligibilité": 8, "Accords": 6, "Avis reçus": 5, "Déjà décidé": 3, "Situation": 5, "Emploi": 3}
_CHIPS = {StatusGroup.SALARIE: Look.CHIP_SALARIE, StatusGroup.TI: Look.CHIP_TI}
_CHIP_WORDS = {StatusGroup.SALARIE: "Salarié(e)", StatusGroup.TI: "TI"}
_GROUP_WORDS = {**_CHIP_WORDS, StatusGroup.AUTRE: "Autre situation"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A required agreement or document (label `agreements`)."""

    name: str
    state: PieceState
    dated: date | None = None
    asked_on: date | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was decided of the case before this séance: an opinion, and the decision that followed."""

    on: date
    dispositif: str
    opinion: str
    conditions: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """All that a sheet is made from, already cut to its reader. `rank` and `at` are not told to a partner.

    `assessed` is False when no eligibility was ever kept; `panels` is empty for who may not know the statuses.
    """

    item: str
    view: CaseView
    dispositif: Dispositif
    title: str
    question: str
    purpose: str
    start: date | None
    end: date | None
    details: tuple[tuple[str, str], ...]
    pieces: tuple[Piece, ...]
    panels: tuple[GroupPanel, ...]
    rounds: tuple[RoundView, ...]
    earlier: tuple[Earlier, ...]
    minutes: int
    held_on: date
    assessed: bool = True
    rank: int | None = None
    at: datetime | None = None
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: what stands above it, whom it is about, the question, and the rows under it."""

    item: str
    case: str
    reference: str
    whom: str
    over: str
    heading: Heading
    question: str
    rows: tuple[Definition, ...]
    groups: tuple[StatusGroup, ...] = ()

    @property
    def point(self) -> Point:
        """Return the sheet as one point of a document, as it is printed."""
        opening = Paragraph((Segment(self.over, look=Look.MUTED),), role="opening")
        asked = Paragraph((Segment(self.question),), role="question")
        blocks: tuple[Block, ...] = (opening, self.heading, asked, *self.rows)
        return Point(0, self.heading.line[0].mark, blocks)


def compose_sheet(found: Material) -> Sheet:
    """Return the sheet of an item, short enough for one page."""
    rows = [(term, first([text for text in texts if text], _MOST.get(term, 4))) for term, texts in _rows(found)]
    fitted = iter(fit([text for _, texts in rows for text in texts]))
    return Sheet(
        item=found.item,
        case=found.view.public_id,
        reference=found.view.reference,
        whom=cut(found.view.heading, _LONGEST_NAME),
        over=_over(found),
        heading=_heading(found),
        question=cut(found.question, LONGEST_QUESTION),
        rows=tuple(_row(term, [next(fitted) for _ in texts]) for term, texts in rows if texts),
        groups=found.view.groups,
    )


def _row(term: str, texts: Iterable[str]) -> Definition:
    return Definition(term, tuple(Paragraph((Segment(text),)) for text in texts))


def _over(found: Material) -> str:
    minutes = f"{found.minutes}{NBSP}minutes prévues"
    parts = [f"Séance du {french.weekday(found.held_on)}"]
    parts += [f"vers {french.hour(found.at)}"] if found.at else []
    parts += [minutes, f"rapporteur{NBSP}: {cut(found.view.referent or 'à désigner', _LONGEST_NAME)}"]
    return ", ".join(parts)


def _heading(found: Material) -> Heading:
    rank = Segment(f"{found.rank}. " if found.rank else "")
    whom = Segment(f"Dossier {found.view.reference}, {cut(found.view.heading, _LONGEST_NAME)}")
    chips: Line = tuple(Segment(_CHIP_WORDS[group], look=_CHIPS[group]) for group in found.view.groups)
    return Heading(2, (rank, whom, *chips), (Segment(found.title),))


def _rows(found: Material) -> Iterator[tuple[str, Iterable[str]]]:
    yield "Demande", _asked(found)
    yield "Emploi", _employment(found.view)
    yield "Situation", _situation(found.view)
    yield "Éligibilité", _eligibility(found)
    yield "Accords", _agreements(found)
    yield "Manque encore", _missing(found)
    yield "Avis reçus", _advice(found.rounds)
    yield "Déjà décidé", map(_earlier, found.earlier)
    yield "Avis rendu", [found.opinion]


def _asked(found: Material) -> Iterator[str]:
    yield found.purpose
    if found.start or found.end:
        yield sentence(french.capital(french.period(found.start, found.end)))
    yield "".join(f"{sentence(f'{name}{NBSP}: {value}')} " for name, value in found.details)


def _employment(view: CaseView) -> Iterator[str]:
    for activity in view.employment.activities if view.employment else ():
        if activity.ends_on is None or activity.ends_on >= view.timeline.today:
            parts = (activity.status.label, activity.post, activity.employer, activity.working_time)
            yield sentence(", ".join(dict.fromkeys(filter(None, parts))))


def _situation(view: CaseView) -> Iterator[str]:
    yield _stoppage(view)
    yield view.situation.presentation if view.situation else ""
    if view.conclusion and view.conclusion.code:
        yield _conclusion(view.conclusion.code, view.conclusion.given_on, view.conclusion.limits)
    if view.unfitness and view.unfitness.state is not UnfitnessState.UNKNOWN:
        yield sentence(_dated(view.unfitness.state.label, view.unfitness.stated_on))
    if view.boeth and view.boeth.state is not BoethState.UNKNOWN:
        kind = view.boeth.kind.label if view.boeth.kind else "Obligation d’emploi"
        until = f", jusqu’au {french.day(view.boeth.valid_until)}" if view.boeth.valid_until else ""
        yield sentence(f"{kind}{NBSP}: {view.boeth.state.label.lower()}{until}")


def _stoppage(view: CaseView) -> str:
    if view.stoppages is None:
        return ""
    current = view.stoppages.current
    if current is None:
        return "Pas d’arrêt de travail en cours."
    since = view.stoppages.since or current.starts_on
    end = french.day(current.prescribed_end)
    return f"En arrêt depuis le {french.day(since)} ({current.origin.label}), prescrit jusqu’au {end}."


def _conclusion(code: ConclusionCode, on: date | None, limits: str) -> str:
    said = sentence(_dated(f"Médecin-conseil{NBSP}: {code.label.lower()}", on))
    return f"{said} {sentence(limits)}".strip()


def _dated(text: str, on: date | None) -> str:
    return f"{text}, le {french.day(on)}" if on else text


def _eligibility(found: Material) -> Iterator[str]:
    if not found.assessed:
        yield "L’éligibilité n’a pas encore été évaluée."
    named = len(found.panels) > 1
    for panel in found.panels:
        group = f"{_GROUP_WORDS[panel.result.group]}{NBSP}: " if named else ""
        yield f"{group}{panel.verdict.label}. {sentence(panel.explanation)}"
        for line in panel.failed:
            source = f" ({line.finding.source})" if line.finding.source else ""
            yield sentence(f"{line.finding.sentence.rstrip('.')}{source}")


def _agreements(found: Material) -> Iterator[str]:
    for piece in found.pieces:
        if piece.state not in (PieceState.MISSING, PieceState.ABSENT):
            why = f", {piece.comment}" if piece.state is PieceState.REFUSED and piece.comment else ""
            yield sentence(f"{_dated(f'{piece.name}{NBSP}: {piece.state.label.lower()}', piece.dated)}{why}")
    shared = found.view.shared_with
    if shared:
        yield sentence(f"Partage en vigueur avec {french.listing(shared)}")


def _missing(found: Material) -> Iterator[str]:
    waits = dict.fromkeys(what for panel in found.panels for line in panel.failed for what in line.finding.missing)
    if waits:
        yield sentence(french.capital(french.listing(list(waits))))
        return
    awaited = [piece for piece in found.pieces if piece.state in (PieceState.MISSING, PieceState.ABSENT)]
    if awaited:
        yield sentence(french.listing([piece.name for piece in awaited]))


def _advice(rounds: Iterable[RoundView]) -> Iterator[str]:
    for round_ in rounds:
        for ask in round_.asks:
            if ask.answer:
                text = f", {ask.answer.text}" if ask.answer.text else ""
                yield sentence(f"{ask.organisation}{NBSP}: {ask.answer.value.label.lower()}{text}")
            elif ask.state is AskState.WAITING:
                yield f"{ask.organisation}{NBSP}: attendu pour le {french.day(round_.due_on)}."
            elif ask.state is AskState.LATE:
                yield f"{ask.organisation}{NBSP}: attendu depuis le {french.day(round_.due_on)}."


def _earlier(found: Earlier) -> str:
    head = sentence(f"{french.capital(french.day(found.on))}, {found.dispositif}{NBSP}: {found.opinion}")
    return " ".join(filter(None, (head, sentence(found.conditions), sentence(found.decision))))
