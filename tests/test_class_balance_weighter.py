"""Class weights against their closed forms and the meaning of a weight."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_sample_weight

from skdataquality.imbalance import ClassBalanceWeighter

quick = settings(max_examples=40, deadline=None)

BETA = 0.9
CLOSED_FORMS = {
    "balanced": lambda n: 1 / n,
    "inverse_sqrt": lambda n: n**-0.5,
    "effective": lambda n: (1 - BETA) / (1 - BETA**n),
}
strategies = st.sampled_from(sorted(CLOSED_FORMS))


@st.composite
def labels(draw):
    """Labels of two to four classes, each with 1 to 30 rows, shuffled."""
    counts = draw(st.lists(st.integers(1, 30), min_size=2, max_size=4))
    y = np.repeat(np.array(list("abcd"))[: len(counts)], counts)
    return np.random.default_rng(draw(st.integers(0, 99))).permutation(y)


def fit(y, strategy="balanced", *, beta=BETA, sample_weight=None):
    X = np.zeros((len(y), 1))
    return ClassBalanceWeighter(strategy, beta=beta).fit(
        X, y, sample_weight=sample_weight
    )


@quick
@given(y=labels(), strategy=strategies, seed=st.integers(0, 99))
def test_weights_follow_their_closed_form(y, strategy, seed):
    given_weight = np.random.default_rng(seed).uniform(0.1, 5, len(y))
    for sample_weight in (None, given_weight):
        w = np.ones(len(y)) if sample_weight is None else sample_weight
        raw = np.empty(len(y))
        for label in set(y):
            raw[y == label] = CLOSED_FORMS[strategy](w[y == label].sum())
        weighter = fit(y, strategy, sample_weight=sample_weight)
        np.testing.assert_allclose(
            weighter.sample_weight_, raw / np.average(raw, weights=w), rtol=1e-12
        )
        assert np.average(weighter.sample_weight_, weights=w) == pytest.approx(1)
        assert (weighter.sample_weight_ * w).sum() == pytest.approx(w.sum())


@quick
@given(y=labels())
def test_balanced_is_the_one_of_scikit_learn(y):
    expected = compute_sample_weight("balanced", y)
    np.testing.assert_allclose(fit(y).sample_weight_, expected, rtol=1e-12)


@quick
@given(y=labels(), seed=st.integers(0, 99))
def test_balanced_classes_have_equal_total_weight(y, seed):
    w = np.random.default_rng(seed).uniform(0.1, 5, len(y))
    total = fit(y, sample_weight=w).sample_weight_ * w
    sums = [total[y == label].sum() for label in set(y)]
    np.testing.assert_allclose(sums, w.sum() / len(sums), rtol=1e-12)


@quick
@given(y=labels(), strategy=strategies)
def test_rarer_classes_weigh_more(y, strategy):
    weight = fit(y, strategy).class_weight_
    count = {label: (y == label).sum() for label in weight}
    for a in weight:
        for b in weight:
            assert (count[a] < count[b]) <= (weight[a] > weight[b])


@quick
@given(y=labels(), strategy=strategies)
def test_renaming_labels_changes_nothing(y, strategy):
    names = {"a": 7, "b": -1, "c": 3, "d": 0}  # in another order, of another type
    renamed = np.array([names[label] for label in y])
    np.testing.assert_array_equal(
        fit(y, strategy).sample_weight_, fit(renamed, strategy).sample_weight_
    )


@quick
@given(y=labels(), strategy=strategies, seed=st.integers(0, 99))
def test_weight_k_is_a_row_repeated_k_times(y, strategy, seed):
    k = np.random.default_rng(seed).integers(0, 4, len(y))
    k[0] = 1
    weighted = fit(y, strategy, sample_weight=k)
    repeated = fit(np.repeat(y, k), strategy)
    np.testing.assert_allclose(
        np.repeat(weighted.sample_weight_, k), repeated.sample_weight_, rtol=1e-12
    )
    assert weighted.predict_weight([[0]], y[:1]) == pytest.approx(
        repeated.predict_weight([[0]], y[:1])
    )


@quick
@given(y=labels())
def test_effective_number_has_its_limits(y):
    np.testing.assert_array_equal(fit(y, "effective", beta=0).sample_weight_, 1.0)
    w = np.random.default_rng(0).uniform(0.1, 5, len(y))  # no digits may cancel
    np.testing.assert_allclose(
        fit(y, "effective", beta=1 - 1e-12, sample_weight=w).sample_weight_,
        fit(y, "balanced", sample_weight=w).sample_weight_,
        rtol=1e-9,
    )
    huge = fit(y, "effective", beta=np.nextafter(1, 0), sample_weight=[1e6] * len(y))
    np.testing.assert_allclose(huge.sample_weight_, fit(y).sample_weight_, rtol=1e-6)


@quick
@given(y=labels(), strategy=strategies)
def test_predict_weight_and_class_weight_agree_with_the_training_weights(y, strategy):
    weighter = fit(y, strategy)
    again = weighter.predict_weight(np.zeros((len(y), 1)), y)
    np.testing.assert_array_equal(again, weighter.sample_weight_)
    by_class = [weighter.class_weight_[label] for label in y]
    np.testing.assert_allclose(by_class, weighter.sample_weight_, rtol=1e-12)
    one = weighter.predict_weight([[5.0]], y[:1])  # one class only is no problem
    np.testing.assert_array_equal(one, weighter.sample_weight_[:1])


@quick
@given(y=labels(), strategy=strategies)
def test_effective_sample_size_is_kish(y, strategy):
    weighter = fit(y, strategy)
    w = weighter.sample_weight_
    size = weighter.effective_sample_size_
    assert size == pytest.approx(w.sum() ** 2 / (w**2).sum())
    assert 1 <= size <= len(y) * (1 + 1e-12)


def test_costs_are_relative_weights():
    y = np.array(["a", "b", "b", "b"])
    weighter = fit(y, {"a": 6, "b": 2, "never seen": 99})
    np.testing.assert_allclose(weighter.sample_weight_, [2, 2 / 3, 2 / 3, 2 / 3])
    assert weighter.class_weight_ == pytest.approx({"a": 2, "b": 2 / 3})
    ignored = fit(y, {"a": 0, "b": 1})
    np.testing.assert_allclose(ignored.sample_weight_, [0, 4 / 3, 4 / 3, 4 / 3])


@pytest.mark.parametrize("strategy", sorted(CLOSED_FORMS))
def test_a_class_of_weight_zero_gets_weight_zero(strategy):
    y, w = np.array(["a", "a", "b"]), [1, 2, 0]
    for beta in (0, 0.5):
        weighter = fit(y, strategy, beta=beta, sample_weight=w)
        np.testing.assert_allclose(weighter.sample_weight_, [1, 1, 0])


@pytest.mark.parametrize(
    ("strategy", "message"),
    [
        ({"a": 1}, r"no cost for the label\(s\) \['b'\]: give one"),
        ({"a": -1, "b": 1}, r"strategy=.*-1.*costs of 0 or more"),
        ({"a": np.nan, "b": 1}, r"strategy=.*nan.*finite costs"),
        ({"a": np.inf, "b": 1}, r"strategy=.*inf.*finite costs"),
        ({"a": 0, "b": 0}, r"at least one positive"),
        ("balance", "'strategy' parameter .* Got 'balance'"),
    ],
)
def test_wrong_costs_are_named(strategy, message):
    with pytest.raises(ValueError, match=message):
        fit(np.array(["a", "b"]), strategy)


@pytest.mark.parametrize("size", [1e-320, 1e308])
def test_costs_of_any_size_are_relative(size):
    y = np.array(["a", "b", "c", "c"])
    ordinary = fit(y, 1 - np.eye(3)).sample_weight_
    np.testing.assert_allclose(fit(y, size * (1 - np.eye(3))).sample_weight_, ordinary)


def test_costs_that_name_the_classes_are_taken_by_name():
    y, order = np.array(["a", "b", "c", "c"]), ["c", "a", "b"]
    matrix = np.array([[0, 1, 2], [5, 0, 1], [20, 3, 0]])
    named = pd.DataFrame(matrix, index=list("abc"), columns=list("abc"))
    by_name = fit(y, named.loc[order, order]).class_weight_
    assert by_name == fit(y, matrix).class_weight_
    assert fit(y, pd.DataFrame(matrix)).class_weight_ == by_name


def test_a_large_matrix_does_not_flood_the_message():
    y = np.repeat(list("abcdefghijklmnopqrst"), 2)
    with pytest.raises(ValueError, match="costs of 0 or more") as caught:
        fit(y, -np.ones((20, 20)))
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < 500


def test_columns_of_groups_have_names_of_their_own():
    groups = pd.DataFrame([[1, 2], [1, 3]], columns=["site", "site"])
    with pytest.raises(ValueError, match=r"groups has repeated column names \['site'"):
        ClassBalanceWeighter(by="group").fit([[0], [1]], groups=groups)


def test_no_weight_left_is_refused():
    with pytest.raises(ValueError, match="every row of positive sample_weight"):
        fit(np.array(["a", "b"]), {"a": 0, "b": 1}, sample_weight=[1, 0])


@pytest.mark.parametrize("beta", [-0.1, 1, 1.5])
def test_beta_outside_its_interval_is_refused(beta):
    with pytest.raises(ValueError, match="'beta' parameter"):
        fit(np.array(["a", "b"]), "effective", beta=beta)


def test_predict_weight_needs_known_labels():
    weighter = fit(np.array(["a", "b", "b"]))
    with pytest.raises(ValueError, match=r"label\(s\) \['new'\].*\['a', 'b'\]"):
        weighter.predict_weight([[0], [0]], ["a", "new"])
    with pytest.raises(ValueError, match="weights rows by label and got y=None"):
        weighter.predict_weight([[0]])
    with pytest.raises(ValueError, match="X has 2, y has 1"):
        weighter.predict_weight([[0], [0]], ["a"])


@pytest.mark.parametrize(
    "X",
    [
        pd.DataFrame({"t": ["u", None, "v"], "x": [1, 2, None]}, index=[5, 5, 1]),
        pl.DataFrame({"t": ["u", None, "v"]}),
        sp.csr_array((3, 2)),
        [["a", 1], ["b", 2], ["c", 3]],
    ],
    ids=["pandas", "polars", "sparse", "list"],
)
def test_features_are_never_read(X):
    weighter = ClassBalanceWeighter().fit(X, [0, 1, 1])
    np.testing.assert_allclose(weighter.sample_weight_, [1.5, 0.75, 0.75])
