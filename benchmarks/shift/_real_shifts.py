"""Labelled tables that really differ: by site, batch, period, video or column.

``load(name)`` returns training and target rows with the labels of both. Sites, batches,
periods, videos and months are natural shifts; a split by a column trains on the rows
below its middle, or the other way round, and leaves the column out. Large parts are
drawn down. ``--data`` names the folder of those that scikit-learn does not bundle.
``load(name, raw=True)`` keeps texts, and columns that are constant in training rows.
"""

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
from sklearn.datasets import (
    load_breast_cancer,
    load_diabetes,
    load_digits,
    load_iris,
    load_wine,
)
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks._real_tables import HEART_SITES, REAL, folder

MOST_ROWS = 4000
ELEC_COLUMNS = ["period", "nswprice", "nswdemand"]  # others are constant at first


@dataclass(frozen=True)
class Shift:
    """Rows to train on and rows to predict; ``family`` is the data set."""

    family: str
    X: Any
    y: np.ndarray
    X_target: Any
    y_target: np.ndarray


@cache
def _heart():
    parts = {}
    for site in HEART_SITES:
        path = folder() / f"heart_disease_4sites/processed.{site}.data"
        table = pd.read_csv(path, na_values=-9)
        parts[site] = table.iloc[:, :-1], (table.iloc[:, -1] > 0).astype(int)
    return parts


def _heart_shift(sources, target):
    sources = [site for site in HEART_SITES if site in sources]
    X = pd.concat([_heart()[site][0] for site in sources], ignore_index=True)
    y = pd.concat([_heart()[site][1] for site in sources], ignore_index=True)
    return X, y, *_heart()[target]


@cache
def _gas():
    X, y = REAL["gas"]()
    path = folder() / "gas_sensor_drift"
    sizes = [len((path / f"batch{b}.dat").read_text().splitlines()) for b in (1, 2, 3)]
    return X, y, np.repeat([1, 2, 3], sizes)


def _gas_shift(sources, target):
    X, y, batch = _gas()
    return _parts(X, y, np.isin(batch, sources), batch == target)


@cache
def _elec():
    table = pd.read_csv(folder() / "streams/elec.csv")
    return table.drop(columns="class"), table["class"]


def _elec_shift(source, target, *, raw=False):
    X, y = _elec()
    rows = np.arange(len(y)) / len(y)
    X = X if raw else X[ELEC_COLUMNS]
    return _parts(X, y, _within(rows, *source), _within(rows, *target))


@cache
def _youtube():
    paths = sorted((folder() / "youtube_spam").glob("Youtube*.csv"))
    parts = [pd.read_csv(path).assign(video=i) for i, path in enumerate(paths)]
    table = pd.concat(parts, ignore_index=True)
    return table["CONTENT"].astype(str), table["CLASS"], table["video"].to_numpy()


def _youtube_shift(video, *, raw=False):
    texts, y, videos = _youtube()
    take = _parts if raw else _texts
    return take(texts, y, videos != video, videos == video)


@cache
def _sms():
    path = folder() / "sms_spam/SMSSpamCollection"
    table = pd.read_csv(path, sep="\t", header=None, names=["y", "text"], quoting=3)
    return table["text"].astype(str), table["y"]


def _sms_shift(by):
    texts, y = _sms()
    value = texts.str.len().to_numpy() if by == "length" else np.arange(len(y))
    low = value <= np.median(value)
    return _texts(texts, y, low, ~low)


@cache
def _bank():
    table = pd.read_csv(folder() / "bank_marketing/bank-full.csv")
    y = table.pop("y")
    return table.drop(columns="duration"), y  # it leaks


def _bank_shift(by, source, target):
    X, y = _bank()
    value = np.arange(len(y)) / len(y) if by == "order" else X[by].to_numpy()
    if by in ("order", "age"):
        rows = _within(value, *source), _within(value, *target)
    else:
        rows = value == source, value == target
    numbers = X.select_dtypes("number").drop(columns=by, errors="ignore")
    return _parts(numbers, y, *rows)


def bundled(load):
    bunch = load(as_frame=True)
    y = bunch.target
    if load is load_diabetes:
        y = (y > y.median()).astype(int)
    return bunch.data, y


def _digits_in_order():
    X, y = bundled(load_digits)  # in the order of those who wrote them
    rows = np.arange(len(y)) / len(y)
    return _parts(X, y, rows < 0.6, rows >= 0.6)


def _digits_by_ink():
    X, y = bundled(load_digits)
    ink = X.sum(axis=1)
    return _parts(X, y, ink <= ink.median(), ink > ink.median())


def _column_shift(load, column, *, reverse=False):
    X, y = load()
    low = (X[column] <= X[column].median()).to_numpy()
    low = ~low if reverse else low
    return _parts(X.drop(columns=column), y, low, ~low)


def _within(value, first, last):
    return (value >= first) & (value < last)


def _parts(X, y, ours, theirs):
    y = pd.Series(np.asarray(y))
    X = X.reset_index(drop=True)
    return X[ours], y[ours], X[theirs], y[theirs]


def _texts(texts, y, ours, theirs):
    """Weights of the words that are known from training rows."""
    words = TfidfVectorizer(sublinear_tf=True, min_df=10, max_features=300)
    words.fit(texts[ours])
    table = pd.DataFrame(words.transform(texts).toarray())
    return _parts(
        table.set_axis(words.get_feature_names_out(), axis=1), y, ours, theirs
    )


def _listed():
    shifts = {}
    for target in HEART_SITES:
        others = [site for site in HEART_SITES if site != target]
        for sources in [*[(site,) for site in others], tuple(others)]:
            name = f"heart {'+'.join(sources)} -> {target}"
            shifts[name] = "heart", partial(_heart_shift, sources, target)
    for sources, target in (((1,), 2), ((1,), 3), ((2,), 3), ((1, 2), 3)):
        name = f"gas {'+'.join(map(str, sources))} -> {target}"
        shifts[name] = "gas", partial(_gas_shift, sources, target)
    thirds = [(0, 1 / 3), (1 / 3, 2 / 3), (2 / 3, 1)]
    for i, j in ((0, 1), (1, 2), (0, 2), (2, 0)):
        load = partial(_elec_shift, thirds[i], thirds[j])
        shifts[f"elec third {i + 1} -> {j + 1}"] = "elec", load
    for i in (2, 8, 14):
        load = partial(
            _elec_shift, (i / 20, i / 20 + 0.1), (i / 20 + 0.1, i / 20 + 0.15)
        )
        shifts[f"elec at {i / 20:.1f} -> next"] = "elec", load
    for video in range(5):
        shifts[f"youtube -> video {video + 1}"] = (
            "youtube",
            partial(_youtube_shift, video),
        )
    for by in ("order", "length"):
        shifts[f"sms by {by}"] = "sms", partial(_sms_shift, by)
    bank = [
        ("month", "may", "jul"),
        ("month", "jul", "aug"),
        ("month", "may", "nov"),
        ("month", "aug", "apr"),
        ("job", "blue-collar", "management"),
        ("housing", "yes", "no"),
        ("age", (18, 40), (55, 99)),
        ("order", (0, 0.3), (0.6, 0.8)),
    ]
    for by, source, target in bank:
        name = f"bank {by} {source} -> {target}".replace(",", " to")
        shifts[name] = "bank", partial(_bank_shift, by, source, target)
    for column in (0, 3):
        load = partial(_by_position, column)
        shifts[f"mammography by column {column}"] = "mammography", load
    shifts["digits in order"] = "digits", _digits_in_order
    shifts["digits by ink"] = "digits", _digits_by_ink
    columns = {
        "breast cancer": (
            load_breast_cancer,
            "mean texture",
            "mean smoothness",
            "mean symmetry",
        ),
        "wine": (load_wine, "ash", "magnesium", "malic_acid"),
        "iris": (load_iris, "sepal width (cm)"),
        "diabetes": (load_diabetes, "age", "sex", "bmi", "s5"),
    }
    for family, (load, *names) in columns.items():
        for column in names:
            for reverse in (False, True):
                name = f"{family} by {column}{' reversed' if reverse else ''}"
                read = partial(bundled, load)
                shifts[name] = (
                    family,
                    partial(_column_shift, read, column, reverse=reverse),
                )
    return shifts


def _by_position(column):
    X, y = REAL["mammography"]()
    return _column_shift(lambda: (X, y), X.columns[column])


SHIFTS = _listed()
KEEPS_RAW = frozenset({"elec", "youtube"})
NEEDS_DATA = frozenset(
    {"heart", "gas", "elec", "youtube", "sms", "bank", "mammography"}
)


def load(name, *, raw=False):
    """Return a Shift; None without its data."""
    family, read = SHIFTS[name]
    if family in NEEDS_DATA and not folder().is_dir():
        return None
    options = {"raw": True} if raw and family in KEEPS_RAW else {}
    X, y, X_target, y_target = read(**options)
    ours, theirs = _drawn(len(y), 0), _drawn(len(y_target), 1)
    return Shift(
        family,
        X.iloc[ours].reset_index(drop=True),
        np.asarray(y)[ours],
        X_target.iloc[theirs].reset_index(drop=True),
        np.asarray(y_target)[theirs],
    )


def _drawn(n_rows, seed):
    """Numbers of the rows that are used, in their order."""
    rows = np.random.default_rng(seed).permutation(n_rows)[:MOST_ROWS]
    return np.sort(rows, kind="stable")
