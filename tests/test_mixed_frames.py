"""The default model of every wrapper and function reads frames of mixed columns."""

import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest

from skdataquality.compose import RemediedClassifier, RemediedRegressor, _default
from skdataquality.compose._default import default_model
from skdataquality.duplicates import Deduplicator
from skdataquality.label_noise import LabelErrorDetector, NoisePruningClassifier
from skdataquality.model_selection import compare_remedies
from skdataquality.shift import (
    ShiftWeightedClassifier,
    ShiftWeightedRegressor,
    TargetData,
    shift_lens,
)

N = 90
pytest.importorskip("skrub")


def mixed_frame():
    rng = np.random.default_rng(0)
    y = np.arange(N) % 2
    words = {
        0: ["cold", "winter", "snow", "ice", "frost"],
        1: ["hot", "summer", "sun", "sand"],
    }
    text = [" ".join([*rng.choice(words[c], 4), *map(str, range(12))]) for c in y]
    table = pd.DataFrame(
        {
            "number": rng.normal(size=N),
            "city": rng.choice(["a", "b", "c"], N),
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(N), "D"),
            "text": text,
            "grade": pd.Categorical(rng.choice(["u", "v"], N)),
        }
    )
    table.loc[::7, "city"] = None
    table.loc[::9, "number"] = np.nan
    return table, y


TABLE, Y = mixed_frame()
LABELS = np.where(Y, "yes", "no")
KINDS = {"pandas": TABLE, "polars": pl.from_pandas(TABLE)}


@pytest.fixture(autouse=True, scope="module")
def small_boosting():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(_default._SMALL_BOOSTING, "max_iter", 10)
        yield


def _weighted(wrapper, X, y):
    target = TargetData(X[:40])
    return wrapper(X_target=target, random_state=0).fit(X, y).score(X, y)


RUNS = {
    "RemediedClassifier": lambda X: (
        RemediedClassifier(None, Deduplicator())
        .fit(X, LABELS, sample_weight=np.ones(N))
        .score(X, LABELS)
    ),
    "RemediedRegressor": lambda X: (
        RemediedRegressor().fit(X, 2.0 * Y).score(X, 2.0 * Y)
    ),
    "NoisePruningClassifier": lambda X: (
        NoisePruningClassifier(
            detector=LabelErrorDetector(default_model(X), n_rounds=1, cv=2),
            calibrate=False,
        )
        .fit(X, LABELS)
        .score(X, LABELS)
    ),
    "ShiftWeightedClassifier": lambda X: _weighted(ShiftWeightedClassifier, X, LABELS),
    "ShiftWeightedRegressor": lambda X: _weighted(ShiftWeightedRegressor, X, 2.0 * Y),
    "compare_remedies": lambda X: (
        compare_remedies(None, {"dedup": Deduplicator()}, X, LABELS, cv=2)
        .scores_["score"]["nothing"]
        .min()
    ),
}


@pytest.mark.filterwarnings("ignore::skdataquality.exceptions.DataQualityWarning")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", RUNS)
def test_the_default_reads_text_dates_and_categories(name, kind):
    assert RUNS[name](KINDS[kind]) > 0.8  # the long text alone tells the classes


def test_the_shift_lens_judges_labels_of_mixed_frames():
    X = KINDS["polars"]
    found = shift_lens(X, LABELS, X_target=X[:40], cv=2)
    assert "p_label_prior" in found.numbers


def test_a_missing_first_category_is_one_in_polars_too():
    X = pl.DataFrame({"city": [None, "a", "b"] * 20})
    y = np.arange(60) % 3
    assert default_model(X).fit(X, y).score(X, y) == 1


def test_objects_that_are_no_numbers_are_named():
    X = TABLE[["city", "text"]].to_numpy(dtype=object)
    with pytest.raises(ValueError, match="array of objects .* pass a data frame"):
        RemediedClassifier().fit(X, LABELS)
    numbers = np.arange(N, dtype=object)[:, None]
    RemediedClassifier().fit(numbers, LABELS)


def test_without_skrub_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "skrub", None)
    with pytest.raises(ImportError, match=r"need skrub: .*skdataquality\[cli\]"):
        RemediedClassifier().fit(TABLE, LABELS)
