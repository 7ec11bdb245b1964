"""How hard the rows of the rarest class are: neighbours, copies and folds."""

from reprlib import repr as shortened

import numpy as np

from skdataquality.imbalance._difficulty import TYPES, measure, rows_per_fold
from skdataquality.imbalance._lens._seen import Part
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._frames import are_documents, as_rows
from skdataquality.utils._sklearn import take_rows

N_NEIGHBORS = 5
MANY_COPIES = 0.1  # of the rows of the class
MANY_OUTLIERS = 0.3
HANDFUL = 5  # rows: fewer than two are said to be so elsewhere
ROUNDING = 1e-9
CHECKED = 20  # rows: with 5 wrong ones among them, most are surely right


def hardness_part(seen, X, splits):
    """Measure the rows of the rarest class among those that have a prediction."""
    splits = _among(splits, seen.covered)
    if X is None or not seen.has_rarest():
        return _of_folds(seen, splits)
    X = X if are_documents(X) else as_rows(X)
    X = X if seen.covered.all() else take_rows(X, np.flatnonzero(seen.covered))
    found = measure(
        X,
        seen.truth,
        seen.rarest,
        seen.label(seen.rarest),
        twins=None if are_documents(X) else repeated_rows(X),
        splits=splits,
        n_neighbors=N_NEIGHBORS,
        random_state=seen.random_state,
    )
    folds = _folds(found.folds, seen)
    lines = [
        {"type": kind, "rows": int((found.types == kind).sum()), "share": share}
        for kind, share in found.shares.items()
    ]
    return Part(
        numbers={
            "rarest_other_neighbors": found.mean_kdn,
            "rarest_nearest_is_other": found.nearest_is_other,
            "rarest_outliers": found.shares[TYPES[-1]],
            "rarest_copies": found.copies,
            **folds.numbers,
        },
        evidence={"neighbours of the rarest class": lines, **folds.evidence},
        limits=(*_on_copies(found), *_on_outliers(found), *folds.limits),
    )


def _among(splits, covered):
    """Return splits with rows by their numbers among those that have a prediction."""
    number = np.cumsum(covered) - 1
    among = []
    for split in splits:
        train, test = (_row_numbers(rows, covered.size) for rows in split)
        among.append((number[train[covered[train]]], number[test[covered[test]]]))
    return among


def _row_numbers(rows, n_rows):
    rows = np.asarray(rows)
    if rows.dtype == bool and rows.shape == (n_rows,):
        return np.flatnonzero(rows)
    if rows.size == 0:
        return rows.astype(int)
    if rows.dtype.kind not in "iu" or not 0 <= rows.min() <= rows.max() < n_rows:
        raise ValueError(
            f"splits={shortened(rows.tolist())} are no numbers of the {n_rows} rows: "
            f"pass (train, test) of the split method of a splitter."
        )
    return rows


def _of_folds(seen, splits):
    is_class = seen.truth == seen.rarest
    everywhere = np.ones(is_class.size, dtype=bool)
    return _folds(rows_per_fold(is_class, everywhere, splits, N_NEIGHBORS), seen)


def _folds(lines, seen):
    few = sum(line["few"] for line in lines)
    name = seen.label(seen.rarest)
    limits = []
    n_rows = int(seen.sizes[seen.rarest])
    if 1 < n_rows <= HANDFUL:
        limits.append(
            f"Class {name} has {n_rows} rows: whatever is measured of them may be "
            f"chance; collect more."
        )
    elif lines and n_rows > HANDFUL and not seen.has_rarest():
        limits.append(
            f"No fold holds out rows of class {name} and trains on others: they are "
            f"in one group or fold. Pass other groups or folds."
        )
    elif few and n_rows > HANDFUL:
        limits.append(
            f"{few} of {len(lines)} folds have fewer than {N_NEIGHBORS + 1} rows of "
            f"class {name} on one side: scores vary from fold to fold."
        )
    if not lines:
        return Part(limits=tuple(limits))
    fewest = min(line["held_out"] for line in lines)
    return Part(
        numbers={"rarest_fewest_held_out": fewest},
        evidence={"rarest class by fold": lines},
        limits=tuple(limits),
    )


def _on_copies(found):
    if found.copies.estimate < MANY_COPIES:
        return ()
    n_copies = found.n_rows - found.n_distinct
    return (
        f"{n_copies} of the {found.n_rows} rows of class {found.label} repeat others "
        f"of it: they are no evidence of their own, and interpolation between copies "
        f"makes copies.",
    )


def _on_outliers(found):
    outliers = found.shares[TYPES[-1]]
    if found.n_rows <= HANDFUL or not outliers.lower > MANY_OUTLIERS:
        return ()
    if np.abs(found.kdn - found.chance_kdn).max() < ROUNDING:
        return ()  # all rows are equal, and none is nearer than another
    checked = f"{CHECKED} of them, drawn at random and"
    if (found.types == TYPES[-1]).sum() <= CHECKED:
        checked = "all of them,"
    return (
        f"{100 * outliers.estimate:.0f} % of the rows of class {found.label} have no "
        f"neighbour of it: they are hard, or mislabelled, which {checked} checked by "
        f"hand would tell. Do not interpolate between them.",
    )
