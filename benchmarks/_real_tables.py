"""Rows drawn from tables that are not in the repository, in which nothing is planted.

``python -m benchmarks run NAME --data FOLDER`` says where they are; without, they are
left out.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd

SIZES = (250, 500, 1000)
HEART_SITES = ("cleveland", "hungarian", "switzerland", "va")


def folder():
    """Where the data are, if anywhere."""
    return Path(os.environ.get("SKDATAQUALITY_BENCHMARK_DATA", "no data given"))


def _heart():
    parts = [
        pd.read_csv(
            folder() / f"heart_disease_4sites/processed.{site}.data", na_values=-9
        )
        for site in HEART_SITES
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.iloc[:, :-1], (table.iloc[:, -1] > 0).astype(int)


def _bank():
    table = pd.read_csv(
        folder() / "bank_marketing/bank-full.csv", sep=None, engine="python"
    )
    numbers = table.select_dtypes("number").drop(columns="duration")  # it leaks
    return numbers, table["y"]


def _elec():
    table = pd.read_csv(folder() / "streams/elec.csv")
    y = table.pop("class")
    return table.select_dtypes("number"), y


def _mammography():
    table = pd.read_csv(folder() / "imbalanced/mammography.csv")
    return table.iloc[:, 1:], table.iloc[:, 0]


def _gas():
    lines = [
        (batch, row)
        for batch in (1, 2, 3)
        for row in (folder() / f"gas_sensor_drift/batch{batch}.dat")
        .read_text()
        .splitlines()
    ]
    cells = np.array(
        [
            [float(cell.split(":")[-1]) for cell in row.replace(";", " ").split()]
            for _, row in lines
        ]
    )
    names = [f"sensor{j}" for j in range(cells.shape[1] - 2)]
    return pd.DataFrame(cells[:, 2:], columns=names), pd.Series(cells[:, 0].astype(int))


REAL = {
    "heart": _heart,
    "bank": _bank,
    "electricity": _elec,
    "mammography": _mammography,
    "gas": _gas,
}


def draw(name, seed):
    """Return training rows, and target rows of the same source; None without data."""
    if not folder().is_dir():
        return None
    X, y = REAL[name]()
    rng = np.random.RandomState(seed)
    n = int(rng.choice(SIZES))
    rows = rng.permutation(len(y))[: n + n // 2]
    X, y = X.iloc[rows].reset_index(drop=True), y.to_numpy()[rows]
    n = round(len(y) / 1.5)
    return X[:n], y[:n], X[n:].reset_index(drop=True)
