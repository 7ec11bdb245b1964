"""What imbalanced-learn's samplers refuse is said with the cure."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from imblearn import over_sampling, under_sampling
from imblearn.base import BaseSampler
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

from skdataquality.compose import RemediedClassifier
from skdataquality.exceptions import PriorNotCalibratedWarning

SAMPLERS = [
    over_sampling.SMOTE(),
    over_sampling.ADASYN(),
    over_sampling.KMeansSMOTE(random_state=0),
    under_sampling.NearMiss(),
    over_sampling.RandomOverSampler(sampling_strategy={"few": 1}),
    under_sampling.RandomUnderSampler(sampling_strategy=0.01),
]


def table(n_few=2):
    rng = np.random.default_rng(0)
    y = np.repeat(["many", "few"], [60, n_few])
    X = pd.DataFrame(rng.normal(size=(y.size, 3)), columns=["a", "b", "c"])
    return X, y


class Seen(DummyClassifier):
    """Keep what it was fitted on."""

    def fit(self, X, y):
        self.X_ = X
        return super().fit(X, y)


def fit(sampler, X, y):
    return RemediedClassifier(LogisticRegression(), sampler).fit(X, y)


@pytest.mark.parametrize("sampler", SAMPLERS, ids=lambda s: type(s).__name__)
def test_few_rows_and_odd_numbers_are_told_with_their_class(sampler):
    said = rf"^{type(sampler).__name__} says: (.|\n)* 2 of the rarest class, 'few': "
    with pytest.raises(ValueError, match=said) as caught:
        fit(sampler, *table())
    assert len(str(caught.value).splitlines()) <= 3


@pytest.mark.parametrize("cell", [np.nan, np.inf])
def test_columns_with_gaps_are_named(cell):
    X, y = table(20)
    X.loc[3, "b"] = cell
    with pytest.raises(ValueError, match=r"missing or infinite in column\(s\) b: "):
        fit(over_sampling.SMOTE(), X, y)


def test_columns_of_polars_have_their_names():
    X, y = table(20)
    X.loc[3, "b"] = np.nan
    with pytest.raises(ValueError, match=r"missing or infinite in column\(s\) b: "):
        fit(over_sampling.SMOTE(), pl.DataFrame(X.to_dict("list")), y)


@pytest.mark.parametrize("kind", ["Int64", "boolean"])
def test_types_that_it_cannot_make_are_told(kind):
    X, y = table(20)
    X["c"] = (X["c"] > 0).astype(kind)
    with pytest.raises(ValueError, match=r"X.astype\(float\)"):
        fit(over_sampling.SMOTE(), X, y)


@pytest.mark.parametrize("cells", [["u", "v"], ["2020-01-01", "2021-01-01"]])
def test_columns_of_text_and_dates_are_named(cells):
    X, y = table(20)
    X["c"] = np.resize(cells, len(X))
    X["c"] = X["c"] if cells[0] == "u" else pd.to_datetime(X["c"])
    with pytest.raises(ValueError, match=r"Column\(s\) c hold no numbers: "):
        fit(under_sampling.TomekLinks(), X, y)


@pytest.mark.parametrize("kind", [pl.Date, pl.Datetime, pl.Duration])
@pytest.mark.parametrize(
    "sampler",
    [over_sampling.SMOTE(), under_sampling.TomekLinks()],
    ids=["make", "drop"],
)
def test_times_of_polars_are_not_taken_for_numbers(sampler, kind):
    X, y = table(20)
    X = pl.DataFrame(X.to_dict("list")).with_columns(
        when=pl.Series(np.arange(len(X))).cast(kind)
    )
    with pytest.raises(ValueError, match=r"column\(s\) when of X hold times: "):
        fit(sampler, X, y)


@pytest.mark.parametrize("kind", [pl.Enum(["u", "v"]), pl.Categorical])
def test_categories_of_polars_stay_categories(kind):
    X, y = table(20)
    X = pl.DataFrame(X.to_dict("list")).with_columns(
        c=pl.Series(np.resize(["u", "v", "v"], len(X)), dtype=kind)
    )
    sampler = over_sampling.SMOTENC([2], random_state=0)
    clf = RemediedClassifier(Seen(), sampler, calibration=None).fit(X, y)
    assert clf.estimator_.X_.schema["c"] == X.schema["c"]
    assert clf.estimator_.X_.height > X.height


def test_a_sampler_that_fails_on_part_of_the_rows_leaves_arithmetic():
    X, y = table(8)
    sampler = over_sampling.KMeansSMOTE(
        k_neighbors=6,
        kmeans_estimator=1,
        cluster_balance_threshold=0.0,
        random_state=0,
    )
    sampler.fit_resample(X, y)
    with pytest.warns(PriorNotCalibratedWarning, match="KMeansSMOTE says"):
        assert fit(sampler, X, y).prior_correction_ == "analytic"


def test_errors_of_other_samplers_are_their_own():
    class Broken(BaseSampler):
        _sampling_type = "bypass"
        _parameter_constraints = {}
        sampling_strategy = "auto"

        def _fit_resample(self, X, y):
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match=r"^mine$"):
        fit(Broken(), *table())
