"""Tables of mixed columns, with and without a slice in which a model fails."""

import numpy as np
import pandas as pd

ERROR, WEAK_ERROR, SHARE = 0.15, 0.4, 0.05
N_CLASSES = 3


def _with_holes(values, share, rng):
    values = np.array(values, dtype=float)
    values[rng.random(values.size) < share] = np.nan
    return values


def mixed(rng, n):
    """Numbers of several shapes, categories, a boolean, holes."""
    return pd.DataFrame(
        {
            "height": rng.normal(170, 10, n),
            "income": rng.lognormal(10, 1, n),
            "score": rng.random(n),
            "visits": rng.poisson(3, n),
            "city": rng.choice(list("abcde"), n),
            "plan": rng.choice(["free", "basic", "pro"], n, p=[0.6, 0.35, SHARE]),
            "member": rng.random(n) < 0.3,
            "rating": _with_holes(rng.normal(size=n), SHARE, rng),
        }
    )


def correlated(rng, n):
    """Ten columns that follow three hidden numbers."""
    hidden = rng.normal(size=(n, 3))
    numbers = hidden @ rng.normal(size=(3, 7)) + 0.5 * rng.normal(size=(n, 7))
    X = pd.DataFrame(numbers, columns=[f"x{j}" for j in range(7)])
    X["x0"] = _with_holes(X["x0"], SHARE, rng)
    X["city"] = np.array(list("abcde"))[np.clip(hidden[:, 0] + 2.5, 0, 4).astype(int)]
    X["plan"] = rng.choice(["free", "basic", "pro"], n, p=[0.6, 0.35, SHARE])
    X["even"] = rng.choice(list("vwxyz"), n)
    return X


def survey(rng, n):
    """Answers from 1 to 5, age, region; half of one answer hangs on another."""
    first = rng.integers(1, 6, n)
    second = np.where(rng.random(n) < 0.5, first, rng.integers(1, 6, n))
    return pd.DataFrame(
        {
            "age": rng.triangular(18, 35, 90, n),
            "hours": rng.gamma(2, 10, n),
            "trust": first,
            "mood": second.astype(float),
            "region": rng.choice(["north", "south", "east", "west", "abroad"], n),
            "job": rng.choice(["a", "b", "c", "d"], n, p=[0.4, 0.3, 0.25, SHARE]),
            "weight": _with_holes(rng.normal(75, 12, n), SHARE, rng),
            "asked_by": rng.choice([f"i{k}" for k in range(12)], n),
            "online": rng.random(n) < 0.6,
        }
    )


def sales(rng, n):
    """Dates, prices with heavy tails, shops, an id, a constant column."""
    start = np.datetime64("2023-01-01")
    return pd.DataFrame(
        {
            "id": [f"order {k}" for k in rng.permutation(n)],
            "day": start + rng.integers(0, 700, n).astype("m8[D]"),
            "price": rng.pareto(2, n) + 1,
            "minutes": rng.exponential(20, n),
            "items": rng.geometric(0.4, n),
            "shop": rng.choice(["s1", "s2", "s3", "s4", "s5"], n),
            "payment": rng.choice(["card", "cash", "bill"], n, p=[0.6, 0.35, SHARE]),
            "discount": _with_holes(rng.random(n), SHARE, rng),
            "currency": "EUR",
            "returning": rng.random(n) < 0.5,
        }
    )


# columns to plant in: two numbers, a rare value, a common one, a column with holes
FAMILIES = {
    "mixed": (mixed, ("income", "score"), ("plan", "pro"), ("city", "b"), "rating"),
    "correlated": (correlated, ("x3", "x5"), ("plan", "pro"), ("even", "w"), "x0"),
    "survey": (survey, ("age", "hours"), ("job", "d"), ("region", "east"), "weight"),
    "sales": (
        sales,
        ("price", "minutes"),
        ("payment", "bill"),
        ("shop", "s4"),
        "discount",
    ),
}
HALVES = {
    "shaped": ("mixed", "correlated"),
    "reported": ("survey", "sales"),
}
PLANTS = ("value", "range", "value and range", "two ranges", "missing")


def _range(values, share, rng):
    """Rows of a range that holds a share of a column, anywhere in it."""
    start = rng.uniform(0, 1 - share)
    low, high = np.quantile(values, [start, start + share])
    return (values > low) & (values <= high)


def planted_rows(family, plant, X, rng):
    """Mask of about 5 % of the rows."""
    _, (first, second), (rare, value), (common, level), holes = FAMILIES[family]
    if plant == "value":
        return (X[rare] == value).to_numpy()
    if plant == "missing":
        return X[holes].isna().to_numpy()
    if plant == "range":
        return _range(X[first].to_numpy(), SHARE, rng)
    if plant == "value and range":
        inside = (X[common] == level).to_numpy(copy=True)
        within = _range(X[first].to_numpy()[inside], SHARE / inside.mean(), rng)
        inside[inside] = within
        return inside
    inside = _range(X[first].to_numpy(), 0.22, rng)
    inside[inside] = _range(X[second].to_numpy()[inside], SHARE / 0.22, rng)
    return inside


def labels(is_wrong, rng):
    """Return true labels and predictions that are wrong where they are to be."""
    y = rng.integers(0, N_CLASSES, is_wrong.size)
    other = (y + rng.integers(1, N_CLASSES, is_wrong.size)) % N_CLASSES
    return y, np.where(is_wrong, other, y)


def probabilities(predicted, sure):
    """Give the predicted class its probability, the others equal parts of the rest."""
    rest = (1 - sure) / (N_CLASSES - 1)
    proba = np.repeat(rest[:, None], N_CLASSES, axis=1)
    proba[np.arange(sure.size), predicted] = sure
    return proba
