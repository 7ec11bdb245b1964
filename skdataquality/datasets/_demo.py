"""A table with known failures: :func:`load_demo`."""

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.utils import Bunch, check_random_state

from skdataquality.datasets._corruptions import (
    make_duplicates,
    make_label_errors,
    make_rare_class,
    make_shifted_sample,
)

CLINICS = np.array(["north", "south", "west"])
SHARES = [0.3, 0.3, 0.4]  # of the rows, by clinic
CARELESS, RARE = "west", "malignant"
N_TARGET = 100
RARE_SHARE = 0.27  # before labels go wrong
ERROR_RATES = {"malignant": 0.7, "benign": 0.08}  # of the careless clinic
N_REPEATS = 40


def load_demo(*, random_state=0):
    """Build the demo table from scikit-learn's breast-cancer data.

    Four failures are planted. About one label in ten is wrong, all of them in the
    largest of three clinics, which calls seven in ten malignant tumours benign and
    eight in a hundred benign ones malignant. The class "malignant" is rare, little
    more than a fifth of the labels. 40 rows are repeated. The target rows are drawn
    where the mean radius is large. No planted repeat has two labels.

    Parameters
    ----------
    random_state : int, RandomState instance or None, default=0

    Returns
    -------
    demo : Bunch
        ``X`` (n_samples, 30) and ``y`` with labels "benign" and "malignant"; ``y_true``
        (n_samples,), the labels before any went wrong, to play the reviewer with;
        ``sources`` with the "clinic" of each row; ``X_target`` (100, 30) and its true
        ``y_target``; ``feature_names``; and what was planted: ``label_error`` and
        ``is_repeat``, masks of shape (n_samples,), ``rare_class`` and
        ``careless_clinic``; ``planted``, the same by the name of the lens that should
        find it: a mask of rows, or a name.

    Notes
    -----
    Labels that are wrong by a rule look right to a model that has learned the rule: the
    lens of label noise may be unable to tell, and a comparison of remedies that is
    scored by them hides what a remedy gains.

    Examples
    --------
    >>> from skdataquality.datasets import load_demo
    >>> demo = load_demo()
    >>> sorted(set(demo.sources["clinic"][demo.label_error].tolist()))
    ['west']
    >>> bool(((demo.y != demo.y_true) == demo.label_error).all())
    True
    """
    rng = check_random_state(random_state)
    cancer = load_breast_cancer()
    X, y = cancer.data, np.array(["malignant", "benign"])[cancer.target]
    is_target = make_shifted_sample(X[:, 0], N_TARGET, strength=1.0, random_state=rng)
    X_target, y_target = X[is_target], y[is_target]
    X, y = X[~is_target], y[~is_target]
    share = min(RARE_SHARE, (y == RARE).mean())
    rows = make_rare_class(y, RARE, share, random_state=rng)
    X, y = X[rows], y[rows]
    clinic = rng.choice(CLINICS, y.shape[0], p=SHARES)
    given = y
    for label, rate in ERROR_RATES.items():
        where = (clinic == CARELESS) & (y == label)
        mistaken, is_wrong = make_label_errors(y, rate, where=where, random_state=rng)
        given = np.where(is_wrong, mistaken, given)
    rows, is_repeat = make_duplicates(y.shape[0], N_REPEATS, random_state=rng)
    label_error = (given != y)[rows]
    return Bunch(
        X=X[rows],
        y=given[rows],
        y_true=y[rows],
        sources={"clinic": clinic[rows]},
        X_target=X_target,
        y_target=y_target,
        feature_names=cancer.feature_names,
        label_error=label_error,
        is_repeat=is_repeat,
        rare_class=RARE,
        careless_clinic=CARELESS,
        planted={
            "duplicates": is_repeat,
            "imbalance": RARE,
            "label_noise": label_error,
            "shift": "covariate",
            "provenance": f"clinic={CARELESS}",
        },
    )
