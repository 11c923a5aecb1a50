"""Compose one agenda item about a case. Each fact gets its access label here, and only here."""

from collections.abc import Iterable

from pdp.core import french
from pdp.core.french import NBSP
from pdp.minutes import words
from pdp.minutes.document import (
    Block,
    Definition,
    Heading,
    Line,
    Look,
    Mark,
    OpinionBox,
    Paragraph,
    Point,
    Segment,
    Together,
    Vote,
    Votes,
    numbering,
)
from pdp.minutes.enums import StatusGroup
from pdp.minutes.facts import (
    DecisionFacts,
    EligibilityFacts,
    ItemFacts,
    OpinionFacts,
    ReasonFacts,
    StatusFacts,
    VoteFacts,
)
from pdp.policy.labels import Label

_CHIPS = {StatusGroup.SALARIE: Look.CHIP_SALARIE, StatusGroup.TI: Look.CHIP_TI}


class _Pen:
    """Writes the segments of one item, so that none can forget which item it belongs to."""

    def __init__(self, item: ItemFacts) -> None:
        self.item = item

    def mark(self, label: Label | None = None, owner: int | None = None, also: Iterable[Label] = ()) -> Mark:
        return Mark(label, self.item.position, self.item.case_id, owner, tuple(sorted(also)))

    def text(
        self,
        text: str,
        label: Label | None = None,
        look: Look = Look.PLAIN,
        *,
        owner: int | None = None,
        also: Iterable[Label] = (),
    ) -> Segment:
        return Segment(text, self.mark(label, owner, also), look)

    def paragraph(self, text: str, label: Label, *, owner: int | None = None, also: Iterable[Label] = ()) -> Paragraph:
        return Paragraph((self.text(text, label, owner=owner, also=also),))

    def definition(self, term: str, paragraphs: Iterable[Paragraph]) -> list[Block]:
        kept = tuple(paragraphs)
        return [Definition(term, kept)] if kept else []


def compose_item(item: ItemFacts) -> Point:
    """Return the point of one request: question, eligibility, votes, opinion, actions, decision."""
    pen = _Pen(item)
    blocks: list[Block] = [_heading(pen)]
    if item.question:
        blocks.append(Paragraph((pen.text(item.question, Label.REQUEST),), role="question"))
    if item.period_start or item.period_end:
        wording = words.sentence(french.period(item.period_start, item.period_end).capitalize())
        blocks += pen.definition("Période", [pen.paragraph(wording, Label.REQUEST)])
    blocks += pen.definition("Éligibilité", _eligibility(pen))
    blocks += pen.definition("Accords", _agreements(pen))
    for remark in item.remarks:
        blocks += pen.definition(remark.title, [pen.paragraph(remark.text, remark.label)])
    if item.discussion:
        blocks += pen.definition("Échanges", [pen.paragraph(item.discussion, Label.BALLOT)])
    sealed = _sealed(pen)
    if sealed:
        blocks.append(Together(tuple(sealed)))
    blocks += pen.definition("Suite", _actions(pen))
    if item.decision:
        blocks += pen.definition("Décision", _decision(pen, item.decision))
    return Point(item.position, pen.mark(), tuple(blocks))


def _heading(pen: _Pen) -> Heading:
    item = pen.item
    name = Segment(item.person_name, pen.mark(Label.IDENTITY), fallback=item.person_initials)
    line: Line = (numbering(item.position), pen.text(f"Dossier {item.case_reference}, "), name)
    chips = tuple(_status(pen, status) for status in item.statuses)
    return Heading(2, line + chips, (pen.text(item.dispositif, Label.REQUEST),))


def _status(pen: _Pen, status: StatusFacts) -> Segment:
    """A chip for the two groups that are told apart; words for any other situation."""
    if status.group in _CHIPS:
        return pen.text(status.name, Label.EMPLOYMENT, _CHIPS[status.group])
    return pen.text(f", {status.name.lower()}", Label.EMPLOYMENT, Look.MUTED)


def _eligibility(pen: _Pen) -> list[Paragraph]:
    # With one status the chip of the heading says which; with two, each answer names its own.
    named = len(pen.item.eligibility) > 1
    return [paragraph for facts in pen.item.eligibility for paragraph in _verdict(pen, facts, named=named)]


def _verdict(pen: _Pen, facts: EligibilityFacts, *, named: bool) -> list[Paragraph]:
    status = (
        (
            pen.text(facts.status_name, Label.EMPLOYMENT, _CHIPS[facts.group]),
            pen.text(" ", Label.EMPLOYMENT),
        )
        if named and facts.group in _CHIPS
        else ()
    )
    sentences = [f"{facts.verdict}{NBSP}: {facts.sentence}" if facts.sentence else facts.verdict]
    rules = words.rule_ids(facts.rule_ids)
    basis = ", ".join(filter(None, (facts.doctrine, rules)))
    sentences += [basis[0].upper() + basis[1:]] if basis else []
    sentences += [facts.divergence] if facts.divergence else []
    wording = " ".join(words.sentence(text) for text in sentences)
    paragraphs = [Paragraph((*status, pen.text(wording, Label.REQUEST)))]
    if facts.reasons:
        paragraphs.append(Paragraph(tuple(_reason(pen, reason) for reason in facts.reasons)))
    for answer in facts.answers:
        question = answer.question.rstrip(" .\u00a0:?")
        text = f"{question}{NBSP}? {words.sentence(answer.answer)} Réponse de {words.sentence(answer.member)}"
        paragraphs.append(pen.paragraph(text, Label.REQUEST, also=answer.labels))
    for override in facts.overrides:
        rules = words.rule_ids(override.rule_ids)
        suffix = f" ({rules})" if rules else ""
        text = f"Verdict écarté par {override.member}{suffix}. Motif écrit{NBSP}: {words.sentence(override.reason)}"
        paragraphs.append(pen.paragraph(text, Label.REQUEST, also=override.labels))
    return paragraphs


def _reason(pen: _Pen, reason: ReasonFacts) -> Segment:
    # The space comes last: whatever the redaction drops, no line begins with one.
    named = f"{reason.text.rstrip('.')} ({reason.rule_id})" if reason.rule_id else reason.text
    return pen.text(f"{words.sentence(named)} ", Label.REQUEST, also=reason.labels)


def _agreements(pen: _Pen) -> list[Paragraph]:
    sentences = []
    for row in pen.item.agreements:
        state = f"{row.state} le {french.day(row.on)}" if row.on else row.state
        detail = f", {row.detail}" if row.detail else ""
        sentences.append(words.sentence(f"{row.who}{NBSP}: {state}{detail}"))
    return [pen.paragraph(" ".join(sentences), Label.AGREEMENTS)] if sentences else []


def _sealed(pen: _Pen) -> list[Block]:
    """The quorum, the votes and the opinion: they stay on one page where they fit."""
    item = pen.item
    blocks: list[Block] = []
    if item.quorum:
        blocks += pen.definition("Quorum", [pen.paragraph(item.quorum, Label.OPINION)])
    if item.votes:
        blocks.append(Votes("Votes", tuple(_vote(pen, vote) for vote in item.votes)))
    if item.tally:
        blocks += pen.definition("Résultat", [pen.paragraph(item.tally, Label.BALLOT)])
    blocks += pen.definition("Avis consultatifs", [_consultative(pen, vote) for vote in item.consultative])
    if item.opinion:
        blocks.append(_opinion(pen, item.opinion))
    dissents = [
        pen.paragraph(words.sentence(_spoken(dissent.member, dissent.text)), Label.BALLOT) for dissent in item.dissents
    ]
    blocks += pen.definition("Désaccord", dissents)
    return blocks


def _spoken(member: str, text: str) -> str:
    return f"{member}{NBSP}: {text}" if member else text


def _vote(pen: _Pen, vote: VoteFacts) -> Vote:
    owner = vote.organisation_id
    text = pen.text(vote.text, Label.BALLOT, Look.MUTED, owner=owner) if vote.text else None
    seat = pen.text(vote.seat, Label.BALLOT, owner=owner)
    return Vote(seat, pen.text(vote.value, Label.BALLOT, owner=owner), text)


def _consultative(pen: _Pen, vote: VoteFacts) -> Paragraph:
    reason = f", {vote.text}" if vote.text else ""
    text = words.sentence(f"{vote.seat}{NBSP}: {vote.value}{reason}")
    return pen.paragraph(text, Label.BALLOT, owner=vote.organisation_id)


def _opinion(pen: _Pen, opinion: OpinionFacts) -> OpinionBox:
    lines = [("Réserve", text) for text in opinion.conditions] + [("Motif", text) for text in opinion.reasons]
    paragraphs = tuple(pen.paragraph(f"{term}{NBSP}: {words.sentence(text)}", Label.OPINION) for term, text in lines)
    return OpinionBox(opinion.code, pen.text(opinion.name, Label.OPINION), paragraphs)


def _actions(pen: _Pen) -> list[Paragraph]:
    paragraphs = []
    for action in pen.item.actions:
        due = f", au plus tard le {french.day(action.due_on)}" if action.due_on else ""
        who = ", ".join(filter(None, (action.organisation, action.purpose)))
        text = words.sentence(f"{who}{NBSP}: {action.text.rstrip('.')}{due}")
        paragraphs.append(pen.paragraph(text, Label.ACTION, owner=action.organisation_id))
    return paragraphs


def _decision(pen: _Pen, decision: DecisionFacts) -> list[Paragraph]:
    notified = f", notifiée le {french.day(decision.notified_on)}" if decision.notified_on else ""
    head = f"{decision.body}{NBSP}: {decision.name} le {french.day(decision.decided_on)}{notified}"
    texts = [head, *(f"Motif{NBSP}: {reason}" for reason in decision.reasons)]
    texts += [f"Voies de recours{NBSP}: {decision.appeal}"] if decision.appeal else []
    return [pen.paragraph(" ".join(words.sentence(text) for text in texts), Label.DECISION)]
