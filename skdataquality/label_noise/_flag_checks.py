"""Do flagged labels behave like wrong ones? Two predictions, checked by a big model."""

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.model_selection import StratifiedKFold

from skdataquality.utils._draws import draw_rows
from skdataquality.utils._duplicate_rows import duplicate_groups
from skdataquality.utils._frames import as_numbers, iterate_columns
from skdataquality.utils._lens import Prediction
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._stats import proportion_interval

ROWS = 4000
FEWEST_FLAGGED = 10
N_FOLDS = 3
CONCENTRATED = 2.0  # times the flagged share of the other classes
MEMORISED = (
    "A model of high capacity learns the flagged labels by heart: right on them in "
    "training, wrong when they are held out."
)
WORST = "The class with the largest share of flagged labels has the worst recall."


def check_flags(X, codes, classes, flagged, twins, *, random_state=0):
    """Fit fully grown trees and compare flagged with other rows.

    Recall is that of the trees, a model that had no part in the flags. Of each group of
    duplicates, `twins`, only the first row is used. Returns a tuple of `Prediction`.
    """
    rows = _some_rows(codes, twins, random_state)
    among = "" if rows.size == codes.size else f" (of {rows.size} rows, none twice)"
    codes, flagged = codes[rows], flagged[rows]
    if flagged.sum() < FEWEST_FLAGGED or np.bincount(codes).max() == codes.size:
        return ()
    cells = _cells(take_rows(X, rows))
    trees = ExtraTreesClassifier(50, random_state=random_state)
    held_out = np.empty(codes.shape[0], dtype=codes.dtype)
    in_training = np.zeros(codes.shape[0])
    folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=random_state)
    for train, test in folds.split(cells, codes):
        trees.fit(cells[train], codes[train])
        held_out[test] = trees.predict(cells[test])
        in_training[train] += trees.predict(cells[train]) == codes[train]
    learned = in_training / (N_FOLDS - 1)
    return (
        _memorised(learned, held_out == codes, flagged),
        _worst_recall(codes, classes, flagged, held_out, among),
    )


def _some_rows(codes, twins, random_state):
    rows = np.arange(codes.shape[0])
    if twins is not None:
        rows = np.unique(twins, return_index=True)[1]
    rows = rows[draw_rows(rows.shape[0], ROWS, random_state)]
    common = np.bincount(codes[rows], minlength=codes.max() + 1) >= N_FOLDS
    return np.sort(rows[common[codes[rows]]])


def _cells(X):
    """Cells as float32: numbers as they are, objects and text as codes; NaN stays."""
    columns = []
    for _, values in iterate_columns(X):
        numbers = as_numbers(values, "fiubmM")
        if numbers is None:
            numbers = duplicate_groups(values.reshape(-1, 1))
        columns.append(np.clip(numbers.astype(float), -3e38, 3e38))
    return np.column_stack(columns).astype(np.float32)


def _memorised(learned, right, flagged):
    training = learned[flagged].mean()
    recalled = proportion_interval(int(right[flagged].sum()), int(flagged.sum()))
    others = proportion_interval(int(right[~flagged].sum()), int((~flagged).sum()))
    if training < 0.9:
        outcome = "refuted"
    elif recalled.upper < min(0.5, others.lower):
        outcome = "confirmed"
    else:
        outcome = "refuted" if recalled.lower > 0.5 else "cannot tell"
    return Prediction(
        sentence=MEMORISED,
        outcome=outcome,
        measured=(
            f"flagged rows: {training:.2f} right in training, "
            f"{recalled.estimate:.2f} held out; other rows held out "
            f"{others.estimate:.2f}"
        ),
    )


def _worst_recall(codes, classes, flagged, held_out, among):
    size = np.bincount(codes, minlength=classes.shape[0])
    count = np.bincount(codes, weights=flagged, minlength=classes.shape[0])
    share = np.divide(count, size, out=np.zeros(size.shape[0]), where=size > 0)
    worst = int(share.argmax())
    inside = codes == worst
    elsewhere = flagged[~inside].mean()
    name = classes[worst : worst + 1].tolist()[0]
    said = f"class {name}: {share[worst]:.3f} flagged, {elsewhere:.3f} elsewhere{among}"
    inner = proportion_interval(int(count[worst]), int(size[worst]))
    if inner.lower < elsewhere or share[worst] < CONCENTRATED * elsewhere:
        return Prediction(
            sentence=WORST,
            outcome="cannot tell",
            measured=f"{said}: the flags are not concentrated in a class",
        )
    right = held_out == codes
    recall = proportion_interval(int(right[inside].sum()), int(inside.sum()))
    rest = proportion_interval(int(right[~inside].sum()), int((~inside).sum()))
    outcome = "cannot tell"
    if recall.upper < rest.lower:
        outcome = "confirmed"
    elif recall.lower > rest.upper:
        outcome = "refuted"
    return Prediction(
        sentence=WORST,
        outcome=outcome,
        measured=f"{said}; recall {recall.estimate:.2f} against {rest.estimate:.2f}",
    )
