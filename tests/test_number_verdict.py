"""Whether numbers are wrong: what the two tests promise, and the verdicts."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from skdataquality import diagnose
from skdataquality.label_noise import RegressionErrorDetector, regression_error_lens
from skdataquality.label_noise._regression._apart import (
    common_offset,
    common_value,
    gap_p_value,
    unrelated_p_value,
)
from skdataquality.label_noise._regression_lens import likely_slips

MODEL = LinearRegression()


def line(seed=0, n=400, noise=None):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    noise = rng.normal(size=n) if noise is None else noise(rng, n)
    return X, 20 + X @ [3.0, 2.0, 1.0] + noise


def lens_of(X, y, **options):
    detector = RegressionErrorDetector(MODEL, random_state=0).fit(X, y)
    return regression_error_lens(y, detector, **options)


def wrong(y, how, rows=slice(None, None, 20)):
    y = y.copy()
    y[rows] = how(y[rows])
    return y


# ---------------------------------------------------------------- the tests
@pytest.mark.parametrize("index", [1.0, 2.0, 6.0])
def test_gaps_of_any_tail_not_heavier_than_the_index_are_rarely_significant(index):
    rng = np.random.default_rng(0)
    p_values = [
        gap_p_value(
            2 * (1 + rng.pareto(index, 300)) * rng.choice([-1, 1], 300), min(index, 2)
        )
        for _ in range(300)
    ]
    assert np.mean(np.array(p_values) < 0.05) <= 0.05


def test_the_gap_is_bounded_by_the_formula():
    bulk = np.linspace(-2, 2, 101)
    assert gap_p_value(bulk) == 1.0
    k, ratio = 4, 3.0
    p_value = gap_p_value(np.r_[bulk, np.full(k, 2 * ratio)])
    assert p_value == pytest.approx(k * ratio**-k)


def test_noise_unrelated_to_the_prediction_gives_uniform_p_values():
    rng = np.random.default_rng(0)
    everyone = np.ones(20, dtype=bool)
    p_values = [
        unrelated_p_value(rng.standard_t(2, size=20), rng.normal(size=20), everyone)
        for _ in range(400)
    ]
    for level in (0.05, 0.2, 0.5):
        sure = 3 * np.sqrt(level * (1 - level) / 400)
        assert abs(np.mean(np.array(p_values) < level) - level) < sure


def test_numbers_of_other_rows_fall_with_the_prediction():
    rng = np.random.default_rng(0)
    expected, other = rng.normal(size=(2, 40))
    everyone = np.ones(40, dtype=bool)
    assert unrelated_p_value(other - expected, expected, everyone) < 0.01
    assert unrelated_p_value(-2 * expected, expected, everyone) < 0.01
    assert unrelated_p_value(other[:5] - expected[:5], expected[:5], everyone[:5]) == 1


def test_what_flagged_rows_share():
    flagged = np.ones(8, dtype=bool)
    assert common_value(np.r_[np.zeros(5), 1, 2, 3.0], flagged) == 0.0
    assert common_value(np.arange(8.0), flagged) is None
    close = 6 + np.linspace(-1, 1, 8)
    assert common_offset(close, np.ones(8), flagged) == pytest.approx(6)
    assert common_offset(-close, np.ones(8), flagged) == pytest.approx(-6)
    assert common_offset(np.geomspace(4, 90, 8), np.ones(8), flagged) is None


def test_slips_are_named():
    given = np.array([305.0, 3.05, -30.5, 30.5e3, 47.0])
    said = likely_slips(given, np.full(5, 30.5), np.full(5, 0.5))
    assert said == ["10 times", "a tenth", "sign", "1000 times", ""]


# ---------------------------------------------------------------- verdicts
NOISES = {
    "normal": None,
    "Laplace": lambda rng, n: rng.laplace(size=n),
    "t(3)": lambda rng, n: rng.standard_t(3, size=n),
    "lognormal": lambda rng, n: np.exp(rng.normal(size=n)),
    "contaminated": lambda rng, n: (
        rng.normal(size=n) * rng.choice([1, 5], n, p=[0.9, 0.1])
    ),
}


def test_clean_numbers_are_not_accused():
    said = [lens_of(*line(s, 250, NOISES[k])).verdict for s in range(4) for k in NOISES]
    assert said.count("found") <= 1
    assert "clear" in said


@pytest.mark.parametrize(
    "how", [lambda v: 10 * v, lambda v: v / 10, lambda v: -v, lambda v: v * 2.54]
)
def test_planted_errors_are_found_and_the_plan_prunes_them(how):
    X, y = line()
    lens = lens_of(X, wrong(y, how))
    assert lens.verdict in ("found", "suspect")
    assert lens.numbers["flagged_rows"] == lens.flagged.sum() >= 18
    share = lens.numbers["flagged_share"]
    assert share.lower < 0.05 < share.upper
    assert "RegressionErrorPruner" in lens.to_dict()["remedies"][0]["expression"]


def test_what_cannot_be_known_is_said_with_rows_to_verify():
    rng = np.random.default_rng(3)
    X, y = line(3, 400, lambda rng, n: rng.standard_t(1.5, size=n))
    lens = lens_of(X, y)
    assert lens.reason_code == "heavy_tails"
    assert lens.verdict == "cannot tell"
    assert lens.evidence["rows to verify"]
    assert "by hand" in lens.summary
    X, y = line(0)
    lens = lens_of(X, wrong(y, lambda v: 0 * v))
    assert (lens.verdict, lens.reason_code) == ("cannot tell", "common_value")
    hidden = wrong(y, lambda v: v + 9)
    assert lens_of(X, hidden).reason_code == "common_offset"
    noise = rng.normal(size=400)
    assert lens_of(X, noise).reason_code == "weak_model"
    assert lens_of(X[:60], y[:60]).reason_code == "few_rows"


@pytest.mark.parametrize(("slope", "shift"), [(1000.0, 0.0), (-0.01, 5.0)])
def test_units_do_not_matter(slope, shift):
    X, y = line()
    y = wrong(y, lambda v: 10 * v)
    first, second = lens_of(X, y), lens_of(X, slope * y + shift)
    assert first.verdict == second.verdict
    assert np.array_equal(first.flagged, second.flagged)


def test_arguments_are_checked():
    X, y = line(n=120)
    detector = RegressionErrorDetector(MODEL, random_state=0).fit(X, y)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        regression_error_lens(y[:-1], detector)
    with pytest.raises(ValueError, match="no numbers to predict"):
        regression_error_lens(np.full(120, "a"), detector)
    with pytest.raises(ValueError, match="not fitted"):
        regression_error_lens(y, RegressionErrorDetector())


# ---------------------------------------------------------------- in a diagnosis
def test_a_diagnosis_finds_wrong_numbers_and_says_which_rows():
    X, y = line()
    report = diagnose(X, wrong(y, lambda v: 10 * v), estimator=MODEL)
    lens = report.lenses["label_noise"]
    assert lens.verdict == "found"
    worst = lens.evidence["flagged rows, worst first"]
    assert {line["row"] % 20 for line in worst} == {0}
    assert {line["looks like"] for line in worst} <= {"10 times", ""}
    assert [step["lens"] for step in report.plan] == ["label_noise"]
    assert "LinearRegression" in report.plan[0]["code"]["expression"]


def test_a_sample_of_rows_is_numbered_as_the_table_is():
    X, y = line(n=600)
    report = diagnose(X, wrong(y, lambda v: 10 * v), estimator=MODEL, max_rows=300)
    lens = report.lenses["label_noise"]
    assert lens.flagged.shape == (600,)
    rows = [row["row"] for row in lens.evidence["flagged rows, worst first"]]
    assert lens.flagged[rows].all()
    assert set(np.array(rows) % 20) == {0}


def test_a_constant_number_is_reported_not_raised():
    X, _ = line(n=120)
    report = diagnose(X, np.full(120, 2.5), task="regression")
    assert report.lenses["label_noise"].reason_code == "one_value"
    assert "could not be told: Leakage, Label noise" in " ".join(str(report).split())


def test_a_model_of_the_other_kind_is_refused():
    X, y = line(n=60)
    with pytest.raises(
        ValueError, match="is a classifier, and the label is a quantity"
    ):
        diagnose(X, y, estimator=LogisticRegression())
    with pytest.raises(ValueError, match="is a regressor, and the label holds classes"):
        diagnose(X, y > 20, estimator=MODEL)


def test_a_copy_is_priced_by_r2():
    X, y = line()
    report = diagnose(np.column_stack([X, 3 * y - 7]), y, estimator=MODEL)
    leak = report.lenses["leakage"]
    assert leak.leaking == (3,)
    assert leak.numbers["r2_with"].estimate > 0.99 > leak.numbers["r2_without"].estimate
    assert "held-out R2 falls" in report.plan[0]["expect"]
