"""Hostile files are all refused, in French, without filling the memory; honest ones are all kept."""

import tracemalloc
from collections.abc import Callable

import pytest

from pdp.documents.rules.inspection import Fit, Unfit, inspect
from pdp.documents.rules.inspection.inspect import LARGEST
from tests.documents.corpus import HONEST, HOSTILE, WHY

# Beyond the file itself, whatever it unpacks to.
_MEMORY = 48_000_000


@pytest.mark.parametrize("told", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence_that_says_what_to_do(told: str) -> None:
    name, body = HOSTILE[told]()
    with pytest.raises(Unfit) as refused:
        inspect(body[: LARGEST + 1], name)
    assert refused.value.reason.value == WHY[told]
    sentence = refused.value.reason.label
    assert sentence.endswith(".")
    assert any(word in sentence for word in ("recommencez", "Enregistrez", "photographiez")), sentence


@pytest.mark.parametrize("told", HONEST)
def test_an_honest_file_is_kept(told: str) -> None:
    name, body = HONEST[told]()
    kept = inspect(body, name)
    assert kept.body
    assert inspect(kept.body, name) == kept, "what was kept is itself accepted, unchanged"


def test_no_file_fills_the_memory(figure: Callable[[str, object], None]) -> None:
    peak, refused, accepted = 0, 0, 0
    for make in (*HOSTILE.values(), *HONEST.values()):
        name, body = make()
        body = body[: LARGEST + 1]
        tracemalloc.start()
        try:
            accepted += isinstance(inspect(body, name), Fit)
        except Unfit:
            refused += 1
        finally:
            peak = max(peak, tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert (refused, accepted) == (len(HOSTILE), len(HONEST))
    assert len(HOSTILE) >= 60
    assert len(HONEST) >= 15
    assert peak < _MEMORY
    memory = f"peak {peak / 1_000_000:.0f} MB of memory"
    kept = f"{accepted} of {len(HONEST)} honest kept"
    figure("documents.hostile", f"{refused} of {len(HOSTILE)} refused, {kept}, {memory}")
