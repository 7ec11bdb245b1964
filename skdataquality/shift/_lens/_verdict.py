"""From the tests of each kind to one verdict: :func:`judge`."""

from dataclasses import dataclass

from skdataquality.utils._stats import SMALL_P, holm

DOUBTFUL_P = 0.05


@dataclass(frozen=True)
class Judged:
    """The verdict, the kinds it is about, and what it rests on."""

    verdict: str
    reason_code: str
    kinds: tuple
    p_value: float


def judge(parts):
    """Adjust p values by Holm; a kind whose effect matters is found at p < .01.

    ``parts`` are `Part` by kind.
    """
    tested = {kind: part for kind, part in parts.items() if part.p_value is not None}
    adjusted = holm([part.p_value for part in tested.values()])
    relevant = holm([part.p_relevant for part in tested.values()])
    smallest = float(min(adjusted))
    by_kind = dict(zip(tested, relevant, strict=True))
    for bound, verdict in ((SMALL_P, "found"), (DOUBTFUL_P, "suspect")):
        kinds = tuple(kind for kind, p in by_kind.items() if p < bound)
        if kinds:
            reason_code = "shifted" if verdict == "found" else "doubtful"
            return Judged(verdict, reason_code, kinds, smallest)
    differs = smallest < DOUBTFUL_P
    return Judged("clear", "too_small" if differs else "alike", (), smallest)
