"""Numbers by source, equal rows with other numbers, and their review."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from skdataquality import diagnose
from skdataquality.duplicates import duplicate_lens
from skdataquality.duplicates._remedies._conflicts import codes_within
from skdataquality.provenance import residual_provenance_lens
from skdataquality.workflows import compare_table, fix_table, review_table


def lens_of(seed=0, n=600, k=6, offset=0.0, usual=0.0):
    rng = np.random.default_rng(seed)
    vendor = rng.integers(0, k, n)
    own = usual * rng.normal(size=k) + offset * (np.arange(k) == 0)
    residuals = rng.standard_t(4, size=n) + own[vendor]
    return residual_provenance_lens(residuals, {"vendor": vendor})


# ---------------------------------------------------------------- sources
@pytest.mark.parametrize("k", [2, 6, 15])
def test_sources_of_one_mean_are_rarely_accused(k):
    said = [lens_of(seed, k=k).verdict for seed in range(100)]
    assert said.count("found") <= 5
    assert said.count("clear") >= 88


def test_harmless_differences_are_not_found():
    said = [lens_of(seed, k=8, usual=0.15).verdict for seed in range(100)]
    assert said.count("found") <= 5


def test_a_source_that_lies_apart_is_found_and_its_offset_covered():
    found = [lens_of(seed, offset=1.5) for seed in range(40)]
    assert sum(lens.named == ("vendor=0",) for lens in found) >= 38
    assert sum(lens.verdict == "found" for lens in found) >= 36
    table = found[0].evidence["error by vendor"]
    assert {"mean_error", "mean_size_of_error", "rows"} <= set(table[0])


def test_the_interval_covers_the_difference_of_means():
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(200):
        vendor = rng.integers(0, 2, 200)
        residuals = rng.uniform(-1, 1, 200) + 0.5 * (vendor == 1)
        lens = residual_provenance_lens(
            residuals, {"vendor": vendor}, scale=np.ones(200)
        )
        worst = lens.numbers["worst_offset"]
        covered += worst.lower <= 0.5 * np.sign(worst.estimate) <= worst.upper
    assert covered >= 182


def test_a_diagnosis_finds_the_source_whose_numbers_lie_apart():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(500, 3))
    clinic = rng.choice(["A", "B", "C"], 500)
    y = X @ [3.0, 2.0, 1.0] + rng.normal(size=500) + 2.0 * (clinic == "C")
    report = diagnose(X, y, sources={"clinic": clinic}, estimator=LinearRegression())
    lens = report.lenses["provenance"]
    assert (lens.verdict, lens.named) == ("found", ("clinic=C",))
    assert "above what is expected" in lens.summary
    plain = diagnose(X, y - 2.0 * (clinic == "C"), sources={"clinic": clinic})
    assert plain.lenses["provenance"].verdict == "clear"


def test_sources_are_checked():
    with pytest.raises(ValueError, match="one finite number per row"):
        residual_provenance_lens([1.0, np.nan], {"a": [0, 1]})
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        residual_provenance_lens(np.zeros(4), {"a": [0, 1]})
    lens = residual_provenance_lens(np.arange(20.0), {"a": np.zeros(20)})
    assert lens.verdict == "cannot tell"


# ---------------------------------------------------------------- equal rows
def copied(n_copies=30):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 4))
    y = np.round(10 * rng.normal(size=200) + 0.01, 2)
    X = np.vstack([X, X[:n_copies]])
    return X, np.r_[y, y[:10], np.round(y[10:20], 1), y[20:n_copies] + 5]


def test_numbers_of_equal_rows_conflict_beyond_rounding_only():
    X, y = copied()
    assert duplicate_lens(X, y).numbers["conflicting_groups"] == 10
    groups = np.zeros(2, dtype=int)
    for pair, agree in [
        ((2.5, 2.5), True),
        ((2.5, 2.54), True),
        ((2.5, 2.56), False),
        ((12.0, 12.4), True),
        ((12.0, 13.5), False),
        ((0.1 + 0.2, 0.3), True),
    ]:
        assert (np.ptp(codes_within(groups, np.array(pair))) == 0) == agree, pair


@pytest.mark.parametrize(("conflicts", "n"), [("keep", 230), ("drop", 210)])
def test_conflicting_numbers_are_settled_when_asked(conflicts, n):
    X, y = copied()
    frame = pd.DataFrame(X, columns=list("abcd")).assign(y=y)
    fix = fix_table(frame, "y", conflicts=conflicts, repeats=False)
    kinds = {change.kind: change.n for change in [*fix.done, *fix.left]}
    assert kinds["label conflicts"] == {"keep": 10, "drop": 20}[conflicts]
    assert fix.rows.shape[0] <= n


# ---------------------------------------------------------------- review, comparison
def table(n=240, seed=0):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, 3)), columns=["a", "b", "c"])
    frame["price"] = (100 + 20 * frame.a + 10 * frame.b + rng.normal(size=n)).round()
    return frame.astype({"price": int})


def test_a_review_lists_wrong_numbers_with_what_is_expected():
    frame = table()
    frame.loc[::24, "price"] *= 10
    review = review_table(frame, "price")
    assert {0, 24, 48} <= set(review["input_row"])
    assert review["given"].dtype.kind == "i"
    ratio = review["given"] / review["suggested"]
    assert ((ratio > 8) & (ratio < 12)).mean() > 0.8
    assert review["quality"].is_monotonic_increasing
    assert diagnose(frame, "price").lenses["label_noise"].numbers[
        "flagged_rows"
    ] == len(review)


def test_a_review_without_a_useful_model_says_so():
    frame = table()
    frame["price"] = np.random.default_rng(1).permutation(frame["price"])
    assert "hardly predict" in review_table(frame, "price").attrs["note"]
    few = review_table(frame[:6], "price", task="regression")
    assert "too few" in few.attrs["note"]
    assert few.empty


def test_pruning_wrong_numbers_wins_a_comparison_by_a_metric_that_resists_them():
    frame = table()
    frame.loc[::12, "price"] *= 10
    result = compare_table(
        frame, "price", cv=3, scoring="neg_median_absolute_error", task="regression"
    )
    assert result.report.label_kind == "numbers"
    means = result.comparison.to_frame()["score"]
    assert means["prune numbers"] > means["nothing"]
