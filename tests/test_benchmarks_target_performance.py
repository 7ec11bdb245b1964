"""What the benchmarks of shifts choose and make, on drawn rows."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.shift import _left_out
from benchmarks.shift._covariate_shifts import MADE, make, relabel
from benchmarks.shift._real_shifts import SHIFTS, load


@pytest.fixture
def rows():
    """Shifts of ten data sets, of which calibrated confidence foresees all best."""
    rng = np.random.default_rng(0)
    n = 60
    truth = rng.uniform(0.6, 0.95, n)
    auc = rng.uniform(0.5, 1, n)
    error = {name: rng.normal(0, 0.1, n) for name in "abcd"}
    return pd.DataFrame(
        {
            "family": np.arange(n) % 10,
            "n": 300,
            "n_target": 300,
            "domain_auc": auc,
            "overconfidence": 0.0,
            "held_out": truth + error["a"],
            "weighting": truth + error["b"],
            "confidence": truth + rng.normal(0, 0.3 * (auc - 0.5) ** 2, n),
            "weighted_confidence": truth + error["c"],
            "several": truth + error["c"],
            "threshold": truth + error["d"],
            "estimate": truth + error["d"],
            "truth": truth,
        }
    )


def test_the_best_estimate_and_intervals_that_hold_are_chosen(rows):
    name, error, cut = _left_out.choose(rows)
    assert name == "confidence"
    share = rows["confidence"].to_numpy()
    lower, upper = _left_out.bounds(rows, share, error)
    assert np.mean((lower <= rows["truth"]) & (rows["truth"] <= upper)) >= 0.85
    assert cut > 0.8


def test_made_shifts_keep_every_row_and_differ_along_their_component():
    shift = make("iris by second component", 0)
    assert len(shift.y) + len(shift.y_target) == 150
    assert set(np.unique(shift.y)) == set(np.unique(shift.y_target))
    assert all(len(make(name, 0).y_target) > 40 for name in MADE if "iris" in name)


def test_a_new_rule_changes_the_share_of_labels_that_it_should():
    name = "breast cancer by first component"
    plain, changed = relabel(name, 0.0), relabel(name, 0.2)
    assert (plain.X_target == changed.X_target).all(axis=None)
    assert np.mean(plain.y_target != changed.y_target) == pytest.approx(0.2, abs=0.01)


def test_splits_by_a_column_do_not_overlap_and_leave_it_out():
    shift = load("wine by ash")
    back = load("wine by ash reversed")
    assert "ash" not in shift.X
    assert len(shift.y) == len(back.y_target)
    assert len(SHIFTS) >= 30
