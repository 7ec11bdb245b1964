"""Columns that give the answer away."""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from sklearn.utils.validation import column_or_1d

from skdataquality.leakage._alone import ColumnAlone, classes_judged, judge_alone
from skdataquality.leakage._beside import judge_beside
from skdataquality.leakage._levels import presence_apart
from skdataquality.utils._draws import own_rng
from skdataquality.utils._folds import stratified_folds
from skdataquality.utils._frames import as_rows, iterate_columns
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._stats import Interval
from skdataquality.utils._validation import (
    check_same_length,
    encode_labels,
    is_quantity,
)

N_FOLDS = 5
FEWEST_ROWS = 40
SAMPLE = 20_000  # rows that are judged
SAMPLE_OF_CLASS = 200  # at least, where a class has them
MOST_CLASSES = 50  # largest ones; the others are judged as one
DECIDES = 0.95  # of the errors removed by the column alone
NEARLY = 0.85
MISSING_TELLS = 0.85
STRONG = 0.95
HIGH = 0.9
NOTABLE = 0.75
GAP = 0.1
FAR = 0.3
TELLS_SOMETHING = 0.6
NEARLY_ALL = 0.98
FEW_LEVELS = 10  # or two for each class: an answer has few, a measurement has many
FEWEST_PAIRS = 10
SURE = 0.7
MOST_EXAMINED = 10
QUARTERS = np.array(["lowest", "second", "third", "highest"])
RARER = "one of the rarer classes"
MOST_SPARSE = 1000  # columns of a sparse matrix, by each of two measures


@dataclass(frozen=True)
class Leak:
    """A column that tells the class too well.

    ``next_best`` is the highest AUC, for the same class, of a column that is not
    accused; ``beside`` the share of pairs ordered rightly where the other columns say
    the same.
    """

    alone: ColumnAlone
    verdict: str
    reason: str
    next_best: float
    beside: Interval | None = None


def class_codes(y):
    """Return classes and codes of y; quantities become their quarters.

    Whole numbers are a quantity if they are many, with few rows each. All but the 50
    largest classes share one code.
    """
    values = np.asarray(y)
    if is_quantity(values):
        return _quarters(column_or_1d(values, warn=True).astype(float))
    classes, codes = encode_labels(y)
    size = np.bincount(codes)
    if size.shape[0] <= MOST_CLASSES:
        return classes, codes
    kept = np.sort(np.argsort(-size, kind="stable")[:MOST_CLASSES])
    number = np.full(size.shape[0], MOST_CLASSES)
    number[kept] = np.arange(MOST_CLASSES)
    return np.append(classes[kept].astype(object), RARER), number[codes]


def _quarters(values):
    cuts = np.quantile(values, [0.25, 0.5, 0.75])
    present, codes = np.unique(np.searchsorted(cuts, values), return_inverse=True)
    return QUARTERS[present], codes


def find_leaks(X, y, *, left_out=(), random_state=0):
    """Judge every column alone and beside the others.

    Quantities are cut into quarters; columns ``left_out`` are known to be no features.
    The seed is for the folds, and the rows looked at where there are more than 20,000.
    Returns the leaks, those found before those suspected, and every column that can be
    judged, the strongest first.
    """
    X = as_rows(X)
    check_same_length(X=X, y=y)
    classes, codes = class_codes(y)
    n_classes = classes.shape[0]
    size = np.bincount(codes, minlength=n_classes)
    if codes.shape[0] < FEWEST_ROWS or not classes_judged(size).any():
        return [], []
    rng = own_rng(random_state)
    if codes.shape[0] > SAMPLE:
        rows = _some_rows(codes, rng)
        X, codes = take_rows(X, rows), codes[rows]
    fold = stratified_folds(codes, N_FOLDS, random_state=rng)
    names = set(left_out)
    columns = [
        judge_alone(name, values, codes, fold, n_classes)
        for name, values in iterate_columns(X, _telling_columns(X, codes, n_classes))
        if name not in names
    ]
    columns.sort(key=lambda alone: -alone.strength)
    return _accuse(columns, codes, fold, n_classes), columns


def _some_rows(codes, rng):
    """Draw rows at random, and more of the classes that would hardly be among them."""
    order = rng.permutation(codes.shape[0])
    by_class = order[np.argsort(codes[order], kind="stable")]
    size = np.bincount(codes)
    place = np.arange(codes.shape[0]) - np.repeat(np.cumsum(size) - size, size)
    return np.union1d(order[:SAMPLE], by_class[place < SAMPLE_OF_CLASS])


def _telling_columns(X, codes, n_classes):
    """Columns of a wide sparse matrix that are worth a look; None for all.

    Those whose mere presence differs most between classes, and the fullest.
    """
    if not sp.issparse(X) or X.shape[1] <= MOST_SPARSE:
        return None
    presence = sp.csc_array(X) != 0
    measures = presence_apart(presence, codes, n_classes), np.diff(presence.indptr)
    most = [np.argsort(-m, kind="stable")[:MOST_SPARSE] for m in measures]
    return np.union1d(*most).tolist()


def _accuse(columns, codes, fold, n_classes):
    """Judge the strongest columns one by one; an accused one leaves the others."""
    accused = [_decides(alone) for alone in columns]
    leaks = [g for g in accused if g]
    others = [a for a, g in zip(columns, accused, strict=True) if not g]
    for alone in list(others[:MOST_EXAMINED]):
        if alone.strength < NOTABLE:
            break
        rest = [other for other in others if not _is_copy(other, alone)]
        found = _stands_out(alone, rest, codes, fold, n_classes)
        if found:
            leaks.append(found)
            others = [other for other in others if other is not alone]
    leaks.sort(key=lambda g: (g.verdict != "found", -g.alone.strength))
    return [replace(g, next_best=_next_best(g.alone, others)) for g in leaks]


def _is_copy(other, alone):
    """Whether two columns part the rows alike; a copy would hide the other."""
    if abs(other.strength - alone.strength) > 1e-9:
        return False
    first, second = other.view.levels.astype(np.int64), alone.view.levels
    pairs = np.unique(first * (int(second.max()) + 1) + second).shape[0]
    return pairs == np.unique(first).shape[0] == np.unique(second).shape[0]


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
    return Leak(alone, "found", reason, next_best=np.nan)


def _stands_out(alone, rest, codes, fold, n_classes):
    """Accuse a column that still knows the answer where all others are in doubt.

    One of many levels is only suspected: a strong measurement beside weak ones does so.
    """
    auc, gap = alone.strength, alone.strength - _next_best(alone, rest)
    if not rest or (auc < HIGH and gap < GAP):
        return None
    is_answer = np.unique(alone.view.levels).shape[0] <= max(FEW_LEVELS, 2 * n_classes)
    ahead = alone.error_removed - max(other.error_removed for other in rest)
    # beside columns that tell nothing, one that tells much is no surprise
    others_tell = _next_best(alone, rest) >= TELLS_SOMETHING or auc >= NEARLY_ALL
    far_ahead = ahead >= GAP if is_answer else ahead >= FAR and others_tell
    if alone.error_removed >= NEARLY and far_ahead:
        reason = "alone it names the class with far fewer errors than any other column"
        return Leak(alone, "found" if is_answer else "suspect", reason, np.nan)
    beside, n_pairs = judge_beside(alone, rest, codes, fold, n_classes)
    if n_pairs < FEWEST_PAIRS or beside.lower < SURE - 0.1:
        return None
    knows = beside.estimate >= 0.9 and beside.lower >= SURE
    if auc >= STRONG and knows and is_answer:
        reason = "it still knows the class where all other columns are in doubt"
        return Leak(alone, "found", reason, np.nan, beside)
    is_above = gap >= GAP or (knows and auc >= HIGH)
    if beside.estimate >= NOTABLE and is_above and others_tell:
        reason = "it stands far above all other columns: ask when it becomes known"
        return Leak(alone, "suspect", reason, np.nan, beside)
    return None
