"""Real tables, where they are at hand: the numbers are known from elsewhere."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality import diagnose
from skdataquality.duplicates import duplicate_groups

DATA = Path(__file__).parents[2] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the data are not at hand")

MODEL = make_pipeline(
    SimpleImputer(keep_empty_features=True), StandardScaler(), LogisticRegression()
)


def _heart(site):
    frame = pd.read_csv(
        DATA / "heart_disease_4sites" / f"processed.{site}.data", na_values=-9
    ).apply(pd.to_numeric, errors="coerce")
    return frame.iloc[:, :-1], (frame.iloc[:, -1] > 0).astype(int)


def test_heart_disease_sites_differ_in_the_class_prior():
    X, y = _heart("cleveland")
    X_target, y_target = _heart("switzerland")
    X_target.columns = X.columns
    report = diagnose(X, y, X_target=X_target, y_target=y_target, estimator=MODEL)
    shift = report.lenses["shift"]
    assert set(shift.kinds) == {"covariate", "label prior"}
    row = shift.evidence["class shares"][1]
    assert row["training_share"] == pytest.approx(0.459, abs=0.005)
    assert row["target_share"] == pytest.approx(0.935, abs=0.005)
    assert report.lenses["imbalance"].verdict == "clear"


def test_mammography_repeats_and_imbalance():
    frame = pd.read_csv(DATA / "imbalanced" / "mammography.csv")
    y, X = frame.iloc[:, 0], frame.iloc[:, 1:]
    groups = duplicate_groups(X)
    assert (groups != np.arange(len(groups))).sum() == 3335
    report = diagnose(X, y, estimator=MODEL)
    duplicates = report.lenses["duplicates"]
    assert duplicates.numbers["conflicting_groups"] == 1
    # four rows are repeated, one of them 3328 times: a default, or copies of it
    assert duplicates.verdict == "suspect"
    assert duplicates.remedies == ()
    assert report.lenses["imbalance"].verdict == "found"
    share = report.lenses["imbalance"].numbers["rarest_share"]
    assert share.estimate == pytest.approx(0.0232, abs=0.0005)
