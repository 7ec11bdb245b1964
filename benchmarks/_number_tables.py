"""Tables to predict a number of, in two halves, and errors to plant in the numbers.

Cuts are chosen on the half "tuning"; the half "held out" is for the report alone.
Nothing is wrong in a table before an error is planted, whatever its noise looks like.
"""

import numpy as np
import pandas as pd

N_COLUMNS = 6


def _columns(rng, n):
    return rng.normal(size=(n, N_COLUMNS))


def _line(X):
    return X @ np.array([3.0, 2.0, 1.0, 1.0, 0.0, 0.0])


def line(rng, n):
    """Add normal noise to a linear value."""
    X = _columns(rng, n)
    return X, 20 + _line(X) + rng.normal(size=n)


def _friedman_1(rng, n):
    X = rng.uniform(size=(n, 8))
    y = 10 * np.sin(np.pi * X[:, 0] * X[:, 1]) + 20 * (X[:, 2] - 0.5) ** 2
    return X, y + 10 * X[:, 3] + 5 * X[:, 4]


def friedman_1(rng, n):
    """Add normal noise to Friedman's first function."""
    X, y = _friedman_1(rng, n)
    return X, y + rng.normal(size=n)


def uneven(rng, n):
    """Let the noise grow with a column."""
    X, y = _friedman_1(rng, n)
    return X, y + np.exp(2 * X[:, 0] - 1) * rng.normal(size=n)


def lognormal_noise(rng, n):
    """Add skewed noise to a linear value."""
    X = _columns(rng, n)
    return X, _line(X) + np.exp(rng.normal(size=n))


def t_3(rng, n):
    """Add noise with heavy tails."""
    X = _columns(rng, n)
    return X, 20 + _line(X) + rng.standard_t(3, size=n)


def counts(rng, n):
    """Draw counts around a rate."""
    X = _columns(rng, n)
    return X, rng.poisson(np.exp(1.5 + 0.25 * _line(X))).astype(float)


def zero_inflated(rng, n):
    """Let a third of the counts be zero for another cause."""
    X, y = counts(rng, n)
    return X, np.where(rng.random(n) < 0.33, 0.0, y)


def categories(rng, n):
    """Give rare levels of two columns an effect of their own."""
    city = rng.zipf(1.6, n).clip(max=40)
    kind = rng.integers(0, 4, n)
    X = np.column_stack([city, kind, _columns(rng, n)[:, :3]])
    effect = np.random.default_rng(1).normal(size=41) * 3
    return X, effect[city] + 2 * kind + 2 * X[:, 2] + rng.normal(size=n)


def contaminated(rng, n):
    """Let one row in ten have five times as much noise."""
    X = _columns(rng, n)
    noise = rng.normal(size=n) * np.where(rng.random(n) < 0.1, 5.0, 1.0)
    return X, 20 + _line(X) + noise


def friedman_2(rng, n):
    """Add normal noise to Friedman's second function."""
    X = rng.uniform(size=(n, 4)) * [100, 520, 1, 10] + [0, 125, 0, 1]
    y = np.hypot(X[:, 0], X[:, 1] * X[:, 2] - 1 / (X[:, 1] * X[:, 3]))
    return X, y + 50 * rng.normal(size=n)


def friedman_3(rng, n):
    """Add normal noise to Friedman's third function."""
    X = rng.uniform(size=(n, 4)) * [100, 520, 1, 10] + [0.1, 125, 0, 1]
    y = np.arctan((X[:, 1] * X[:, 2] - 1 / (X[:, 1] * X[:, 3])) / X[:, 0])
    return X, y + 0.1 * rng.normal(size=n)


def prices(rng, n):
    """Multiply by lognormal noise, and round to tens."""
    X = _columns(rng, n)
    return X, np.round(1000 * np.exp(0.3 * _line(X) + 0.3 * rng.normal(size=n)), -1)


def t_2(rng, n):
    """Add noise without a variance."""
    X = _columns(rng, n)
    return X, 20 + _line(X) + 0.7 * rng.standard_t(2, size=n)


def laplace(rng, n):
    """Add Laplace noise."""
    X, y = _friedman_1(rng, n)
    return X, y + rng.laplace(size=n)


def gamma(rng, n):
    """Draw from gamma distributions, with a spread that grows with the mean."""
    X = _columns(rng, n)
    return X, rng.gamma(2.0, np.exp(0.3 * _line(X)) / 2)


def overdispersed(rng, n):
    """Draw counts of a rate that varies beyond what the columns say."""
    X = _columns(rng, n)
    rate = np.exp(2 + 0.3 * _line(X))
    return X, rng.poisson(rate * rng.gamma(2.0, 0.5, n)).astype(float)


def hurdle(rng, n):
    """Let one row in eight be zero, more often where values are small."""
    X, y = prices(rng, n)
    is_zero = rng.random(n) < 0.25 / (1 + np.exp(X[:, 0]))
    return X, np.where(is_zero, 0.0, y)


def bounded(rng, n):
    """Draw shares, in per cent."""
    X = _columns(rng, n)
    mean = 1 / (1 + np.exp(-0.5 * _line(X)))
    return X, np.round(100 * rng.beta(12 * mean + 0.1, 12 * (1 - mean) + 0.1), 1)


def hidden_kind(rng, n):
    """Let a fifth of the rows be of a kind that no column tells."""
    X = _columns(rng, n)
    return X, 20 + _line(X) + np.where(rng.random(n) < 0.2, 6.0, 0.0) + rng.normal(
        size=n
    )


def words(rng, n):
    """Let words tell the value, some of which are rare."""
    names = np.array([f"town {k}" for k in range(30)])
    code = rng.zipf(1.5, n).clip(max=30) - 1
    effect = np.random.default_rng(2).normal(size=30) * 2
    X = pd.DataFrame({"town": names[code], "size": rng.normal(size=n)})
    return X, effect[code] + 2 * X["size"].to_numpy() + 0.5 * rng.normal(size=n)


FAMILIES = {
    "tuning": {
        "line": line,
        "Friedman 1": friedman_1,
        "uneven noise": uneven,
        "lognormal noise": lognormal_noise,
        "t(3) noise": t_3,
        "counts": counts,
        "zero-inflated counts": zero_inflated,
        "rare levels": categories,
        "contaminated noise": contaminated,
    },
    "held out": {
        "Friedman 2": friedman_2,
        "Friedman 3": friedman_3,
        "prices": prices,
        "t(2) noise": t_2,
        "Laplace noise": laplace,
        "gamma": gamma,
        "overdispersed counts": overdispersed,
        "zeros and prices": hurdle,
        "shares": bounded,
        "hidden kind": hidden_kind,
        "words": words,
    },
}


def other_row(y, rows, rng):
    """Give the rows the numbers of others."""
    return rng.choice(y, rows.size)


def decimal(y, rows, rng):
    """Move the decimal point."""
    return y[rows] * rng.choice([0.1, 10], rows.size)


def sign(y, rows, rng):
    """Lose or gain a minus."""
    return -y[rows]


def unit(y, rows, rng):
    """Write inches as centimetres."""
    return y[rows] * 2.54


ERRORS = {"other row": other_row, "decimal": decimal, "sign": sign, "unit": unit}


def planted(y, error, rate, rng):
    """Return numbers with errors, and a mask of them."""
    rows = rng.choice(y.size, round(rate * y.size), replace=False)
    wrong, mask = y.copy(), np.zeros(y.size, dtype=bool)
    wrong[rows], mask[rows] = ERRORS[error](y, rows, rng), True
    return wrong, mask
