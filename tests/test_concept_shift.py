"""The test that P(y | x) changed: what it finds, and what it must not."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.special import expit
from sklearn.linear_model import LinearRegression, LogisticRegression

from skdataquality.model_selection import out_of_fold
from skdataquality.shift import TargetData, concept_shift_test
from skdataquality.shift._concept._prior_tests import prior_test
from skdataquality.shift._concept._score_tests import pooled_test

LR = LogisticRegression()


def draw(seed, *, angle=0.0, mean=0.0, level=0.0, n=600, m=150):
    """Two columns; the direction that decides is turned by an angle in the target."""
    rng = np.random.default_rng(seed)
    X, X_target = rng.normal(size=(n, 3)), rng.normal(size=(m, 3))
    X_target[:, 0] += mean
    y = rng.random(n) < expit(2 * X[:, 0])
    turned = np.cos(angle) * X_target[:, 0] + np.sin(angle) * X_target[:, 1]
    y_target = rng.random(m) < expit(2 * turned + level)
    return X, y.astype(int), X_target, y_target.astype(int)


def p_values(runs, **how):
    found = []
    for seed in range(runs):
        X, y, X_target, y_target = draw(seed, **how)
        result = concept_shift_test(
            X, y, X_target=X_target, y_target=y_target, estimator=LR
        )
        found.append(result.p_value)
    return np.array(found)


@pytest.mark.parametrize("how", [{}, {"mean": 1.0}, {"level": 1.5}])
def test_silent_where_the_features_or_class_shares_change_alone(how):
    assert (p_values(8, **how) < 0.05).sum() <= 1  # 2 of 8 have a chance of 6 %


def test_finds_a_decision_that_turned():
    assert (p_values(6, angle=1.0) < 0.05).all()
    assert (p_values(6, angle=1.0, mean=0.7) < 0.05).sum() >= 5


def test_says_where():
    X, y, X_target, y_target = draw(0, angle=1.2, m=300)
    table = pd.DataFrame(X, columns=["a", "b", "c"])
    target = pd.DataFrame(X_target, columns=["a", "b", "c"])
    result = concept_shift_test(
        table, y, X_target=target[["c", "b", "a"]], y_target=y_target, estimator=LR
    )
    first = result.where[0]
    assert first["direction"] == "b"
    assert first["change"] > 0
    assert first["p_value"] < 0.01
    low, _, high = result.regions
    assert low["seen"] < low["expected"]
    assert high["seen"] > high["expected"]
    assert sum(region["n_rows"] for region in result.regions) == result.n_target
    assert next(iter(result.to_frame()["direction"])) == "b"
    assert "b (z" in repr(result)


def test_level_estimates_what_class_shares_change():
    X, y, X_target, y_target = draw(3, level=1.5, m=400)
    result = concept_shift_test(
        X, y, X_target=X_target, y_target=y_target, estimator=LR
    )
    assert result.level.lower < 1.5 < result.level.upper
    assert result.level.lower > 0


def test_missing_target_labels_are_left_out():
    X, y, X_target, y_target = draw(0, angle=1.0)
    labels = y_target.astype(float)
    labels[100:] = np.nan
    some = concept_shift_test(X, y, X_target=X_target, y_target=labels, estimator=LR)
    cut = concept_shift_test(
        X, y, X_target=TargetData(X_target[:100], y_target[:100]), estimator=LR
    )
    assert some.to_dict() == cut.to_dict()
    assert some.n_labelled == 100


def test_known_predictions_are_used():
    X, y, X_target, y_target = draw(0)
    oof = out_of_fold(LR, X, y, X_new=X_target, random_state=0)
    data = {"X_target": X_target, "y_target": y_target, "estimator": LR}
    given = concept_shift_test(X, y, oof=oof, **data)
    made = concept_shift_test(X, y, **data)
    assert given.to_dict() == made.to_dict()
    with pytest.raises(ValueError, match="X_new=X_target"):
        concept_shift_test(
            X, y, X_target=X_target, y_target=y_target, oof=out_of_fold(LR, X, y)
        )


def test_names_of_labels_do_not_matter():
    X, y, X_target, y_target = draw(1, angle=0.5)
    names = np.array(["no", "yes"])
    numbers = concept_shift_test(X, y, X_target=X_target, y_target=y_target)
    words = concept_shift_test(
        X, names[y], X_target=X_target, y_target=names[y_target].astype(object)
    )
    signs = concept_shift_test(
        X, 2 * y - 1, X_target=X_target, y_target=2 * y_target - 1
    )
    assert numbers.p_value == words.p_value == signs.p_value
    assert words.where[0]["label"] == "yes"


def test_cannot_tell():
    X, y, X_target, y_target = draw(0)
    none = concept_shift_test(X, y, X_target=X_target)
    assert np.isnan(none.p_value)
    assert "no target row has a label" in none.reason
    labels = y_target.astype(object)
    labels[20:] = None
    few = concept_shift_test(X, y, X_target=X_target, y_target=labels, estimator=LR)
    assert "20 target rows" in few.reason
    assert "30" in few.reason
    far = concept_shift_test(
        X, y, X_target=X_target + 50, y_target=y_target, estimator=LR
    )
    assert np.isnan(far.p_value)
    assert "lie where the others do" in far.reason
    assert far.common_support < 0.05
    same = concept_shift_test(
        X, y, X_target=X_target, y_target=np.zeros(150, dtype=int), estimator=LR
    )
    assert "no class has" in same.reason
    for result in (none, few, far, same):
        assert result.reason[:20] in " ".join(repr(result).split())


def test_labels_that_training_rows_do_not_have():
    X, y, X_target, y_target = draw(0)
    y_target[:7] = 9
    result = concept_shift_test(
        X, y, X_target=X_target, y_target=y_target, estimator=LR
    )
    assert result.unknown_labels == {9: 7}
    assert result.n_target <= 143
    with pytest.raises(ValueError, match="code both in the same way"):
        concept_shift_test(
            X, y, X_target=X_target, y_target=np.full(150, "a"), estimator=LR
        )


def three_classes(seed, *, m=250, turned=False, shares=None):
    rng = np.random.default_rng(seed)
    centres = np.array([[0, 0], [2, 0], [0, 2]])
    y = rng.integers(0, 3, size=800)
    y_target = rng.choice(3, size=m, p=shares)
    X = centres[y] + rng.normal(size=(800, 2))
    shown = (y_target + 1) % 3 if turned else y_target
    return X, y, centres[shown] + rng.normal(size=(m, 2)), y_target


def test_several_classes():
    p = []
    for seed in range(8):
        X, y, X_target, y_target = three_classes(seed, shares=[0.7, 0.2, 0.1])
        p.append(
            concept_shift_test(
                X, y, X_target=X_target, y_target=y_target, estimator=LR
            ).p_value
        )
    assert sum(value < 0.05 for value in p) <= 1
    X, y, X_target, y_target = three_classes(0, turned=True)
    found = concept_shift_test(X, y, X_target=X_target, y_target=y_target, estimator=LR)
    assert found.p_value < 1e-3
    assert {line["label"] for line in found.where} == {0, 1, 2}


def test_numbers_as_labels():
    rng = np.random.default_rng(0)
    X, X_target = rng.normal(size=(500, 2)), rng.normal(0.5, 1, size=(120, 2))
    y = X[:, 0] + rng.normal(size=500)
    same = X_target[:, 0] + 3 + rng.normal(size=120)
    other = X_target[:, 1] + rng.normal(size=120)
    model = LinearRegression()
    kept = concept_shift_test(X, y, X_target=X_target, y_target=same, estimator=model)
    assert kept.p_value > 0.01
    assert kept.level.lower < 3 < kept.level.upper
    moved = concept_shift_test(X, y, X_target=X_target, y_target=other, estimator=model)
    assert moved.p_value < 1e-4
    assert np.isnan(moved.p_prior)
    with pytest.raises(ValueError, match="numbers in both"):
        concept_shift_test(X, y, X_target=X_target, y_target=np.full(120, "a"))


def test_mixed_frame_with_holes():
    X, y, X_target, y_target = draw(0, angle=1.2)

    def table(rows):
        frame = pd.DataFrame(rows, columns=["a", "b", "c"])
        frame["kind"] = np.where(frame["b"] > 0, "high", "low")
        frame.loc[frame["c"] > 1, "kind"] = None
        frame.loc[frame["c"] > 0.5, "c"] = np.nan
        return frame.drop(columns="b")

    result = concept_shift_test(
        table(X), y, X_target=table(X_target), y_target=y_target
    )
    assert result.p_value < 0.01
    names = {line["direction"] for line in result.where}
    assert {"a", "kind", "c is missing"} <= names


def test_texts_and_sparse_rows_have_the_score_alone():
    X, y, X_target, y_target = draw(0, angle=1.5, m=300)
    sparse = concept_shift_test(
        csr_array(X),
        y,
        X_target=csr_array(X_target),
        y_target=y_target,
        estimator=LR,
    )
    assert [line["direction"] for line in sparse.where] == ["score of the model"]
    assert sparse.p_value < 0.01
    words = np.array(["bad", "good"])
    other = np.array(["day", "night"])
    texts = [f"{words[a]} {other[b]}" for a, b in (X[:, :2] > 0).astype(int)]
    theirs = [f"{words[a]} {other[b]}" for a, b in (X_target[:, :2] > 0).astype(int)]
    text = concept_shift_test(texts, y, X_target=theirs, y_target=y_target)
    assert text.p_value < 0.01


def test_one_class_is_refused():
    X, _, X_target, y_target = draw(0)
    with pytest.raises(ValueError, match="one class"):
        concept_shift_test(
            X,
            np.ones(len(X), dtype=int),
            X_target=X_target,
            y_target=y_target,
            estimator=LR,
        )


def test_score_test_is_the_difference_of_slopes_where_domains_are_alike():
    """With a constant domain probability z is that of d * x in least squares."""
    rng = np.random.default_rng(0)
    x, d = rng.normal(size=4000), np.repeat([0, 1], 2000)
    y = x + 0.3 * d * x + d + rng.normal(size=4000)
    H = ((x - x.mean()) / x.std())[:, None]
    test = pooled_test(H, y, d, np.full(4000, 0.5), binary=False)
    Z = np.column_stack([np.ones(4000), x, d, d * x])
    slope = np.linalg.lstsq(Z, y, rcond=None)[0]
    assert test.change[0] == pytest.approx(slope[3] * x.std(), rel=0.05)
    assert test.n_directions == 1


def test_prior_test_is_exact_where_only_shares_differ():
    rng = np.random.default_rng(0)
    p = []
    for _ in range(300):
        codes, d = rng.integers(0, 3, size=400), np.repeat([0, 1], [300, 100])
        codes[300:] = rng.choice(3, size=100, p=[0.6, 0.3, 0.1])
        H = codes[:, None] + rng.normal(size=(400, 2))
        p.append(prior_test(H, (codes == 1) * 1.0, codes, d))
    assert 0.02 <= np.mean(np.array(p) < 0.05) <= 0.09


def machines(rng, n, heat, spread):
    """Machines fail where they run cold, and where they overheat."""
    X = np.c_[rng.normal(heat, spread, n), rng.uniform(-5, 5, n)]
    felt = X.sum(axis=1) + rng.normal(0, 2, n)
    return X, (felt < 48) | (felt > 62)


def test_a_model_that_is_too_simple_is_no_other_concept():
    """A straight line errs elsewhere where rows lie elsewhere; the rule is the same."""
    rejected = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        X, y = machines(rng, 800, 50, 10)
        X_hot, y_hot = machines(rng, 200, 60, 7)
        result = concept_shift_test(
            X, y, X_target=X_hot, y_target=y_hot, estimator=LogisticRegression(C=1e-3)
        )
        rejected += result.p_value < 0.05
    assert rejected <= 1
