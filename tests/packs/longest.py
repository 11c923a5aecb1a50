"""The longest that a sheet may be asked to hold: every part there is, each with a text of several thousand letters."""

from datetime import UTC, date, datetime

from pdp.advice.enums import AdviceValue, AskState
from pdp.advice.rules.view import AnswerLine, AskLine, RoundView
from pdp.cases.enums import (
    BoethKind,
    BoethState,
    ConclusionCode,
    Scheme,
    Stage,
    StoppageOrigin,
    TriState,
    UnfitnessState,
)
from pdp.cases.rules import view as views
from pdp.cases.rules.sharing import SharingView
from pdp.cases.rules.timeline import Timeline
from pdp.consent.enums import AgreementForm, AgreementStatus, PurposeCode
from pdp.dispositifs.enums import Basis, Dispositif, Doctrine, PersonStatus, RuleDoctrine, StatusGroup, Verdict
from pdp.packs.rules.sheet import Earlier, Material, Piece
from pdp.requests.enums import PieceState
from pdp.requests.rules.findings import Finding, GroupFindings
from pdp.requests.rules.panel import GroupPanel, RuleLine
from pdp.requests.rules.standing import GroupStanding

DAY = date(2026, 3, 12)
AT = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
GROUPS = (StatusGroup.SALARIE, StatusGroup.TI, StatusGroup.AUTRE)


def material(text: str, times: int = 9) -> Material:
    """Return a case with `text` everywhere, and every list `times` long."""
    return Material(
        item="item",
        view=_view(text, times),
        dispositif=Dispositif.ESSAI_ENCADRE,
        title="Temps partiel thérapeutique",
        question=text,
        purpose=text,
        start=DAY,
        end=DAY,
        details=tuple((f"Précision {rank}", text) for rank in range(times)),
        pieces=tuple(Piece(f"Pièce {rank}", PieceState.REFUSED, DAY, DAY, text) for rank in range(times)),
        panels=tuple(_panel(group, text, times) for group in GROUPS),
        rounds=(_round(text, times),),
        earlier=tuple(Earlier(DAY, "Essai encadré", "favorable", text, text) for _ in range(times)),
        minutes=10,
        held_on=DAY,
        rank=40,
        at=AT,
        opinion=text,
    )


def _view(text: str, times: int) -> views.CaseView:
    activity = views.ActivityView("a", PersonStatus.SE_COLLABORATING_SPOUSE, text, text, text, False, None, None)
    stoppage = views.StoppageView("s", None, StoppageOrigin.NON_OCC_ACCIDENT, DAY, DAY, None, TriState.YES, True)
    sharing = SharingView(
        "p", text[:80], "o", (), next(iter(PurposeCode)), "", next(iter(AgreementForm)), DAY, None, None,
        AgreementStatus.IN_FORCE, 1,
    )  # fmt: skip
    return views.CaseView(
        public_id="case",
        reference="2026-0042",
        name=text[:200],
        stage=Stage.OPEN,
        axis=None,
        opened_on=DAY,
        closed_on=None,
        referent=text[:80],
        is_referent=False,
        version=1,
        labels=frozenset(),
        writable=frozenset(),
        tabs=(),
        moves=(),
        timeline=Timeline(DAY),
        employment=views.EmploymentView(Scheme.GENERAL, 12, (activity,) * times, GROUPS),
        stoppages=views.StoppagesView((stoppage,), (), stoppage, DAY),
        situation=views.SituationView(text, TriState.YES, None, None),
        boeth=views.BoethView(BoethKind.RQTH, BoethState.HELD, DAY),
        unfitness=views.UnfitnessView(UnfitnessState.RISK_AT_PRE_RETURN, DAY),
        conclusion=views.ConclusionView(ConclusionCode.COMPATIBLE_WITH_LIMITS, DAY, text),
        sharing=(sharing,) * times,
    )


def _panel(group: StatusGroup, text: str, times: int) -> GroupPanel:
    finding = Finding(
        id="EE-E-01",
        version="1",
        verdict=Verdict.PIECE_MANQUANTE,
        reason=text,
        source=text,
        basis=Basis.LAW,
        doctrine=RuleDoctrine.ANY,
        cause=None,
        facts=frozenset(),
        missing=(text,),
    )
    result = GroupFindings(
        Dispositif.ESSAI_ENCADRE, group, Verdict.PIECE_MANQUANTE, text, Doctrine.REGIONAL, DAY, DAY, (finding,), None
    )
    lines = tuple(RuleLine(finding, None, may_answer=False, may_override=False) for _ in range(times))
    return GroupPanel(result, result.verdict, text, lines, (), 0, GroupStanding(group, result.verdict))


def _round(text: str, times: int) -> RoundView:
    answer = AnswerLine(AdviceValue.RESERVED, text, False, "Une personne", AT, 0)
    asks = tuple(AskLine(str(rank), text[:80], AskState.ANSWERED, 1, False, answer, "", 3) for rank in range(times))
    return RoundView("r", 1, text, DAY, "Une personne", AT, True, True, asks, (), False)
