"""Confident learning: what must hold on any data, with no other package to lean on."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skdataquality.exceptions import InSampleProbabilitiesWarning
from skdataquality.label_noise import (
    calibrate_joint,
    confident_joint,
    confident_thresholds,
    count_label_issues,
    ensemble_proba,
    ensemble_quality_scores,
    ensemble_weights,
    estimate_joint,
    find_label_issues,
    label_quality_scores,
    noise_matrices,
    order_label_issues,
)
from skdataquality.label_noise._confident._joint import _cuts_in_dtype, _pairwise_sum
from skdataquality.label_noise._confident._latent import PRIOR_METHODS
from skdataquality.label_noise._flags._ensembles import WEIGHTINGS
from skdataquality.label_noise._flags._filters import FILTERS, PRUNING_FILTERS
from skdataquality.label_noise._flags._scores import SCORES
from skdataquality.label_noise._flags._worst_margins import _largest_of_runs, largest
from skdataquality.utils._probabilities import check_pred_proba
from skdataquality.utils._validation import encode_labels


def as_frame(names):
    return pd.DataFrame(PROBA, columns=list(names))


def order_all(y, pred_proba, **options):
    return order_label_issues(np.ones(len(pred_proba), bool), y, pred_proba, **options)


FUNCTIONS = (
    confident_thresholds,
    confident_joint,
    estimate_joint,
    noise_matrices,
    label_quality_scores,
    find_label_issues,
    count_label_issues,
)
DISAGREEMENT_FILTERS = ("expected_pair", "excess_disagreement")
SCORINGS = [(method, False) for method in SCORES] + [
    ("self_confidence", True),
    ("normalized_margin", True),
]


def make_case(seed, n_classes=3, n_samples=60, *, absent=None, noise=0.25):
    """Labels drawn from tie-free probabilities, some flipped; one class left out."""
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet(np.full(n_classes, rng.uniform(0.2, 2)), n_samples)
    y = np.array([rng.choice(n_classes, p=row) for row in proba])
    flipped = rng.random(n_samples) < noise
    y[flipped] = rng.integers(n_classes, size=flipped.sum())
    if absent is not None:
        y[y == absent] = (absent + 1) % n_classes
    return y, proba


def oracle_proba(true, n_classes, seed=0):
    """Nearly certain probabilities of the true class, without ties."""
    proba = np.random.default_rng(seed).uniform(0, 0.02, (true.size, n_classes))
    proba[np.arange(true.size), true] += 0.9
    return proba / proba.sum(axis=1, keepdims=True)


def every_result(y, proba, classes):
    """Everything the functions say of one data set, as a list of arrays."""
    matrices = noise_matrices(y, proba, classes=classes)
    return [
        confident_joint(y, proba, classes=classes),
        confident_thresholds(y, proba, classes=classes),
        confident_joint(y, proba, classes=classes, calibrate=False),
        confident_joint(y, proba, classes=classes, collision="confident"),
        estimate_joint(y, proba, classes=classes),
        matrices.noise_matrix,
        matrices.inverse_noise_matrix,
        matrices.prior,
        *(
            label_quality_scores(y, proba, classes=classes, method=m, adjust=a)
            for m, a in SCORINGS
        ),
        *(find_label_issues(y, proba, classes=classes, filter_by=f) for f in FILTERS),
        count_label_issues(y, proba, classes=classes),
        order_all(y, proba, classes=classes),
        ensemble_quality_scores(y, [proba, proba], classes=classes),
    ]


def assert_same_results(results, expected):
    for result, wanted in zip(results, expected, strict=True):
        np.testing.assert_array_equal(result, wanted)


cases = st.builds(
    make_case,
    seed=st.integers(0, 2**32 - 1),
    n_classes=st.integers(2, 6),
    n_samples=st.integers(30, 120),
    absent=st.sampled_from([None, 0, 1]),
).filter(lambda case: np.unique(case[0]).size > 1)
quickly = settings(max_examples=30, deadline=None)


@pytest.mark.parametrize(
    "names",
    [
        np.array(["ant", "bee", "cat"]),
        np.array(["ant", "bee", "cat"], dtype=object),
        np.array([1, 2, 3]),
        np.array([1.0, 2.0, 3.0]),
        np.array([-7, 0, 40], dtype=np.int8),
    ],
    ids=["strings", "objects", "one_to_k", "floats", "gaps"],
)
def test_names_of_labels_do_not_matter(names):
    y, proba = make_case(0)
    assert_same_results(
        every_result(names[y], proba, None), every_result(y, proba, None)
    )
    assert_same_results(
        every_result(names[y].tolist(), proba.tolist(), names.tolist()),
        every_result(y, proba, None),
    )


@pytest.mark.parametrize("names", [np.array([False, True]), np.array([-1, 1])])
def test_names_of_two_labels_do_not_matter(names):
    y, proba = make_case(1, n_classes=2)
    assert_same_results(
        every_result(names[y], proba, None), every_result(y, proba, None)
    )


def test_unused_category_is_a_class_without_rows():
    y, proba = make_case(2, n_classes=4, absent=3)
    labels = pd.Series(
        pd.Categorical.from_codes(y, categories=["z", "b", "a", "unused"]),
        index=np.arange(y.size)[::-1],
    )
    assert_same_results(
        every_result(labels, proba, labels.cat.categories),
        every_result(y, proba, np.arange(4)),
    )


@quickly
@given(case=cases, seed=st.integers(0, 99))
def test_order_of_rows_does_not_matter(case, seed):
    y, proba = case
    classes = np.arange(proba.shape[1])
    order = np.random.default_rng(seed).permutation(y.size)
    for filter_by in FILTERS:
        mask = find_label_issues(y, proba, classes=classes, filter_by=filter_by)
        shuffled = find_label_issues(
            y[order], proba[order], classes=classes, filter_by=filter_by
        )
        np.testing.assert_array_equal(shuffled, mask[order])
    np.testing.assert_array_equal(
        confident_joint(y[order], proba[order], classes=classes),
        confident_joint(y, proba, classes=classes),
    )


@quickly
@given(case=cases, seed=st.integers(0, 99))
def test_order_of_classes_does_not_matter(case, seed):
    y, proba = case
    classes = np.arange(proba.shape[1])
    order = np.random.default_rng(seed).permutation(classes)
    joint = confident_joint(y, proba, classes=classes, calibrate=False)
    reordered = confident_joint(y, proba[:, order], classes=order, calibrate=False)
    np.testing.assert_array_equal(reordered, joint[np.ix_(order, order)])
    filters = list(FILTERS)
    if not has_equal_residuals(joint, np.bincount(y, minlength=classes.size)):
        np.testing.assert_array_equal(
            confident_joint(y, proba[:, order], classes=order),
            confident_joint(y, proba, classes=classes)[np.ix_(order, order)],
        )
    else:  # then the order of the classes decides which count is rounded up
        counted = {*PRUNING_FILTERS, "excess_disagreement"}  # by the calibrated joint
        filters = [name for name in FILTERS if name not in counted]
    for filter_by in filters:
        np.testing.assert_array_equal(
            find_label_issues(y, proba[:, order], classes=order, filter_by=filter_by),
            find_label_issues(y, proba, classes=classes, filter_by=filter_by),
        )


def has_equal_residuals(joint, class_counts):
    """Tell whether any two cells of a row are equally far from a whole count."""
    scaled = joint / joint.sum(axis=1, keepdims=True) * class_counts[:, np.newaxis]
    residuals = np.sort(scaled - np.rint(scaled), axis=1)
    # An exact half can round either way as well.
    return (np.diff(residuals, axis=1) < 1e-9).any() or (
        np.abs(np.abs(residuals) - 0.5) < 1e-9
    ).any()


@quickly
@given(case=cases)
def test_joints_and_matrices_sum_to_what_they_should(case):
    y, proba = case
    n_classes = proba.shape[1]
    classes, counts = np.arange(n_classes), np.bincount(y, minlength=n_classes)
    joint = confident_joint(y, proba, classes=classes)
    assert joint.dtype.kind == "i"
    assert joint.min() >= 0
    np.testing.assert_array_equal(joint.sum(axis=1), counts)
    assert (confident_joint(y, proba, classes=classes, calibrate=False) >= 0).all()

    share = estimate_joint(y, proba, classes=classes)
    assert share.sum() == pytest.approx(1)
    np.testing.assert_allclose(share.sum(axis=1), counts / y.size)

    matrices = noise_matrices(y, proba, classes=classes)
    np.testing.assert_allclose(
        matrices.inverse_noise_matrix.sum(axis=0), counts > 0, atol=1e-12
    )
    np.testing.assert_allclose(
        matrices.noise_matrix.sum(axis=0), joint.sum(axis=0) > 0, atol=1e-12
    )
    assert matrices.prior.sum() == pytest.approx(1)
    assert matrices.prior.min() > 0


@quickly
@given(case=cases)
def test_scores_lie_between_0_and_1(case):
    y, proba = case
    for method, adjust in SCORINGS:
        scores = label_quality_scores(
            y, proba, classes=np.arange(proba.shape[1]), method=method, adjust=adjust
        )
        assert scores.dtype == np.float64
        assert ((scores >= 0) & (scores <= 1)).all()


@quickly
@given(case=cases, minimum=st.integers(0, 10))
def test_pruning_leaves_a_class_its_minimum(case, minimum):
    y, proba = case
    classes = np.arange(proba.shape[1])
    for filter_by in PRUNING_FILTERS:
        mask = find_label_issues(
            y,
            proba,
            classes=classes,
            filter_by=filter_by,
            min_samples_per_class=minimum,
        )
        small = np.bincount(y, minlength=classes.size) <= max(minimum, 1)
        assert not mask[small[y]].any()
        # a count that is raised to the minimum takes its share from the other cells
        if confident_joint(y, proba, classes=classes).diagonal().min() >= 1:
            nothing = find_label_issues(
                y, proba, classes=classes, filter_by=filter_by, frac_noise=0
            )
            assert not nothing.any()


@quickly
@given(case=cases)
def test_filters_nest(case):
    y, proba = case
    masks = {
        name: find_label_issues(
            y, proba, classes=np.arange(proba.shape[1]), filter_by=name
        )
        for name in FILTERS
    }
    np.testing.assert_array_equal(
        masks["both"], masks["prune_by_noise_rate"] & masks["prune_by_class"]
    )
    np.testing.assert_array_equal(
        masks["predicted_neq_given"], proba.argmax(axis=1) != y
    )
    for name in (*PRUNING_FILTERS, "confident_learning"):
        assert not (masks[name] & ~masks["predicted_neq_given"]).any()
    for name in ("low_self_confidence", "low_normalized_margin"):
        assert masks[name].sum() == masks["confident_learning"].sum()


@pytest.mark.parametrize("filter_by", FILTERS)
def test_nothing_is_flagged_without_noise(filter_by):
    y = np.random.default_rng(0).integers(4, size=200)
    assert not find_label_issues(y, oracle_proba(y, 4), filter_by=filter_by).any()
    assert not find_label_issues(y[:12], np.eye(4)[y[:12]], filter_by=filter_by).any()


@pytest.mark.parametrize("filter_by", FILTERS)
@pytest.mark.parametrize("rate", [0.05, 0.2, 0.4])
def test_planted_symmetric_flips_are_recovered(filter_by, rate):
    rng = np.random.default_rng(0)
    true = rng.integers(4, size=400)
    flipped = rng.random(400) < rate
    y = np.where(flipped, (true + rng.integers(1, 4, size=400)) % 4, true)
    proba = oracle_proba(true, 4)
    mask = find_label_issues(y, proba, filter_by=filter_by)
    if filter_by in DISAGREEMENT_FILTERS:  # they leave some to the model's own errors
        assert not (mask & ~flipped).any()
    else:
        np.testing.assert_array_equal(mask, flipped)
    joint = np.zeros((4, 4), dtype=int)
    np.add.at(joint, (y, true), 1)
    np.testing.assert_array_equal(confident_joint(y, proba), joint)
    matrices = noise_matrices(y, proba)
    np.testing.assert_allclose(matrices.noise_matrix, joint / joint.sum(axis=0))
    np.testing.assert_allclose(matrices.prior, np.bincount(true) / 400)


def test_class_with_one_member_is_never_pruned():
    y, proba = make_case(3, absent=2)
    y[0], proba[0] = 2, [0.9, 0.09, 0.01]
    for filter_by in PRUNING_FILTERS:
        for minimum in (0, 1):
            mask = find_label_issues(
                y, proba, filter_by=filter_by, min_samples_per_class=minimum
            )
            assert not mask[0]
            assert mask.any()


def test_one_row():
    y, proba = ["a"], [[0.3, 0.7]]
    joint, *_, prior = every_result(y, proba, ["a", "b"])[:8]
    np.testing.assert_array_equal(joint, [[1, 0], [0, 0]])
    assert prior[0] > 0.99
    for name in FILTERS:
        mask = find_label_issues(y, proba, classes=["a", "b"], filter_by=name)
        assert mask.tolist() == [name == "predicted_neq_given"]


def test_no_confident_row_counts_as_no_noise():
    y, proba = make_case(4)
    joint = confident_joint(y, proba, thresholds=[2, 2, 2], calibrate=False)
    np.testing.assert_array_equal(joint, np.eye(3))


def test_collision_decides_between_confident_classes():
    y, proba = ["a", "b", "c"], [[0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]]

    def guess_of_first_row(collision):
        joint = confident_joint(
            y, proba, thresholds=[0.9, 0.2, 0.2], calibrate=False, collision=collision
        )
        return joint[0].tolist()

    assert guess_of_first_row("argmax") == [1, 0, 0]  # not a confident class
    assert guess_of_first_row("confident") == [1, 1, 0]  # 1 on the diagonal: always


@quickly
@given(
    case=cases,
    decimals=st.sampled_from([1, 2, 16]),
    threshold=st.sampled_from([0.0, 0.1, 0.3, 0.6, 2.0]),
    spread=st.floats(0, 1),
    collision=st.sampled_from(["argmax", "confident"]),
)
def test_every_row_counts_where_the_definition_says(
    case, decimals, threshold, spread, collision
):
    y, proba = case
    n_classes = proba.shape[1]
    proba = proba.round(decimals)  # ties
    proba[:, 0] += 1 - proba.sum(axis=1)
    proba = np.abs(proba) / np.abs(proba).sum(axis=1, keepdims=True)
    thresholds = threshold + spread * np.linspace(0, 1, n_classes)
    expected = np.zeros((n_classes, n_classes), int)
    for label, row in zip(y, proba, strict=True):
        confident = row >= thresholds - 1e-6
        if confident.sum() == 1 or collision == "confident":
            row = np.where(confident, row, -1)
        if confident.any():
            expected[label, row.argmax()] += 1
    np.fill_diagonal(expected, np.maximum(expected.diagonal(), 1))
    options = {"thresholds": thresholds, "collision": collision, "calibrate": False}
    joint = confident_joint(y, proba, classes=range(n_classes), **options)
    np.testing.assert_array_equal(joint, expected)


def test_calibration_rounds_to_the_label_counts():
    joint = [[4, 1, 2], [0, 3, 0], [1, 1, 5]]
    calibrated = calibrate_joint(joint, np.repeat([0, 1, 2], [10, 4, 9]))
    np.testing.assert_array_equal(calibrated, [[6, 1, 3], [0, 4, 0], [1, 1, 7]])
    shares = np.array(joint) / 17
    np.testing.assert_array_equal(
        calibrate_joint(shares, ["a", "c"], classes=["a", "b", "c"]).sum(axis=1),
        [1, 0, 1],
    )


@pytest.mark.parametrize("size", [9, 1000, 2**20 + 3, 2**22])
def test_sparse_sum_has_the_last_bit_of_the_dense_sum(size):
    rng = np.random.default_rng(size)
    position = np.unique(rng.integers(size, size=500))
    values = rng.lognormal(sigma=9, size=position.size)
    dense = np.zeros(size)
    dense[position] = values
    assert _pairwise_sum(position, values, size) == dense.sum()


def test_equal_ranks_go_to_the_first_rows():
    values = np.array([1.0, 3.0, 2.0, 3.0, 3.0, 2.0])
    expected = {0: [], 1: [1], 2: [1, 3], 4: [1, 2, 3, 4], 6: range(6)}
    for n_largest, chosen in expected.items():
        assert largest(values, n_largest).tolist() == list(chosen)
    runs = _largest_of_runs(
        np.tile(values, 3), np.array([0, 6, 12]), np.array([2, 9, 4])
    )
    assert runs.tolist() == [1, 3, *range(6, 12), 13, 14, 15, 16]


@pytest.mark.parametrize("seed", range(20))
def test_the_largest_of_each_run_are_those_of_the_run_alone(seed):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 9, 60) / 8
    starts = np.array([0, 1, 9, 10, 31, 40])
    n_largest = rng.integers(1, 12, starts.size)
    expected = [
        start + largest(run, min(n, run.size))
        for start, run, n in zip(
            starts, np.split(values, starts[1:]), n_largest, strict=True
        )
    ]
    runs = _largest_of_runs(values, starts, n_largest)
    assert runs.tolist() == np.concatenate(expected).tolist()


@pytest.mark.parametrize("n_classes", [3, 40])
def test_ranking_equals_a_stable_sort(n_classes):
    """However many columns are read and rows left out, the union is the same."""
    y, proba = make_case(5, n_classes, n_samples=600, noise=0.5)
    proba = np.round(proba, 2) + 1e-9  # many ties
    proba /= proba.sum(axis=1, keepdims=True)
    joint = confident_joint(y, proba)
    expected = np.zeros(y.size, dtype=bool)
    for given_label in range(n_classes):
        rows = np.flatnonzero(y == given_label)
        for j in set(range(n_classes)) - {given_label}:
            margin = proba[rows, j] - proba[rows, given_label]
            worst = np.argsort(-margin, kind="stable")[: joint[given_label, j]]
            expected[rows[worst]] = True
    bumped = proba + 1e-6 * np.eye(n_classes)[y]
    expected &= bumped.argmax(axis=1) != y
    np.testing.assert_array_equal(
        find_label_issues(y, proba, min_samples_per_class=0), expected
    )


def test_float32_gives_what_float64_gives():
    y, proba = make_case(6, n_classes=5, n_samples=300)
    single = proba.astype(np.float32)
    assert_same_results(
        every_result(y, single, None),
        every_result(y, single.astype(np.float64), None),
    )


@given(cut=st.floats(0, 1), steps=st.integers(-2, 2))
def test_thresholds_cut_float32_where_they_cut_float64(cut, steps):
    p = np.float32(cut)
    for _ in range(abs(steps)):
        p = np.nextafter(p, np.float32(np.sign(steps) * np.inf))
    (rounded,) = _cuts_in_dtype(np.array([cut]), np.dtype(np.float32))
    assert (p >= rounded) == (np.float64(p) >= cut)


def test_read_only_memory_maps_are_read_and_left_alone(tmp_path):
    y, proba = make_case(7)
    np.save(tmp_path / "y.npy", y)
    np.save(tmp_path / "proba.npy", proba)
    mapped = [np.load(tmp_path / f"{k}.npy", mmap_mode="r") for k in ("y", "proba")]
    assert_same_results(every_result(*mapped, None), every_result(y, proba, None))


def test_inputs_are_not_mutated():
    y, proba = make_case(8)
    before = y.copy(), proba.copy(), np.arange(3)
    every_result(y, proba, before[2])
    confident_joint(y, proba, thresholds=before[2])
    np.testing.assert_array_equal(y, before[0])
    np.testing.assert_array_equal(proba, before[1])
    np.testing.assert_array_equal(before[2], [0, 1, 2])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_memory_beside_the_input_is_small(dtype):
    rng = np.random.default_rng(0)
    proba = rng.random((10_000, 200), dtype=dtype)
    proba /= proba.sum(axis=1, keepdims=True)
    y = rng.integers(200, size=10_000)
    for function in FUNCTIONS:
        tracemalloc.start()
        function(y, proba)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        # A share of the input, some numbers per row, some copies of a chunk.
        limit = 0.15 * proba.nbytes + 64 * y.size + 2**22
        assert peak < limit, function.__name__


def in_a_list(function, **options):
    """Call a function of several models with one."""

    def call(y, pred_proba, **more):
        return function(y, [pred_proba], **options, **more)

    call.__name__ = function.__name__
    return call


EVERY_FUNCTION = (
    *FUNCTIONS,
    in_a_list(ensemble_weights),
    in_a_list(ensemble_quality_scores),
    order_all,
)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_in_sample_probabilities_warn_at_the_call(function):
    y = np.tile([0, 1], 20)
    with pytest.warns(InSampleProbabilitiesWarning, match="out-of-fold") as record:
        function(y, np.eye(2)[y])
    assert record[0].filename == __file__


Y, PROBA = make_case(9)


def replaced(array, index, value):
    array = array.copy()
    array[index] = value
    return array


BAD_INPUTS = {
    "length": (Y[:-1], PROBA, {}, "pred_proba.* has 60 rows but y has 59: pass"),
    "empty": ([], PROBA[:0], {}, "y is empty: 0 rows"),
    "nan label": (replaced(Y.astype(float), 3, np.nan), PROBA, {}, "position.*3.*drop"),
    "None label": (replaced(Y.astype(object), 3, None), PROBA, {}, "position.*3.*drop"),
    "mixed": ([*"ab" * 29, 1, 2], PROBA, {}, r"y mixes .*int, str.*astype\(str\)"),
    "two columns": (np.eye(3)[Y], PROBA, {}, r"y has shape \(60, 3\).*argmax"),
    "one class": (np.zeros(60), PROBA[:, :1], {}, r"y holds a single .*\[0.0\].*`cla"),
    "unknown": (Y, PROBA, {"classes": [0, 1, 7]}, r"\[2\].*classes=\[0, 1, 7\]: add"),
    "repeated": (Y, PROBA, {"classes": [0, 1, 2, 2]}, "classes must list each.*remove"),
    "NaN": (Y, replaced(PROBA, (4, 0), np.nan), {}, "pred_proba.*NaN in row.*4"),
    "infinite": (Y, replaced(PROBA, (4, 0), np.inf), {}, "pred_proba.*inf.*divide"),
    "negative": (Y, replaced(PROBA, (4, 0), -0.5), {}, "negative.*-0.5.*decision_fun"),
    "above 1": (Y, replaced(PROBA, (4, 0), 1.2), {}, "values above 1.*1.2.*divide"),
    "row sum": (Y, PROBA * 0.9, {}, "pred_proba.*row.*0, 1.*sum 0.9.*divide"),
    "columns": (Y, PROBA[:, :2], {}, "pred_proba.* has 2 columns.*3 classes: pass"),
    "one column": (
        Y,
        PROBA[:, 0],
        {},
        r"pred_proba.* has 1 dim.*\(60,\); pass one row",
    ),
    "integers": (Y, np.eye(3, dtype=int)[Y], {}, "pred_proba.* has dtype int64; pass"),
}


@pytest.mark.parametrize("function", EVERY_FUNCTION, ids=lambda f: f.__name__)
@pytest.mark.parametrize("case", BAD_INPUTS)
def test_bad_inputs_raise_with_name_value_and_cure(function, case):
    y, proba, options, message = BAD_INPUTS[case]
    with pytest.raises(ValueError, match=message):
        function(y, proba, **options)


@pytest.mark.parametrize(
    ("function", "options", "message"),
    [
        (find_label_issues, {"filter_by": "argmax"}, "filter_by='argmax'.*use one of"),
        (find_label_issues, {"frac_noise": 1.5}, "frac_noise=1.5.*0 to 1"),
        (find_label_issues, {"frac_noise": "all"}, "frac_noise='all'.*0 to 1"),
        (find_label_issues, {"min_samples_per_class": -1}, "min_.*=-1.*0 or more"),
        (find_label_issues, {"min_samples_per_class": 1.5}, "min_.*=1.5.*integer"),
        (label_quality_scores, {"method": "margin"}, "method='margin'.*use one of"),
        (
            label_quality_scores,
            {"method": "confidence_weighted_entropy", "adjust": True},
            "adjust=True.*confidence_weighted_entropy.*pass adjust=False",
        ),
        (find_label_issues, {"max_per_class": {7: 1}}, r"max_per_class.*\[7\].*add"),
        (find_label_issues, {"max_per_class": 3}, r"max_per_class=3 does not.*dict"),
        (find_label_issues, {"max_per_class": {1: -1}}, r"class\[1\]=-1.*0 or more"),
        (count_label_issues, {"method": "all"}, "method='all'.*use one of"),
        (noise_matrices, {"prior_method": "cnt"}, "prior_method='cnt'.*use one of"),
        (confident_joint, {"collision": "drop"}, "collision='drop'.*use one of"),
        (confident_joint, {"thresholds": [0.5]}, r"thresholds.*\(1,\).*\(3,\): pass"),
        (confident_joint, {"thresholds": [0.5, -1, 0]}, "thresholds=.*-1.0.*pass"),
        (confident_joint, {"thresholds": [0.5, np.nan, 0]}, "thresholds=.*nan.*pass"),
    ],
)
def test_bad_options_raise_with_name_value_and_cure(function, options, message):
    with pytest.raises(ValueError, match=message):
        function(Y, PROBA, **options)


def test_noise_matrices_are_frozen():
    matrices = noise_matrices(Y, PROBA)
    with pytest.raises(AttributeError):
        matrices.prior = None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: calibrate_joint(np.eye(2), Y), r"\(2, 2\).*3 classes.*pass"),
        (lambda: calibrate_joint(-np.eye(3), Y), "joint holds -1.*0 or more"),
        (lambda: calibrate_joint(np.diag([1, 0, 1]), Y), "row of class 1.*diagonal"),
        (lambda: order_label_issues([0, 4], Y, PROBA), "mask has dtype int64.*bool"),
        (lambda: order_label_issues([True], Y, PROBA), r"shape \(1,\).*\(60,\)"),
        (lambda: ensemble_weights(Y, PROBA), r"must list .*pass \["),
        (lambda: ensemble_weights(Y, []), "must list .*length 0"),
        (lambda: ensemble_weights(Y, [PROBA], method="best"), "method='best'.*use"),
        (
            lambda: ensemble_weights([0, 1], [np.eye(2)[::-1]], method="accuracy"),
            "no model predicts a single label.*classes",
        ),
        (lambda: ensemble_proba([PROBA, PROBA[:3]]), r"shapes \[.*\(3, 3\)\]: pass"),
        (lambda: ensemble_proba([0, 1]), r"pred_probas\[0\] is of type int: pass"),
        (lambda: ensemble_proba([PROBA, 2 * PROBA]), r"pred_probas\[1\] has .*divide"),
        (
            lambda: ensemble_proba([as_frame("abc"), as_frame("bac")]),
            r"pred_probas\[1\] has the columns \['b', 'a', 'c'\].*same order",
        ),
        (lambda: ensemble_proba([PROBA], [1, 2]), r"weights.*\(2,\).*1 members: pass"),
        (lambda: ensemble_proba([PROBA], [-1]), r"weights=\[-1.0\].*0 or more"),
        (lambda: ensemble_quality_scores(Y, [PROBA], method="x"), "method='x'.*use"),
    ],
)
def test_other_bad_arguments_raise_with_name_value_and_cure(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@given(
    dtype=st.sampled_from(["i1", "u1", ">i2", "u8", "i8"]),
    at_the_top=st.booleans(),
    seed=st.integers(0, 99),
)
def test_integers_are_coded_as_sorting_codes_them(dtype, at_the_top, seed):
    limits = np.iinfo(dtype)
    y = np.random.default_rng(seed).choice([0, 1, 2, 5, 9], size=40).astype(dtype)
    y = limits.max - y if at_the_top else y + np.array(limits.min, dtype)
    classes, codes = encode_labels(y)
    expected, expected_codes = np.unique(y, return_inverse=True)
    np.testing.assert_array_equal(classes, expected)
    assert classes.dtype == expected.dtype
    np.testing.assert_array_equal(codes, expected_codes)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_fast_look_at_probabilities_refuses_what_the_exact_one_does(dtype):
    proba = np.full((50, 4), 0.25, dtype=dtype)
    for total in (1.0009, 0.9991):
        check_pred_proba(replaced(proba, 7, total / 4), 50, 4)
    for total in (1.0011, 0.9989):
        with pytest.raises(
            ValueError, match=r"sum to 1 \(row\(s\) 7 \(from 0\), first"
        ):
            check_pred_proba(replaced(proba, 7, total / 4), 50, 4)
    for values in ([1, -1e-30, 0, 0], [np.inf, -np.inf, 0, 0]):
        with pytest.raises(ValueError, match="negative values"):
            check_pred_proba(replaced(proba, 7, values), 50, 4)


def test_threshold_is_the_mean_self_confidence():
    thresholds = confident_thresholds(Y, PROBA, classes=[0, 1, 2])
    expected = [PROBA[k == Y, k].mean() for k in range(3)]
    np.testing.assert_allclose(thresholds, expected, rtol=0, atol=1e-15)
    y, proba = make_case(0, absent=2)
    assert confident_thresholds(y, proba, classes=[0, 1, 2])[2] == 2


def test_a_class_that_the_model_never_gives_has_a_threshold_above_rounding():
    y = np.array([0, 0, 1, 1, 2, 2])
    proba = np.eye(3)[[0, 0, 1, 1, 0, 1]]
    assert confident_thresholds(y, proba).tolist() == [1, 1, 2e-6]
    # no row has it as true class but the one that every class is given
    joint = confident_joint(y, proba, calibrate=False)
    assert joint[:, 2].tolist() == [0, 0, 1]
    # a probability that rounding may leave is not enough, a larger one is
    for left, n_rows in [(0.9e-6, 1), (1.1e-6, 2)]:
        proba[4] = [1 - left, 0, left]
        proba[5] = [0, 1 - left, left]
        assert confident_joint(y, proba, calibrate=False)[2, 2] == n_rows


@quickly
@given(case=cases)
def test_expected_pair_flags_half_of_the_disagreements_or_more(case):
    y, proba = case
    predicted = proba.argmax(axis=1)
    rows = np.flatnonzero(predicted != y)
    ahead, own = proba[rows, predicted[rows]], proba[rows, y[rows]]
    n_flagged = int(np.floor((ahead / (ahead + own)).sum()))
    assert rows.size / 2 - 1 < n_flagged <= rows.size
    worst = rows[np.argsort(own - ahead, kind="stable")[:n_flagged]]
    mask = find_label_issues(
        y, proba, classes=np.arange(proba.shape[1]), filter_by="expected_pair"
    )
    np.testing.assert_array_equal(np.flatnonzero(mask), np.sort(worst))


def test_limits_keep_the_worst_rows_of_a_class():
    y, proba = make_case(10, n_samples=300)
    names = np.array(["a", "b", "c"])
    every = find_label_issues(names[y], proba)
    kept = find_label_issues(names[y], proba, max_per_class={"b": 3, "c": 10_000})
    margin = label_quality_scores(y, proba, method="normalized_margin")
    rows = np.flatnonzero(every & (y == 1))
    worst = rows[np.argsort(margin[rows])[:3]]
    np.testing.assert_array_equal(np.flatnonzero(kept & (y == 1)), np.sort(worst))
    np.testing.assert_array_equal(kept[y != 1], every[y != 1])


def test_counts_are_those_of_the_flags_and_of_the_joint():
    mask = find_label_issues(Y, PROBA, filter_by="confident_learning")
    assert count_label_issues(Y, PROBA) == mask.sum()
    joint = confident_joint(Y, PROBA)
    assert count_label_issues(
        Y, PROBA, method="off_diagonal_calibrated"
    ) == joint.sum() - np.trace(joint)


def test_flags_are_ordered_worst_first():
    mask = find_label_issues(Y, PROBA)
    rows = order_label_issues(mask, Y, PROBA, method="normalized_margin")
    assert set(rows) == set(np.flatnonzero(mask))
    scores = label_quality_scores(Y, PROBA, method="normalized_margin")
    assert (np.diff(scores[rows]) >= 0).all()
    assert order_label_issues([True] * 3, [0, 1, 0], np.full((3, 2), 0.5)).tolist() == [
        *range(3)
    ]


def test_prior_methods_agree_where_the_estimates_are_exact():
    """On a calibrated joint the marginal and total probability are one."""
    y, proba = make_case(11, n_samples=500)
    prior = {m: noise_matrices(y, proba, prior_method=m).prior for m in PRIOR_METHODS}
    joint = confident_joint(y, proba)
    np.testing.assert_allclose(prior["marginal"], joint.sum(axis=0) / 500)
    for method in ("counts", "equation", "total_probability"):
        np.testing.assert_allclose(prior[method], prior["marginal"], atol=1e-9)


def test_converged_matrices_obey_bayes_rule():
    y, proba = make_case(12, n_samples=500)
    matrices = noise_matrices(y, proba, converge=True)
    joint = matrices.noise_matrix * matrices.prior
    np.testing.assert_allclose(
        matrices.inverse_noise_matrix, (joint / joint.sum(axis=1, keepdims=True)).T
    )


def test_equation_needs_classes_that_can_be_told_apart():
    with pytest.raises(ValueError, match="prior_method='equation'.*'counts'"):
        noise_matrices(
            [0, 0], [[0.9, 0.1]] * 2, classes=[0, 1], prior_method="equation"
        )


def members(seed, n_members=3):
    """Labels, and probabilities from models of unequal skill."""
    rng = np.random.default_rng(seed)
    y, proba = make_case(seed, n_samples=400)
    shares = np.linspace(0.1, 0.9, n_members)
    noise = rng.dirichlet(np.ones(3), (n_members, 400))
    return y, [s * proba + (1 - s) * q for s, q in zip(shares, noise, strict=True)]


@pytest.mark.parametrize("method", WEIGHTINGS)
def test_weights_do_not_depend_on_the_order_of_models(method):
    y, probas = members(0)
    weights = ensemble_weights(y, probas, method=method)
    assert weights.sum() == pytest.approx(1)
    assert weights.min() >= 0
    reverse = ensemble_weights(y, probas[::-1], method=method)
    np.testing.assert_allclose(reverse[::-1], weights, atol=1e-4)
    if method != "uniform":
        assert (np.diff(weights) > 0).all()


def test_stacking_has_the_least_log_loss():
    y, probas = members(1)
    own = np.column_stack([p[np.arange(400), y] for p in probas])

    def log_loss(weights):
        return -np.log(own @ weights).mean()

    least = log_loss(ensemble_weights(y, probas, method="stacking"))
    others = np.random.default_rng(0).dirichlet(np.ones(3), 200)
    assert least <= min(map(log_loss, [*others, *np.eye(3)])) + 1e-7


def test_mean_of_models_is_weighted_and_sums_to_one():
    _, probas = members(2)
    mean = ensemble_proba(probas, weights=[1, 0, 3])
    np.testing.assert_allclose(mean, 0.25 * probas[0] + 0.75 * probas[2])
    singles = [p.astype(np.float32) for p in probas]
    assert ensemble_proba(singles).dtype == np.float32
    np.testing.assert_allclose(ensemble_proba(singles), np.mean(probas, axis=0), 1e-5)
    loose = ensemble_proba([1.0009 * probas[0], probas[1]])
    np.testing.assert_allclose(loose.sum(axis=1), 1, atol=1e-12)


def test_score_of_the_mean_is_the_mean_of_self_confidences():
    y, probas = members(3)
    weights = ensemble_weights(y, probas, method="accuracy")
    np.testing.assert_allclose(
        ensemble_quality_scores(y, probas, weights=weights),
        label_quality_scores(y, ensemble_proba(probas, weights)),
    )


def test_ten_thousand_classes_need_no_square_matrix():
    n_samples, n_classes = 300, 10_000
    rng = np.random.default_rng(0)
    proba = rng.random((n_samples, n_classes), dtype=np.float32)
    true = np.repeat(rng.integers(n_classes, size=n_samples // 3), 3)
    proba[np.arange(n_samples), true] += n_classes
    proba /= proba.sum(axis=1, keepdims=True)
    y = true.copy()
    y[:20] = true[20:40]
    tracemalloc.start()
    mask = find_label_issues(y, proba, classes=np.arange(n_classes))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**25  # 4 % of a square matrix
    assert not mask[40:].any()


@quickly
@given(case=cases)
def test_adjusted_scores_are_those_of_shifted_probabilities(case):
    y, proba = case
    classes = np.arange(proba.shape[1])
    thresholds = confident_thresholds(y, proba, classes=classes)
    present = np.isin(classes, y)
    shift = np.where(present, thresholds[present].max() - thresholds, 0)
    shifted = proba + shift
    shifted /= shifted.sum(axis=1, keepdims=True)
    if not present.all():
        return  # what an absent class is shifted by is not said
    for method in ("self_confidence", "normalized_margin"):
        np.testing.assert_allclose(
            label_quality_scores(y, proba, classes=classes, method=method, adjust=True),
            label_quality_scores(y, shifted, classes=classes, method=method),
            rtol=1e-12,
        )
