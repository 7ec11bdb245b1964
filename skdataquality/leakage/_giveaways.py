"""Columns that give the answer away."""

from dataclasses import dataclass

import numpy as np

from skdataquality.leakage._alone import ColumnAlone, judge_alone
from skdataquality.leakage._beside import judge_beside
from skdataquality.leakage._levels import iterate_columns
from skdataquality.utils._folds import own_rng, stratified_folds
from skdataquality.utils._frames import as_rows
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._stats import Interval
from skdataquality.utils._validation import encode_labels, is_continuous

N_FOLDS = 5
FEWEST_ROWS = 40
SAMPLE = 20_000  # rows that are judged
DECIDES = 0.95  # of the errors removed by the column alone
MISSING_TELLS = 0.85
STRONG = 0.95
NOTABLE = 0.75
GAP = 0.1
FEWEST_PAIRS = 10
SURE = 0.7
MOST_EXAMINED = 10
N_QUARTERS = 4


@dataclass(frozen=True)
class Giveaway:
    """A column that tells the class too well.

    Attributes
    ----------
    alone : ColumnAlone
    verdict : {"found", "suspect"}
    reason : str
    next_best : float
        Highest AUC, for the same class, of a column that is not accused.
    beside : Interval or None
        Share of pairs ordered rightly where the other columns say the same.
    """

    alone: ColumnAlone
    verdict: str
    reason: str
    next_best: float
    beside: Interval | None = None


def class_codes(y):
    """Return classes and codes of y; numbers become their quarters."""
    if is_continuous(y):
        values = np.asarray(y, dtype=float)
        cuts = np.quantile(values, np.arange(1, N_QUARTERS) / N_QUARTERS)
        quarter = np.searchsorted(np.unique(cuts), values)
        names = np.array(["lowest", "second", "third", "highest"])
        present, codes = np.unique(quarter, return_inverse=True)
        return names[present], codes
    return encode_labels(y)


def find_giveaways(X, y, *, left_out=(), random_state=0):
    """Judge every column alone and beside the others.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
        Class labels, or numbers, which are cut into quarters.
    left_out : collection of column names
        Known to be no features.
    random_state : int, RandomState instance or None, default=0
        For the folds, and the rows looked at where there are more than 20,000.

    Returns
    -------
    giveaways : list of Giveaway
        The strongest first.
    alone : list of ColumnAlone
        Every column that can be judged, the strongest first.
    """
    X = as_rows(X)
    classes, codes = class_codes(y)
    if codes.shape[0] < FEWEST_ROWS or classes.shape[0] < 2:
        return [], []
    rng = own_rng(random_state)
    if codes.shape[0] > SAMPLE:
        rows = np.sort(rng.choice(codes.shape[0], SAMPLE, replace=False))
        X, codes = take_rows(X, rows), codes[rows]
    fold = stratified_folds(codes, N_FOLDS, random_state=rng)
    n_classes = classes.shape[0]
    columns = [
        judge_alone(name, values, codes, fold, n_classes)
        for name, values in iterate_columns(X)
        if name not in left_out
    ]
    columns.sort(key=lambda alone: -alone.auc.estimate)
    return _accuse(columns, codes, fold, n_classes), columns


def _accuse(columns, codes, fold, n_classes):
    """Judge the strongest columns one by one; an accused one leaves the others."""
    accused = [_decides(alone) for alone in columns]
    giveaways = [g for g in accused if g]
    others = [a for a, g in zip(columns, accused, strict=True) if not g]
    for alone in list(others[:MOST_EXAMINED]):
        if alone.auc.estimate < NOTABLE:
            break
        rest = [other for other in others if other is not alone]
        found = _stands_out(alone, rest, codes, fold, n_classes)
        if found:
            giveaways.append(found)
            others = rest
    return [
        Giveaway(**{**vars(g), "next_best": _next_best(g.alone, others)})
        for g in giveaways
    ]


def _next_best(alone, others):
    return float(max((other.by_class[alone.told] for other in others), default=0.5))


def _decides(alone):
    """Accuse a column that settles the answer whatever the others say."""
    if alone.error_removed >= DECIDES:
        reason = "alone it names the class almost without error"
    elif (alone.missing_auc or 0) >= MISSING_TELLS:
        reason = "whether it has a value tells the class"
    else:
        return None
    return Giveaway(alone, "found", reason, next_best=np.nan)


def _stands_out(alone, rest, codes, fold, n_classes):
    """Accuse a column that still knows the answer where all others are in doubt."""
    if not rest:
        return None
    beside, n_pairs = judge_beside(alone, rest, codes, fold, n_classes)
    if n_pairs < FEWEST_PAIRS or beside.lower < SURE - 0.1:
        return None
    auc, gap = alone.auc.estimate, alone.auc.estimate - _next_best(alone, rest)
    knows = beside.estimate >= 0.9 and beside.lower >= SURE
    if auc >= STRONG and knows:
        reason = "it still knows the class where all other columns are in doubt"
        return Giveaway(alone, "found", reason, np.nan, beside)
    if beside.estimate >= NOTABLE and (gap >= GAP or (knows and auc >= 0.9)):
        reason = "it stands far above all other columns: ask when it becomes known"
        return Giveaway(alone, "suspect", reason, np.nan, beside)
    return None
