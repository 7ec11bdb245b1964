"""Which columns leak: found for what no measurement does, or only suspected."""

from dataclasses import dataclass, replace

import numpy as np

from skdataquality.leakage._alone import ColumnAlone
from skdataquality.leakage._beside import judge_beside
from skdataquality.leakage._together import Others, tells_more
from skdataquality.leakage._wrong_labels import sides_with_the_label
from skdataquality.utils._stats import SMALL_P, Interval

FEW_LEVELS = 10  # or two for each class: an answer has few, a measurement has many
DECISIVE = 0.75  # of the errors removed, surely
VERY_DECISIVE = 0.85  # of two classes, by a column of many levels
THRICE = 3  # as many errors
SEPARATES = 0.99
KNOWS, SURELY_KNOWS = 0.9, 0.7
FEWEST_PAIRS = 10
GAP = 0.1
TELLS_SOMETHING = 0.6
MISSING_TELLS = 0.85
MOST_EXAMINED = 10

REASONS = {
    "sides": "it sides with the label where all other columns contradict it",
    "missing": "whether it has a value tells the class",
    "marks": "it marks one class without error",
    "names": "alone it names the class as an answer or a decisive measurement does",
    "more": "alone it tells more than all other columns together",
}


@dataclass(frozen=True)
class Leak:
    """A column that tells the class too well.

    ``next_best`` is the highest AUC, for the same class, of a column that is not
    named; ``beside`` the share of pairs ordered rightly where the other columns say
    the same; ``p_value`` that of siding with wrong labels as an honest column.
    """

    alone: ColumnAlone
    verdict: str
    reason: str
    next_best: float = np.nan
    beside: Interval | None = None
    p_value: float | None = None


def judge_columns(columns, certain, codes, fold, n_classes):
    """Judge columns, the strongest first, beside those that are not named.

    ``certain`` holds reasons by column. What is named almost alone by a column of few
    levels is no defence of another such column.
    """
    leaks = [
        Leak(a, "found", certain[a.view.column])
        for a in columns
        if a.view.column in certain
    ]
    others = [a for a in columns if a.view.column not in certain]
    marks = [Leak(a, "suspect", reason) for a in others if (reason := _marks(a, codes))]
    leaks += marks
    others = _without(others, marks)
    decisive = [a for a in others if _is_decisive(a, n_classes)]
    answers = [a for a in decisive if _is_answer(a, n_classes)]
    rest = [a for a in others if all(a is not b for b in answers)]
    told = Others(codes, fold, n_classes)
    for alone in decisive[:MOST_EXAMINED]:
        beside = [b for b in rest if b is not alone and not is_copy(b, alone)]
        if beside and (leak := _judge(alone, beside, told)):
            leaks.append(leak)
    others = _without(others, leaks)
    leaks += _tells_more(others, told)
    leaks.sort(key=lambda g: (g.verdict != "found", -g.alone.strength))
    others = _without(others, leaks)
    return [replace(g, next_best=_next_best(g.alone, others)) for g in leaks]


def _without(columns, leaks):
    named = {g.alone.view.column for g in leaks}
    return [a for a in columns if a.view.column not in named]


def _is_decisive(alone, n_classes):
    removed = alone.error_removed_surely
    if removed < DECISIVE:
        return False
    is_easy = n_classes == 2 and not _is_answer(alone, n_classes)
    return not is_easy or removed >= VERY_DECISIVE


def _is_answer(alone, n_classes):
    return alone.n_levels <= max(FEW_LEVELS, 2 * n_classes)


def _marks(alone, codes):
    """Return the reason why a column is suspected whatever the others say, or None."""
    if (alone.missing_auc or 0) >= MISSING_TELLS:
        return REASONS["missing"]
    if alone.strength < 1 - 1e-9 or codes.max() < 2 or alone.n_levels > 2:
        return None
    of_class = alone.view.levels[codes == alone.told]
    return REASONS["marks"] if (of_class == of_class[0]).all() else None


def _judge(alone, beside, told):
    """Judge a column that alone names the class, beside others."""
    p_value = sides_with_the_label(alone, beside, told)
    if p_value is not None and p_value < SMALL_P:
        return Leak(alone, "found", REASONS["sides"], p_value=p_value)
    is_suspect, pairs = _stands_alone(alone, beside, told)
    if is_suspect:
        return Leak(alone, "suspect", REASONS["names"], beside=pairs, p_value=p_value)
    return None


def _stands_alone(alone, beside, told):
    """Whether no other column, nor all of them together, names the class as well."""
    errors = 1 - alone.error_removed
    single = 1 - max(other.error_removed for other in beside)
    if _is_answer(alone, told.n_classes):
        if single > errors:
            return True, None
        pairs, n_pairs = judge_beside(
            alone, beside, told.codes, told.fold, told.n_classes
        )
        knows = pairs.estimate >= KNOWS and pairs.lower >= SURELY_KNOWS
        return n_pairs >= FEWEST_PAIRS and knows, pairs
    if 1 - told.error_removed(beside) >= THRICE * errors:
        return True, None
    none_decides = all(o.error_removed_surely < DECISIVE for o in beside)
    separates = np.nanmin(alone.by_class) >= SEPARATES
    return none_decides and separates and single >= THRICE * errors, None


def _tells_more(others, told):
    """Suspect the strongest column if it tells more than all others together."""
    if len(others) < 2:
        return []
    alone, rest = others[0], others[1:]
    second = _next_best(alone, rest)
    if second < TELLS_SOMETHING or alone.strength - second < GAP:
        return []
    rest = [other for other in rest if not is_copy(other, alone)]
    if not tells_more(alone, rest, told):
        return []
    return [Leak(alone, "suspect", REASONS["more"])]


def is_copy(other, alone):
    """Whether two columns part the rows alike; a copy would hide the other."""
    if abs(other.strength - alone.strength) > 1e-9:
        return False
    first, second = other.view.levels.astype(np.int64), alone.view.levels
    pairs = np.unique(first * (int(second.max()) + 1) + second).shape[0]
    return pairs == np.unique(first).shape[0] == np.unique(second).shape[0]


def _next_best(alone, others):
    return float(max((other.by_class[alone.told] for other in others), default=0.5))
