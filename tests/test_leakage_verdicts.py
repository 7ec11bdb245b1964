"""What numbers cannot tell apart gets one verdict; a copy knows the wrong labels."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.linear_model import LogisticRegression

from skdataquality import diagnose
from skdataquality.datasets import make_clean_table
from skdataquality.leakage import LeakyColumnSelector, leakage_lens
from skdataquality.leakage._together import compare_aucs
from skdataquality.leakage._wrong_labels import _not_dying_out
from skdataquality.utils._stats import mann_whitney_auc


def _verdict(X, y, name="column"):
    lens = leakage_lens(X, y)
    if name in lens.leaking:
        return "found"
    return "suspect" if name in lens.suspects else "clear"


def _beside(rng, y, apart=1.4):
    X = rng.normal(size=(len(y), 6)) + apart * y[:, None]
    return pd.DataFrame(X).add_prefix("x")


def _erring(rng, y, share):
    return np.where(rng.random(len(y)) < share, 1 - y, y)


def _grade(rng, y):
    """An honest scale of eight levels that errs in 3 %."""
    return np.searchsorted(np.linspace(-1.2, 5, 7), rng.normal(size=len(y)) + 3.76 * y)


# -- honest columns and copies ---------------------------------------------------------


@pytest.mark.parametrize("apart", [0.3, 1.0])
def test_an_honest_grade_and_a_copy_with_errors_get_one_verdict(apart):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        y = rng.integers(0, 2, 500)
        X = _beside(rng, y, apart)
        for column in (_grade(rng, y), _erring(rng, y, 0.03)):
            assert _verdict(X.assign(column=column), y) == "suspect"


def test_a_copy_that_knows_the_wrong_labels_is_found_and_an_honest_column_is_not():
    """The honest test errs as often, and sides with the others on wrong labels."""
    n_found = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        truth = rng.integers(0, 2, 800)
        X = _beside(rng, truth, 2)
        given = _erring(rng, truth, 0.04)
        n_found += (
            _verdict(X.assign(column=_erring(rng, given, 0.03)), given) == "found"
        )
        for honest in (_erring(rng, truth, 0.03), _grade(rng, truth)):
            assert _verdict(X.assign(column=honest), given) != "found"
    assert n_found >= 8


OTHERS = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "student": lambda rng, shape: rng.standard_t(2.5, size=shape),
    "blocks": lambda rng, shape: rng.normal(size=shape) + rng.normal(size=(500, 1)),
    "series": lambda rng, shape: np.cumsum(rng.normal(size=shape), axis=0) / 12,
    "mixed": lambda rng, shape: rng.normal(size=shape) * rng.choice([1, 3], (500, 1)),
}


@pytest.mark.parametrize("draw", OTHERS)
def test_honest_columns_are_not_found_whatever_the_others_are(draw):
    n_found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        y = rng.integers(0, 2, 500)
        noise = OTHERS[draw](rng, (500, 6))
        X = pd.DataFrame(noise + 1.2 * y[:, None]).add_prefix("x")
        n_found += _verdict(X.assign(column=_grade(rng, y)), y) == "found"
    assert n_found <= 1


def test_contradictions_that_die_out_are_overlap():
    """Rates that fall as a calibrated model's pass; constant ones do not."""
    rng = np.random.default_rng(0)
    dying, constant = [], []
    for _ in range(200):
        sure = rng.exponential(2, 400)
        dying.append(_not_dying_out(sure, rng.random(400) < 1 / (1 + np.exp(sure))))
        constant.append(_not_dying_out(sure, rng.random(400) < 0.05))
    assert np.mean(np.array(dying) < 0.01) <= 0.02
    assert np.mean(np.array(constant) < 0.01) >= 0.8


def test_two_areas_are_compared_as_by_delong():
    rng = np.random.default_rng(0)
    p_values = []
    for _ in range(300):
        inside = np.arange(200) % 2 == 1
        both = rng.normal(size=(2, 200)) + rng.normal(size=200) + inside
        first, second, p_value = compare_aucs(*both, inside)
        assert first == pytest.approx(mann_whitney_auc(both[0], inside)[0])
        assert second == pytest.approx(mann_whitney_auc(both[1], inside)[0])
        p_values.append(p_value)
    assert stats.kstest(p_values, "uniform").pvalue > 0.01


# -- what changes nothing --------------------------------------------------------------


@pytest.mark.parametrize("kind", ["copy", "erring", "one class", "honest"])
def test_neither_order_nor_names_change_verdicts(kind):
    rng = np.random.default_rng(3)
    y = rng.integers(0, 3, 400)
    X = pd.DataFrame(rng.normal(size=(400, 5)) + np.eye(3, 5)[y] * 2).add_prefix("x")
    X["column"] = {
        "copy": y,
        "erring": np.where(rng.random(400) < 0.03, (y + 1) % 3, y),
        "one class": np.where(y == 1, 5.0, np.nan),
        "honest": np.round(rng.normal(size=400) + y),
    }[kind]
    expected = _verdict(X, y)
    assert expected == {"erring": "suspect", "honest": "clear"}.get(kind, "found")
    assert _verdict(X[X.columns[::-1]], y) == expected
    assert _verdict(X, np.array(["m", "z", "a"])[y]) == expected
    renamed = X["column"].map({v: f"<{v}>" for v in X["column"].dropna().unique()})
    assert _verdict(X.assign(column=renamed), y) == expected


@pytest.mark.parametrize("family", ["twenty classes", "three classes", "digits"])
def test_telling_one_class_of_many_is_no_leak(family):
    for seed in range(3):
        table = make_clean_table(family, random_state=seed)
        assert leakage_lens(table.X, table.y).verdict == "clear"


def test_a_mark_of_one_class_of_many_is_only_suspected():
    table = make_clean_table("ten classes", random_state=0)
    X = table.X.assign(column=table.y == 3)
    assert _verdict(X, table.y) == "suspect"


def test_a_copy_with_holes_is_found_and_a_pure_code_of_many_levels_is_not():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 400)
    X = _beside(rng, y, 0.5)
    copy = pd.Series(y).astype(float).mask(rng.random(400) < 0.05)
    assert _verdict(X.assign(column=copy), y) == "found"
    assert _verdict(X.assign(column=10 * y + rng.integers(0, 9, 400)), y) == "suspect"


def test_a_value_that_some_of_another_class_have_is_only_suspected():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 600)
    X = _beside(rng, y, 0.5)
    only, mostly = (
        np.where((rng.random(600) < 0.9) & (y == 1) | (rng.random(600) < p), 1, np.nan)
        for p in (0, 0.06)
    )
    assert _verdict(X.assign(column=only), y) == "found"
    assert _verdict(X.assign(column=mostly), y) == "suspect"


@pytest.mark.parametrize("written", ["${:,.2f}", "{:.1f} %", "{:,.1f} EUR"])
def test_a_leak_in_text_is_read(written):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 400)
    X = pd.DataFrame(rng.normal(size=(400, 4)) + 0.4 * y[:, None]).add_prefix("x")
    X["paid"] = [written.format(v) for v in 5000 * (y + rng.normal(3, 0.1, 400))]
    lens = leakage_lens(X, y)
    assert lens.suspects == ("paid",)
    assert (
        lens.evidence["leaking or suspected columns"][0]["told_by"] == "number in text"
    )


# -- what follows ----------------------------------------------------------------------


def _diagnosed(column):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 400)
    X = _beside(rng, y, 0.4).assign(column=column(rng, y))
    return diagnose(X.to_numpy(), y, estimator=LogisticRegression()), X, y


def test_suspects_are_priced_and_no_model_is_kept_from_them():
    report, X, y = _diagnosed(lambda rng, y: _erring(rng, y, 0.03))
    lens = report.lenses["leakage"]
    assert (lens.verdict, lens.suspects, report.withheld) == ("suspect", (6,), ())
    assert lens.predictions[0].outcome == "confirmed"
    before, after = (lens.numbers[k].estimate for k in ("auc_with", "auc_without"))
    (step,) = [step for step in report.plan if step["lens"] == "leakage"]
    assert f"falls from {before:.3f} to {after:.3f}" in step["expect"]
    assert "Ask when it is filled in" in step["action"]
    assert step["code"] is None
    assert (
        lens.evidence["leaking or suspected columns"][0]["question"]
        == "when is it filled in?"
    )
    assert LeakyColumnSelector().fit(X, y).dropped_ == {}


def test_a_suspicion_that_the_price_refutes_is_no_step_of_the_plan():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 600)
    X = np.column_stack([rng.normal(size=(600, 8)) + 3 * y[:, None], _grade(rng, y)])
    assert leakage_lens(X, y).suspects == (8,)
    report = diagnose(X, y, estimator=LogisticRegression())
    lens = report.lenses["leakage"]
    assert lens.predictions[0].outcome == "refuted"
    assert (lens.verdict, lens.suspects) == ("clear", (8,))
    assert "as well without" in lens.summary
    assert (
        lens.evidence["leaking or suspected columns"][0]["question"]
        == "when is it filled in?"
    )
    assert "leakage" not in [step["lens"] for step in report.plan]


def test_a_copy_that_others_make_up_for_is_found_and_no_fall_is_promised():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 600)
    X = np.column_stack([rng.normal(size=(600, 8)) + 3 * y[:, None], y])
    report = diagnose(X, y, estimator=LogisticRegression())
    lens = report.lenses["leakage"]
    assert (lens.verdict, lens.leaking) == ("found", (8,))
    assert lens.predictions == ()
    (step,) = [step for step in report.plan if step["lens"] == "leakage"]
    assert "falls" not in step["expect"]
    assert "tell the model as much" in step["expect"]


def test_a_suspected_copy_hides_no_wrong_label():
    """The model that sees it agrees with the wrong labels; they are judged without."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 600)
    X = rng.normal(size=(600, 6)) + 2 * truth[:, None]
    y = np.where(rng.random(600) < 0.1, 1 - truth, truth)
    copy = np.where(rng.random(600) < 0.06, 1 - y, y)
    report = diagnose(np.column_stack([X, copy]), y)
    leakage, labels = report.lenses["leakage"], report.lenses["label_noise"]
    assert 6 in (*leakage.suspects, *leakage.leaking)
    assert labels.verdict == "found"
    if leakage.suspects:
        assert labels.limits[0].startswith("Labels are judged without 6")
