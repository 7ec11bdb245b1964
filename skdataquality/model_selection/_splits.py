"""Which splits all candidates are fitted and scored on."""

import numpy as np
from sklearn.base import is_regressor
from sklearn.model_selection import check_cv

from skdataquality.duplicates import DuplicateGroupKFold
from skdataquality.utils._draws import draw_seed, own_rng
from skdataquality.utils._folds import (
    capped_n_splits,
    join_groups,
    make_splits,
    row_numbers,
)
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._stats import splits_for_gain
from skdataquality.utils._validation import encode_labels

N_FOLDS = 10  # the fewest that detect 1.5 standard deviations without repeating


def fixed_splits(estimator, X, y, cv, groups, twins, random_state):
    """Return the splits for all candidates, splitters that give them, and notes."""
    n_twins = 0
    if twins is not None:
        _, member, size = np.unique(twins, return_inverse=True, return_counts=True)
        n_twins = int((size[member] > 1).sum())
    if not (cv is None or isinstance(cv, int | np.integer)):
        splits = [
            (row_numbers(train), row_numbers(test))
            for train, test in check_cv(cv).split(X, y, groups)
        ]
        return splits, (), _parted_twins(splits, twins) if n_twins else []

    codes = np.zeros(num_samples(X), dtype=np.intp)
    if not is_regressor(estimator):
        classes, codes = encode_labels(y)
        if classes.size < 2:
            raise ValueError(
                f"y has 1 class ({classes.tolist()[0]!r}) in {codes.size} row(s): a "
                f"comparison needs at least 2."
            )
    notes = [f"folds keep {n_twins} duplicate rows together"] if n_twins else []
    repeats = 1
    if cv is None:
        cv = capped_n_splits(codes, N_FOLDS, groups=join_groups(groups, twins))
        repeats = splits_for_gain(cv)
        notes.append(f"{cv} folds, {'once' if repeats == 1 else f'{repeats} times'}")
    splits, folds = [], []
    rng = own_rng(random_state)
    for _ in range(repeats):
        seed = draw_seed(rng)
        more, _ = make_splits(
            X, codes, cv=cv, groups=groups, duplicate_groups=twins, random_state=seed
        )
        splits += more
        folds.append(DuplicateGroupKFold(len(more), random_state=seed))
    return splits, tuple(folds), notes


def _parted_twins(splits, twins):
    n_parted = sum(int(np.isin(twins[b], twins[a]).sum()) for a, b in splits)
    if n_parted == 0:
        return []
    return [
        f"{n_parted} held-out rows (over all splits) equal training rows, since cv was "
        f"used as given; cv=None or an int keeps duplicates together"
    ]


def check_splits(splits):
    if len(splits) < 2:
        raise ValueError(
            f"cv gives {len(splits)} split(s): at least 2 are needed to tell a gain "
            f"from noise; use more folds."
        )
    empty = [k for k, (a, b) in enumerate(splits) if len(a) == 0 or len(b) == 0]
    if empty:
        raise ValueError(
            f"cv leaves no training or no test rows in split(s) {empty[:5]}: use fewer "
            f"folds (rows of one group, and equal rows, stay together)."
        )
