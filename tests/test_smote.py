"""SMOTE: convex combinations of near rows of a class, in any container."""

import pickle
import warnings
from collections import Counter

import numpy as np
import pytest
import scipy.sparse as sp
from imblearn import over_sampling as peers
from imblearn.pipeline import make_pipeline
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import OneHotEncoder
from threadpoolctl import threadpool_limits

from skdataquality.compose import RemediedClassifier, RemedyChain
from skdataquality.duplicates import Deduplicator
from skdataquality.exceptions import CopiedRowsWarning, FewNeighborsWarning
from skdataquality.imbalance import SMOTE
from skdataquality.lineage import Reason


def three_classes(n=300, seed=0):
    rng = np.random.default_rng(seed)
    y = np.repeat(["a", "b", "c"], [n - 60, 40, 20])
    X = rng.normal(size=(n, 4)) + 2 * (y == "b")[:, None]
    order = rng.permutation(n)
    return X[order], y[order]


# -- what a new row is -----------------------------------------------------------------


def test_new_rows_are_mixtures_of_parents_and_old_rows_stay():
    X, y = three_classes()
    sampler = SMOTE(random_state=0)
    X_new, y_new = sampler.fit_resample(X, y)
    parents = sampler.lineage_.parents
    np.testing.assert_array_equal(X_new[: len(X)], X)
    np.testing.assert_array_equal(y_new[: len(y)], y)
    np.testing.assert_allclose(X_new, parents @ X, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(parents.sum(axis=1), 1)
    assert np.all(np.diff(parents.indptr)[len(X) :] == 2)
    assert np.all(parents.data >= 0)
    for row in range(len(X), len(X_new)):
        assert set(y[parents[[row]].indices]) == {y_new[row]}


def test_the_second_parent_is_a_near_row_of_the_class():
    X, y = three_classes()
    for label in "bc":
        rows = np.flatnonzero(y == label)
        search = NearestNeighbors(n_neighbors=3).fit(X[rows])
        near = search.kneighbors(return_distance=False)
        allowed = {(rows[i], rows[j]) for i, found in enumerate(near) for j in found}
        (line,) = [c for c in sampler_lines(X, y) if y[c.rows[0]] == label]
        first, second, _ = line.drawn()
        assert set(zip(rows[first], rows[second], strict=True)) <= allowed


def sampler_lines(X, y):
    sampler = SMOTE(k_neighbors=3, random_state=0)
    sampler.fit_resample(X, y)
    return sampler._lines


def test_each_row_starts_equally_many_lines_but_for_one():
    X, y = three_classes()
    for line in sampler_lines(X, y):
        started = np.bincount(line.drawn()[0], minlength=line.rows.size)
        assert started.max() - started.min() <= 1
        assert started.sum() == line.n_new


def test_ratios_are_searched_in_folds_of_a_pipeline():
    pd = pytest.importorskip("pandas")
    X, y = three_classes()
    frame = pd.DataFrame(X, columns=list("abcd")).assign(
        kind=np.where(X[:, 0] > 0, "u", "v")
    )
    encode = make_column_transformer(
        (OneHotEncoder(), ["kind"]), remainder="passthrough"
    )
    pipe = make_pipeline(SMOTE(random_state=0), encode, LogisticRegression())
    ratios = [0.2, {"c": 0.5}, "auto"]
    search = GridSearchCV(
        pipe, {"smote__sampling_strategy": ratios}, cv=3, error_score="raise"
    )
    assert np.isfinite(search.fit(frame, y).cv_results_["mean_test_score"]).all()


def test_indices_and_lineage_say_which_rows_are_new():
    X, y = three_classes()
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(X, y)
    n, n_new = len(X), 2 * 240 - 60
    expected = np.r_[np.arange(n), np.full(n_new, -1)]
    np.testing.assert_array_equal(sampler.sample_indices_, expected)
    change = sampler.lineage_.change_reason
    assert np.all(change[n:] == Reason.SYNTHETIC)
    assert not change[:n].any()
    assert not sampler.lineage_.dropped.any()
    assert sampler.sampling_strategy_ == {"b": 200, "c": 220}


def test_no_lineage_before_rows_were_made():
    sampler = SMOTE().fit(*three_classes())
    assert sampler.sampling_strategy_ == {"b": 200, "c": 220}
    assert not hasattr(sampler, "lineage_")
    assert not hasattr(sampler, "sample_indices_")


def test_balanced_classes_are_left_alone():
    X, y = three_classes()
    X, y = X[:2], np.array(["a", "b"])
    sampler = SMOTE()
    X_new, y_new = sampler.fit_resample(X, y)
    np.testing.assert_array_equal(X_new, X)
    np.testing.assert_array_equal(y_new, y)
    assert sampler.lineage_.is_identity


# -- beside imbalanced-learn -----------------------------------------------------------


@pytest.mark.parametrize(
    "strategy",
    [
        "auto",
        "minority",
        "not majority",
        "not minority",
        "all",
        {"c": 33},
        {"b": 50, "c": 20},
        lambda y: {"b": 7 * Counter(y)["c"]},
    ],
)
def test_counts_are_those_of_imbalanced_learn(strategy):
    X, y = three_classes()
    _, ours = SMOTE(sampling_strategy=strategy, random_state=0).fit_resample(X, y)
    _, theirs = peers.SMOTE(sampling_strategy=strategy, random_state=0).fit_resample(
        X, y
    )
    assert Counter(ours) == Counter(theirs)


@pytest.mark.parametrize("ratio", [0.1, 0.29, 0.5, 1.0])
def test_ratios_of_two_classes_are_those_of_imbalanced_learn(ratio):
    X, y = three_classes()
    y = y == "c"
    _, ours = SMOTE(sampling_strategy=ratio).fit_resample(X, y)
    _, theirs = peers.SMOTE(sampling_strategy=ratio).fit_resample(X, y)
    assert Counter(ours.tolist()) == Counter(theirs.tolist())


def test_means_and_covariances_are_those_of_imbalanced_learn():
    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(3, 3))
    X = rng.normal(size=(20_100, 3)) @ mixing
    y = np.r_[np.zeros(20_000), np.ones(100)]
    made = [
        sampler(random_state=0).fit_resample(X, y)[0][len(X) :]
        for sampler in (SMOTE, peers.SMOTE)
    ]
    ours, theirs = made
    spread = X[-100:].std(axis=0)
    assert np.all(np.abs(ours.mean(axis=0) - theirs.mean(axis=0)) < 0.03 * spread)
    scale = np.outer(spread, spread)
    assert np.all(np.abs(np.cov(ours.T) - np.cov(theirs.T)) < 0.03 * scale)


def test_categories_are_as_frequent_as_those_of_smote_nc():
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(1)
    y = np.r_[np.zeros(3000, dtype=int), np.ones(60, dtype=int)]
    x = rng.normal(size=(3060, 2))
    level = np.where(x[:, 0] + rng.normal(size=3060) > 0.5, "high", "low")
    X = pd.DataFrame({"x": x[:, 0], "z": x[:, 1], "level": pd.Categorical(level)})
    ours, _ = SMOTE(random_state=0).fit_resample(X, y)
    theirs, _ = peers.SMOTENC(["level"], random_state=0).fit_resample(X, y)
    shares = [(made["level"][3060:] == "high").mean() for made in (ours, theirs)]
    assert shares[0] == pytest.approx(shares[1], abs=0.03)
    assert ours["level"].dtype == X["level"].dtype


# -- weights and wrappers --------------------------------------------------------------


def test_weights_of_new_rows_are_mixed_from_parents():
    X, y = three_classes()
    weight = np.random.default_rng(0).uniform(0.5, 2, len(X))
    clf = RemediedClassifier(LogisticRegression(), SMOTE(random_state=0))
    clf.fit(X, y, sample_weight=weight)
    sampler = SMOTE(random_state=0)
    X_new, y_new = sampler.fit_resample(X, y)
    parents = sampler.lineage_.parents
    plain = LogisticRegression().fit(X_new, y_new, sample_weight=parents @ weight)
    np.testing.assert_allclose(clf.estimator_.coef_, plain.coef_, rtol=1e-6)
    np.testing.assert_allclose(
        clf.lineage_.parents.toarray(), parents.toarray(), atol=1e-15
    )


def test_weights_pass_through_a_chain():
    X, y = three_classes()
    X[:5] = X[5:10]
    y[:5] = y[5:10]
    weight = np.random.default_rng(0).uniform(0.5, 2, len(X))
    clf = RemediedClassifier(
        LogisticRegression(), RemedyChain([Deduplicator(), SMOTE(random_state=0)])
    )
    clf.fit(X, y, sample_weight=weight)
    twins = Deduplicator()
    X_one, y_one = twins.fit_resample(X, y)
    sampler = SMOTE(random_state=0)
    X_new, y_new = sampler.fit_resample(X_one, y_one)
    carried = sampler.lineage_.parents @ weight[twins.sample_indices_]
    plain = LogisticRegression().fit(X_new, y_new, sample_weight=carried)
    np.testing.assert_allclose(clf.estimator_.coef_, plain.coef_, rtol=1e-6)


def test_groups_that_parents_do_not_share_are_refused():
    X, y = three_classes()
    clf = RemediedClassifier(LogisticRegression(), SMOTE(random_state=0))
    with pytest.raises(ValueError, match="SMOTE mixed rows with different groups"):
        clf.fit(X, y, groups=np.arange(len(X)))
    clf.set_params(calibration=None).fit(X, y, groups=y)


def test_a_chain_gives_rows_and_labels_one_index():
    pd = pytest.importorskip("pandas")
    X, y = three_classes()
    index = np.arange(len(X))[::-1] + 7
    frame, labels = pd.DataFrame(X, index=index), pd.Series(y, index=index)
    for remedy in (SMOTE(random_state=0), peers.SMOTE(random_state=0)):
        X_new, y_new = RemedyChain([remedy]).fit_resample(frame, labels)
        pd.testing.assert_index_equal(X_new.index, y_new.index)


# -- the same on every run and in every container --------------------------------------


def test_an_integer_seed_gives_the_same_rows():
    X, y = three_classes()
    first, again, other = (
        SMOTE(random_state=seed).fit_resample(X, y)[0] for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_ties_do_not_depend_on_the_number_of_threads():
    rng = np.random.default_rng(0)
    X, y = rng.integers(0, 4, (1600, 16)), np.repeat([0, 1], [1200, 400])
    made = []
    for n_threads in (1, 2, 3):
        with threadpool_limits(n_threads, user_api="openmp"):
            made.append(SMOTE(random_state=0).fit_resample(X, y)[0])
    np.testing.assert_array_equal(made[0], made[1])
    np.testing.assert_array_equal(made[0], made[2])


def test_rows_of_a_class_do_not_depend_on_what_others_ask_for():
    X, y = three_classes()
    both, _ = SMOTE(random_state=0).fit_resample(X, y)
    one, _ = SMOTE(sampling_strategy={"c": 240}, random_state=0).fit_resample(X, y)
    np.testing.assert_array_equal(both[-220:], one[-220:])


def test_the_lineage_of_a_saved_sampler_is_its_own():
    X, y = three_classes()
    sampler = SMOTE(random_state=np.random.RandomState(0))
    X_new, _ = sampler.fit_resample(X, y)
    loaded = pickle.loads(pickle.dumps(sampler))
    np.testing.assert_allclose(loaded.lineage_.parents @ X, X_new, atol=1e-12)
    np.testing.assert_array_equal(loaded.sample_indices_, sampler.sample_indices_)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_floats_keep_their_precision(dtype):
    X, y = three_classes()
    X_new, _ = SMOTE(random_state=0).fit_resample(X.astype(dtype), y)
    exact, _ = SMOTE(random_state=0).fit_resample(X, y)
    assert X_new.dtype == dtype
    if dtype != np.float16:  # whose neighbours are others
        np.testing.assert_allclose(X_new, exact, rtol=1e-5, atol=1e-5)


def test_a_read_only_map_of_a_file_is_enough(tmp_path):
    X, y = three_classes()
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    made, _ = SMOTE(random_state=0).fit_resample(mapped, y)
    plain, _ = SMOTE(random_state=0).fit_resample(np.asfortranarray(X), y)
    np.testing.assert_array_equal(made, plain)
    assert type(made) is np.ndarray


@pytest.mark.parametrize("kind", ["csr_matrix", "csc_array", "coo_array", "lil_matrix"])
def test_sparse_tables_stay_sparse(kind):
    X, y = three_classes()
    X[np.abs(X) < 0.5] = 0
    given = getattr(sp, kind)(X)
    made, _ = SMOTE(random_state=0).fit_resample(given, y)
    plain, _ = SMOTE(random_state=0).fit_resample(X, y)
    assert type(made) is type(given)
    np.testing.assert_allclose(made.toarray(), plain, atol=1e-12)


def test_sparse_counts_are_rounded_and_booleans_are_those_of_a_parent():
    X, y = three_classes()
    counts = sp.csr_array(np.floor(np.abs(X) * 3).astype(np.int32))
    made, _ = SMOTE(random_state=0).fit_resample(counts, y)
    assert made.dtype == np.int32
    sampler = SMOTE(random_state=0)
    made, _ = sampler.fit_resample(sp.csr_array(X > 1), y)
    nearest = sampler.lineage_.parents.toarray().argmax(axis=1)
    np.testing.assert_array_equal(made.toarray(), (X > 1)[nearest])


# -- copies ----------------------------------------------------------------------------


def test_copies_of_a_row_are_none_of_its_neighbours():
    X, y = three_classes()
    rows = np.flatnonzero(y == "c")
    X[rows] = X[rows[:10]].repeat(2, axis=0)
    sampler = SMOTE(random_state=0)
    with pytest.warns(CopiedRowsWarning, match=r"20 of the 20 rows of class 'c'.*Dedu"):
        made, labels = sampler.fit_resample(X, y)
    old = {row.tobytes() for row in X}
    new = made[len(X) :][labels[len(X) :] == "c"]
    assert not any(row.tobytes() in old for row in new)


def test_near_copies_are_counted():
    X, y = three_classes()
    rows = np.flatnonzero(y == "c")
    jitter = np.random.default_rng(0).normal(scale=1e-7, size=(20, 4))
    X[rows] = X[rows[:2]].repeat(10, axis=0) + jitter
    said = "20 of the 20 rows of class 'c' .* about 220 of its 220 new ones"
    with pytest.warns(CopiedRowsWarning, match=said):
        SMOTE(random_state=0).fit_resample(X, y)


def test_equal_rows_give_equal_rows_with_a_warning():
    X, y = three_classes()
    X[y == "c"] = 7.5
    sampler = SMOTE(random_state=0)
    with (
        pytest.warns(CopiedRowsWarning, match="about 220 of its 220 new ones"),
        pytest.warns(FewNeighborsWarning, match="1 distinct row"),
    ):
        made, labels = sampler.fit_resample(X, y)
    assert np.all(made[labels == "c"] == 7.5)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("design", ["wide", "line", "counts", "curve", "heavy"])
def test_rows_that_are_near_by_nature_are_no_copies(design, seed):
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], [900, 400])
    x = rng.normal(size=1300)
    X = {
        "wide": rng.normal(size=(1300, 30)),
        "line": x[:, None],
        "counts": rng.poisson(3, size=(1300, 3)),
        "curve": np.column_stack([x, x**2, np.sin(x)]),
        "heavy": rng.standard_t(2, size=(1300, 4)),
    }[design]
    with warnings.catch_warnings():
        warnings.simplefilter("error", CopiedRowsWarning)
        SMOTE(random_state=0).fit_resample(X, y)


# -- what is refused, or said ----------------------------------------------------------


def few(n_few):
    X, _ = three_classes()
    return X[: 30 + n_few], np.repeat(["many", "few"], [30, n_few])


@pytest.mark.parametrize("n_few", [2, 3, 5])
def test_few_rows_have_fewer_neighbours(n_few):
    said = rf"class 'few' has {n_few} row.*{n_few - 1} neighbour.*k_neighbors=5"
    with pytest.warns(FewNeighborsWarning, match=said):
        _, labels = SMOTE(random_state=0).fit_resample(*few(n_few))
    assert Counter(labels.tolist()) == {"many": 30, "few": 30}


def test_a_single_row_is_refused_by_the_name_of_its_class():
    with pytest.raises(ValueError, match="class 'few' has 1 row, and 29 more .* needs"):
        SMOTE().fit_resample(*few(1))
    X, y = few(1)
    y[:5] = "rare"
    SMOTE(sampling_strategy={"rare": 10}, k_neighbors=2).fit_resample(X, y)


@pytest.mark.parametrize(
    ("strategy", "said"),
    [
        (0.1, r"asks for 3 row.* of class 'few', 0.1 times the 30 .*above 0.333"),
        ({"few": 4}, r"asks for 4 row.* of class 'few', which has 10, .*ratio"),
        ({"few": 0.2}, r"asks for 6 row.* of class 'few', which has 10"),
        (lambda y: {"few": 4}, r"asks for 4 row.* of class 'few'"),
        ({"rare": 40}, r"class 'rare', of which y has no row; it holds 'few', 'many'"),
        ({"few": -1}, r"\{'few': -1\} is no number of rows"),
        ({"few": 10**20}, r"\{'few': 10+\} is no number of rows"),
        ({"few": 1.5}, r"\{'few': 1.5\} is no number of rows.*ratio"),
        ({"few": np.True_}, r"\{'few': np.True_\} is no number of rows"),
        ({"few": True}, r"\{'few': True\} is no number of rows"),
        ({"few": "all"}, r"\{'few': 'all'\} is no number of rows"),
        (lambda y: 40, r"returned a int: return a dict"),
        (1.5, r"must be a float in the range \(0.0, 1.0\]"),
        ("most", r"must be .* a str among"),
    ],
)
def test_what_is_no_plan_is_refused(strategy, said):
    with pytest.raises(ValueError, match=said) as caught:
        SMOTE(sampling_strategy=strategy).fit_resample(*few(10))
    assert len(str(caught.value)) < 300


def test_ratios_suit_folds_and_more_than_two_classes():
    X, y = three_classes()
    for rows in (slice(None), slice(0, 150), slice(100, 300)):
        _, labels = SMOTE(sampling_strategy=0.5).fit_resample(X[rows], y[rows])
        counts = Counter(labels.tolist())
        assert counts["b"] == counts["c"] == counts["a"] // 2
    _, labels = SMOTE(sampling_strategy={"c": 0.25}).fit_resample(X, y)
    assert Counter(labels.tolist()) == {"a": 240, "b": 40, "c": 60}


def test_texts_are_refused():
    texts = ["good", "bad", "fine", "poor"] * 3
    with pytest.raises(
        ValueError, match="X holds texts, and SMOTE needs columns: .*Tf"
    ):
        SMOTE().fit_resample(texts, [0, 0, 1] * 4)


def test_nothing_is_changed_and_nothing_is_half_done():
    X, y = three_classes()
    copies = X.copy(), y.copy()
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(X, y)
    np.testing.assert_array_equal(X, copies[0])
    np.testing.assert_array_equal(y, copies[1])
    with pytest.raises(ValueError, match="1 row"):
        sampler.fit_resample(*few(1))
    assert sampler.sampling_strategy_ == {"b": 200, "c": 220}
    assert sampler.lineage_.n_out == 720
    made, _ = SMOTE().fit_resample(X[:2], np.array(["a", "b"]))
    assert not np.shares_memory(made, X)


@pytest.mark.parametrize("kind", [np.asarray, sp.csr_array])
@pytest.mark.parametrize("unit", [1e-300, 1e-200, 1e200])
def test_neighbours_do_not_depend_on_the_unit(unit, kind):
    X, y = three_classes()
    made, scaled = SMOTE(random_state=0), SMOTE(random_state=0)
    made.fit_resample(kind(X), y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scaled.fit_resample(kind(X * unit), y)
    assert (made.lineage_.parents != scaled.lineage_.parents).nnz == 0


def test_labels_in_a_tuple_are_labels():
    X, y = three_classes()
    _, listed = SMOTE(random_state=0).fit_resample(X, y.tolist())
    _, found = SMOTE(random_state=0).fit_resample(X, tuple(y.tolist()))
    assert found == listed
