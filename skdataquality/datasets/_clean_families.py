"""Clean tables of families unlike each other: :func:`make_clean_table`.

Nothing is wrong with any of them: labels are drawn from the stated P(y | x), no row is
copied, no column knows more than it measures, target rows come from the same source.
What finds a fault in one of them is wrong.
"""

import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.utils import Bunch, check_random_state

SIZES = (250, 500, 1000)
SURVEY_CUTS = (-1.2, -0.4, 0.4, 1.2)


def _named(X, prefix="x"):
    return pd.DataFrame(X, columns=[f"{prefix}{j}" for j in range(X.shape[1])])


def _logistic(rng, score):
    """Labels of P(y = 1) = 1 / (1 + exp(-score))."""
    return (rng.random_sample(score.shape[0]) < 1 / (1 + np.exp(-score))).astype(int)


def _two_normals(error):
    """Two normal classes that no model tells apart with a smaller error."""
    from scipy.stats import norm

    distance = -2 * norm.ppf(error)

    def draw(rng, n):
        y = rng.randint(0, 2, n)
        X = rng.normal(size=(n, 8))
        X[:, :4] += distance / 2 * y[:, None]
        return _named(X), y

    return draw


def _uneven(share, distance=2.5):
    def draw(rng, n):
        y = (np.arange(n) < max(6, round(share * n))).astype(int)
        y = rng.permutation(y)
        X = rng.normal(size=(n, 8))
        X[:, :3] += distance / np.sqrt(3) * y[:, None]
        return _named(X), y

    return draw


def _logistic_truth(slope):
    def draw(rng, n):
        X = rng.normal(size=(n, 10))
        return _named(X), _logistic(rng, slope * (X[:, 0] - X[:, 1] + 0.5 * X[:, 2]))

    return draw


def _heavy_tails(rng, n):
    X = rng.standard_t(3, size=(n, 10))
    return _named(X), _logistic(rng, 2 * (X[:, 0] + X[:, 1]))


def _lognormal(rng, n):
    X = np.exp(rng.normal(size=(n, 8)))
    return _named(X), _logistic(rng, 2.5 * (np.log(X[:, 0]) + np.log(X[:, 1])))


def _counts(rng, n):
    y = rng.randint(0, 2, n)
    rates = np.array([2, 5, 1, 8, 3, 0.5]) * np.where(y[:, None] == 1, 1.7, 1.0)
    return _named(rng.poisson(rates).astype(int)), y


def _mixtures(rng, n):
    """Each class is a mixture of three normal clusters."""
    centers = rng.normal(scale=2.5, size=(6, 5))
    cluster = rng.randint(0, 6, n)
    return _named(centers[cluster] + rng.normal(size=(n, 5))), cluster % 2


def _correlated_blocks(rng, n):
    factors = rng.normal(size=(n, 4))
    X = np.repeat(factors, 4, axis=1) + 0.4 * rng.normal(size=(n, 16))
    return _named(X), _logistic(rng, 2 * factors[:, 0] + 1.5 * factors[:, 1])


def _categories(rng, n):
    effects = [rng.normal(scale=1.5, size=k) for k in (3, 4, 6, 9, 2)]
    codes = [rng.randint(0, e.size, n) for e in effects]
    y = _logistic(rng, sum(e[c] for e, c in zip(effects, codes, strict=True)))
    columns = {
        f"kind{j}": np.array([f"level {i}" for i in range(e.size)], dtype=object)[c]
        for j, (e, c) in enumerate(zip(effects, codes, strict=True))
    }
    return pd.DataFrame(columns), np.where(y, "yes", "no")


def _mixed_with_holes(rng, n):
    numbers = rng.normal(size=(n, 4))
    city = rng.randint(0, 5, n)
    y = _logistic(rng, 1.5 * numbers[:, 0] + numbers[:, 1] + 0.8 * (city - 2))
    numbers[rng.random_sample(numbers.shape) < 0.15] = np.nan
    X = _named(numbers)
    names = np.array(["Ulm", "Bonn", "Jena", "Kiel", "Trier"], dtype=object)[city]
    X["city"] = np.where(rng.random_sample(n) < 0.1, None, names)
    X["member"] = rng.random_sample(n) < 0.4
    return X, y


def _survey(n_items):
    """Correlated answers on a scale of 1 to 5."""

    def draw(rng, n):
        attitude = rng.normal(size=n)
        latent = attitude[:, None] + 0.8 * rng.normal(size=(n, n_items))
        answers = 1 + np.searchsorted(SURVEY_CUTS, latent)
        return _named(answers, "item"), _logistic(rng, 1.6 * attitude)

    return draw


def _many_classes(n_classes):
    def draw(rng, n):
        y = rng.permutation(np.arange(n) % n_classes)
        centers = rng.normal(scale=2.2, size=(n_classes, 6))
        return _named(centers[y] + rng.normal(size=(n, 6))), y

    return draw


def _autocorrelated(rng, n):
    """Draw readings in the order of time; the label follows their level."""
    steps = rng.normal(size=(n, 5))
    X = np.empty_like(steps)
    X[0] = steps[0]
    for t in range(1, n):
        X[t] = 0.95 * X[t - 1] + np.sqrt(1 - 0.95**2) * steps[t]
    return _named(X), _logistic(rng, 2.5 * X[:, 0])


def _repeated_subjects(rng, n):
    """About five visits of each subject, whose label is one for all of them."""
    subject = np.sort(rng.randint(0, max(2, n // 5), n))
    level = rng.normal(size=(subject.max() + 1, 5))
    diagnosis = _logistic(rng, 2 * level[:, 0])
    X = level[subject] + 0.3 * rng.normal(size=(n, 5))
    return _named(X), diagnosis[subject], subject


def _decisive_measurement(rng, n):
    """One honest measurement that errs in 3 %, beside weak ones."""
    y = rng.randint(0, 2, n)
    X = rng.normal(size=(n, 7)) + 0.4 * y[:, None]
    X[:, 0] = rng.normal(size=n) + 3.76 * y
    return _named(X), y


def _decisive_grade(rng, n):
    """Read the decisive measurement off a scale of eight levels."""
    X, y = _decisive_measurement(rng, n)
    edges = np.linspace(-1.2, 5, 7)
    X["x0"] = np.searchsorted(edges, X["x0"])
    return X.rename(columns={"x0": "grade"}), y


def _whole_numbers(rng, n):
    """Ages, pressures and rates, rounded as instruments give them."""
    age = np.clip(rng.normal(55, 14, n), 18, 95).round()
    pressure = (rng.normal(130, 17, n) + 0.3 * (age - 55)).round(-1)
    rate = rng.normal(72, 9, n).round()
    weight = rng.normal(78, 13, n).round()
    score = 0.06 * (age - 55) + 0.05 * (pressure - 130) + 0.03 * (weight - 78)
    X = np.column_stack([age, pressure, rate, weight]).astype(int)
    columns = ["age", "pressure", "rate", "weight"]
    return pd.DataFrame(X, columns=columns), _logistic(rng, 1.5 * score)


def _curved(rng, n):
    X = rng.normal(size=(n, 10))
    return _named(X), _logistic(rng, 3 * (X[:, 0] * X[:, 1] + X[:, 2] ** 2 - 1))


def _rings(rng, n):
    y = rng.randint(0, 2, n)
    X = rng.normal(size=(n, 4))
    X *= ((1 + y + 0.25 * rng.normal(size=n)) / np.linalg.norm(X, axis=1))[:, None]
    return _named(X), y


def _three_classes(rng, n):
    y = rng.randint(0, 3, n)
    X = rng.normal(size=(n, 8))
    X[:, 0] += 2.5 * (y == 1)
    X[:, 1] += 2.5 * (y == 2)
    return _named(X), np.array(["a", "b", "c"])[y]


def _no_signal(rng, n):
    return _named(rng.normal(size=(n, 10))), rng.randint(0, 2, n)


def _small(rng, n):
    n = rng.randint(60, 151)
    X = rng.normal(size=(n, 5))
    return _named(X), _logistic(rng, 2.5 * X[:, 0])


def _wide(rng, n):
    n = min(n, 150)
    X = rng.normal(size=(n, 300))
    return _named(X), _logistic(rng, 2 * X[:, :3].sum(axis=1))


def _partly_pure(rng, n):
    y = rng.randint(0, 2, n)
    informative = rng.random_sample(n) < 0.5
    X = rng.normal(size=(n, 8))
    X[:, 0] += 5 * informative
    X[:, 1] += 3 * y * informative
    return _named(X), y


def _blobs_with_holes(rng, n):
    y = rng.randint(0, 3, n)
    X = 4 * np.eye(3, 6)[y] + rng.normal(size=(n, 6))
    X[rng.random_sample(X.shape) < 0.03] = np.nan
    return _named(X), y


def _rows_of(load):
    """Rows drawn from a bundled table, without putting any back."""

    def draw(rng, n):
        X, y = load(return_X_y=True, as_frame=True)
        rows = rng.permutation(len(y))[: max(60, min(n, int(0.7 * len(y))))]
        return X.iloc[rows].reset_index(drop=True), y.to_numpy()[rows]

    return draw


# families by the half on which they are used: cuts are chosen on "tuning", and what
# comes of them is reported on "held out"
_FAMILIES = {
    "tuning": {
        "normal, error 5 %": _two_normals(0.05),
        "normal, error 20 %": _two_normals(0.20),
        "logistic, steep": _logistic_truth(4),
        "heavy tails": _heavy_tails,
        "counts": _counts,
        "correlated blocks": _correlated_blocks,
        "mixed with holes": _mixed_with_holes,
        "survey, 10 items": _survey(10),
        "twenty classes": _many_classes(20),
        "minority 10 %": _uneven(0.10),
        "autocorrelated": _autocorrelated,
        "decisive measurement": _decisive_measurement,
        "curved": _curved,
        "three classes": _three_classes,
        "partly pure": _partly_pure,
        "wine": _rows_of(load_wine),
        "digits": _rows_of(load_digits),
    },
    "held out": {
        "normal, error 10 %": _two_normals(0.10),
        "normal, error 30 %": _two_normals(0.30),
        "logistic, flat": _logistic_truth(1.5),
        "lognormal": _lognormal,
        "mixtures": _mixtures,
        "whole numbers": _whole_numbers,
        "categories": _categories,
        "survey, 5 items": _survey(5),
        "ten classes": _many_classes(10),
        "minority 2 %": _uneven(0.02),
        "repeated subjects": _repeated_subjects,
        "decisive grade": _decisive_grade,
        "rings": _rings,
        "blobs with holes": _blobs_with_holes,
        "no signal": _no_signal,
        "small": _small,
        "wide": _wide,
        "iris": _rows_of(load_iris),
        "breast cancer": _rows_of(load_breast_cancer),
    },
}


def clean_families():
    """Name the families of tables in which nothing is wrong.

    Returns
    -------
    families : dict of str to list of str
        By half: cuts are chosen on "tuning", and what comes of them is reported on
        "held out".

    Examples
    --------
    >>> from skdataquality.datasets import clean_families
    >>> clean_families()["held out"][:3]
    ['normal, error 10 %', 'normal, error 30 %', 'logistic, flat']
    """
    return {half: list(families) for half, families in _FAMILIES.items()}


def make_clean_table(family, *, n_samples=None, random_state=None):
    """Draw a table in which nothing is wrong.

    Parameters
    ----------
    family : str
        A key of either half of :data:`CLEAN__FAMILIES`.
    n_samples : int, default=None
        Rows of the training table; None draws 250, 500 or 1000. Bundled tables and the
        families "small" and "wide" have fewer.
    random_state : int, RandomState instance or None, default=None

    Returns
    -------
    table : Bunch
        ``X``, a data frame, and ``y``; ``groups`` of shape (n_samples,), or None where
        rows do not belong together; half as many rows of the same source as
        ``X_target`` and ``y_target``.

    Raises
    ------
    ValueError
        If there is no such family.

    Examples
    --------
    >>> from skdataquality.datasets import make_clean_table
    >>> table = make_clean_table("counts", n_samples=100, random_state=0)
    >>> table.X.shape, sorted(set(table.y.tolist()))
    ((100, 6), [0, 1])
    """
    draws = {name: draw for half in _FAMILIES.values() for name, draw in half.items()}
    if family not in draws:
        raise ValueError(f"family={family!r} is none of {list(draws)}.")
    rng = check_random_state(random_state)
    n = int(rng.choice(SIZES)) if n_samples is None else n_samples
    X, y, *groups = draws[family](rng, n + n // 2)
    n = round(len(y) / 1.5)
    return Bunch(
        X=X[:n],
        y=y[:n],
        groups=groups[0][:n] if groups else None,
        X_target=X[n:].reset_index(drop=True),
        y_target=y[n:],
    )
