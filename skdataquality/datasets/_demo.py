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
CARELESS = "west"
N_TARGET = 100
RARE_SHARE = 0.15
ERROR_RATE = 0.3
N_REPEATS = 40


def load_demo(*, random_state=0):
    """Build the demo table from scikit-learn's breast-cancer data.

    Four failures are planted: about one label in ten is wrong, all of them in one of
    three clinics; 40 rows are repeated; the class "malignant" is made rare; and the
    target rows are drawn where the mean radius is large. No planted repeat has two
    labels.

    Parameters
    ----------
    random_state : int, RandomState instance or None, default=0

    Returns
    -------
    demo : Bunch
        ``X`` (n_samples, 30) and ``y`` with labels "benign" and "malignant", some of
        them wrong; ``y_true``, what a person who checks them would say;
        ``sources`` with the "clinic" of each row; ``X_target`` (100, 30) and its true
        ``y_target``; ``feature_names``; and what was planted: ``label_error`` and
        ``is_repeat``, masks of shape (n_samples,), ``rare_class`` and
        ``careless_clinic``; ``planted``, the same by the name of the lens that should
        find it: a mask of rows, or a name.

    Examples
    --------
    >>> from skdataquality.datasets import load_demo
    >>> demo = load_demo()
    >>> sorted(set(demo.sources["clinic"][demo.label_error].tolist()))
    ['west']
    """
    rng = check_random_state(random_state)
    cancer = load_breast_cancer()
    X, y = cancer.data, np.array(["malignant", "benign"])[cancer.target]
    is_target = make_shifted_sample(X[:, 0], N_TARGET, strength=1.0, random_state=rng)
    X_target, y_target = X[is_target], y[is_target]
    X, y = X[~is_target], y[~is_target]
    rows = make_rare_class(y, "malignant", RARE_SHARE, random_state=rng)
    X, y = X[rows], y[rows]
    clinic = CLINICS[rng.randint(0, CLINICS.size, y.shape[0])]
    y_true = y
    y, label_error = make_label_errors(
        y, ERROR_RATE, where=clinic == CARELESS, random_state=rng
    )
    rows, is_repeat = make_duplicates(y.shape[0], N_REPEATS, random_state=rng)
    label_error = label_error[rows]
    return Bunch(
        X=X[rows],
        y=y[rows],
        y_true=y_true[rows],
        sources={"clinic": clinic[rows]},
        X_target=X_target,
        y_target=y_target,
        feature_names=cancer.feature_names,
        label_error=label_error,
        is_repeat=is_repeat,
        rare_class="malignant",
        careless_clinic=CARELESS,
        planted={
            "duplicates": is_repeat,
            "imbalance": "malignant",
            "label_noise": label_error,
            "shift": "covariate",
            "provenance": f"clinic={CARELESS}",
        },
    )
