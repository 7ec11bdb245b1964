"""The numbers of confident learning are cleanlab's, count for count.

Where ties decide, cleanlab's numbers depend on the processor, whose vector instructions
numpy's default sort uses: it is compared with ours once with a stable sort, with which
everything must be equal, and once as it is, with which all but the ties must be.
"""

from functools import cache

import numpy as np
import pytest

from skdataquality.label_noise import (
    calibrate_joint,
    confident_joint,
    confident_thresholds,
    count_label_issues,
    ensemble_quality_scores,
    ensemble_weights,
    estimate_joint,
    find_label_issues,
    label_quality_scores,
    noise_matrices,
    order_label_issues,
)

pytest.importorskip("cleanlab")

from cleanlab import count, rank
from cleanlab.filter import find_label_issues as cleanlab_find_label_issues

pytestmark = [
    # cleanlab warns of every class with few rows, which many cases have on purpose.
    pytest.mark.filterwarnings("ignore:May not flag all label issues in class"),
    # It warns that the other four filters ignore frac_noise, as ours do.
    pytest.mark.filterwarnings("ignore:frac_noise and num_to_remove_per_class"),
    pytest.mark.usefixtures("stable_cleanlab"),
]
N_CASES = 200
FILTERS = (
    "prune_by_noise_rate",
    "prune_by_class",
    "both",
    "confident_learning",
    "predicted_neq_given",
    "low_self_confidence",
    "low_normalized_margin",
)


@cache
def make_case(seed):
    """Tie-free probabilities, noisy labels, often an absent class."""
    rng = np.random.default_rng(seed)
    n_samples, n_classes = int(rng.integers(30, 301)), int(rng.integers(2, 9))
    proba = rng.dirichlet(np.full(n_classes, rng.uniform(0.2, 2)), n_samples)
    y = np.array([rng.choice(n_classes, p=row) for row in proba])
    flipped = rng.random(n_samples) < rng.uniform(0, 0.4)
    y[flipped] = rng.integers(n_classes, size=flipped.sum())
    if n_classes > 2 and rng.random() < 0.4:
        absent = rng.integers(n_classes)
        y[y == absent] = (absent + 1) % n_classes
    return y, proba, int(rng.choice([1, 4])), float(rng.choice([1, 0.6]))


def assert_close(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(N_CASES))
def test_joint_and_matrices_equal_cleanlab(seed):
    y, proba, _, _ = make_case(seed)
    classes = np.arange(proba.shape[1])
    joint = count.compute_confident_joint(y, proba)
    np.testing.assert_array_equal(confident_joint(y, proba, classes=classes), joint)
    np.testing.assert_array_equal(
        confident_joint(y, proba, classes=classes, calibrate=False),
        count.compute_confident_joint(y, proba, calibrate=False),
    )
    thresholds = np.random.default_rng(seed).uniform(0, 1, classes.size)
    np.testing.assert_array_equal(
        confident_joint(y, proba, classes=classes, thresholds=thresholds),
        count.compute_confident_joint(y, proba, thresholds=thresholds),
    )
    assert_close(
        confident_thresholds(y, proba, classes=classes),
        count.get_confident_thresholds(y, proba),
    )
    assert_close(
        estimate_joint(y, proba, classes=classes), count.estimate_joint(y, proba)
    )
    uncalibrated = confident_joint(y, proba, classes=classes, calibrate=False)
    np.testing.assert_array_equal(
        calibrate_joint(uncalibrated, y, classes=classes),
        # cleanlab's last bit depends on the memory order, and so do its ties.
        count.calibrate_confident_joint(np.asfortranarray(uncalibrated), y),
    )


@pytest.mark.parametrize("seed", range(0, N_CASES, 4))
def test_counts_and_order_equal_cleanlab(seed):
    y, proba, _, _ = make_case(seed)
    classes = np.arange(proba.shape[1])
    for method in ("off_diagonal", "off_diagonal_calibrated"):
        ours = count_label_issues(y, proba, classes=classes, method=method)
        assert ours == count.num_label_issues(y, proba, estimation_method=method)
    joint = np.asfortranarray(
        np.random.default_rng(seed).integers(1, 9, 2 * [classes.size])
    )
    calibrated = calibrate_joint(joint, y, classes=classes)
    assert calibrated.sum() - np.trace(calibrated) == count.num_label_issues(
        y, proba, estimation_method="off_diagonal_custom", confident_joint=joint
    )
    mask = find_label_issues(y, proba, classes=classes)
    np.testing.assert_array_equal(
        order_label_issues(mask, y, proba, classes=classes, method="normalized_margin"),
        rank.order_label_issues(mask, y, proba, rank_by="normalized_margin"),
    )


@pytest.mark.parametrize("converge", [False, True])
@pytest.mark.parametrize(
    ("prior_method", "py_method"),
    [
        ("counts", "cnt"),
        ("equation", "eqn"),
        ("marginal", "marginal"),
        ("total_probability", "marginal_ps"),
    ],
)
def test_latent_estimates_equal_cleanlab(prior_method, py_method, converge):
    n_solved = 0
    for seed in range(0, N_CASES, 4):
        y, proba, _, _ = make_case(seed)
        joint = count.compute_confident_joint(y, proba)
        absent = np.bincount(y, minlength=joint.shape[0]).min() == 0
        if prior_method == "equation" and (absent or np.linalg.cond(joint) > 1e3):
            continue
        n_solved += 1
        prior, noise_matrix, inverse_noise_matrix = count.estimate_latent(
            joint, y, py_method=py_method, converge_latent_estimates=converge
        )
        matrices = noise_matrices(
            y,
            proba,
            classes=np.arange(joint.shape[0]),
            prior_method=prior_method,
            converge=converge,
        )
        assert_close(matrices.prior, prior)
        assert_close(matrices.noise_matrix, noise_matrix)
        assert_close(matrices.inverse_noise_matrix, inverse_noise_matrix)
    assert n_solved >= 15


@pytest.mark.parametrize("weighting", ["uniform", "accuracy", "log_loss_search", "own"])
def test_ensemble_scores_equal_cleanlab(weighting):
    for seed in range(0, N_CASES, 20):
        y, proba, _, _ = make_case(seed)
        classes = np.arange(proba.shape[1])
        if weighting == "log_loss_search" and np.unique(y).size < classes.size:
            continue  # scikit-learn's log_loss wants every class
        rng = np.random.default_rng(seed)
        other = rng.dirichlet(np.ones(classes.size), y.size)
        other[0] = np.eye(classes.size)[0]
        probas = [proba, 0.5 * proba + 0.5 * other, other]
        if weighting == "own":
            weights, options = [0.5, 0.2, 0.3], {"custom_weights": [0.5, 0.2, 0.3]}
        else:
            weights = ensemble_weights(y, probas, classes=classes, method=weighting)
            options = {}
        for method in ("self_confidence", "normalized_margin"):
            ours = ensemble_quality_scores(
                y, probas, classes=classes, method=method, weights=weights
            )
            theirs = rank.get_label_quality_ensemble_scores(
                y,
                probas,
                method=method,
                weight_ensemble_members_by="custom" if options else weighting,
                verbose=False,
                **options,
            )
            assert_close(ours, theirs)


@pytest.mark.parametrize(
    ("method", "adjust"),
    [
        ("self_confidence", False),
        ("self_confidence", True),
        ("normalized_margin", False),
        ("normalized_margin", True),
        ("confidence_weighted_entropy", False),
    ],
)
def test_scores_equal_cleanlab(method, adjust):
    for seed in range(N_CASES):
        y, proba, _, _ = make_case(seed)
        ours = label_quality_scores(
            y, proba, classes=np.arange(proba.shape[1]), method=method, adjust=adjust
        )
        theirs = rank.get_label_quality_scores(
            y, proba, method=method, adjust_pred_probs=adjust
        )
        assert_close(ours, theirs)


@pytest.mark.parametrize("seed", range(N_CASES))
def test_masks_equal_cleanlab(seed):
    y, proba, minimum, frac_noise = make_case(seed)
    for filter_by in FILTERS:
        ours = find_label_issues(
            y,
            proba,
            classes=np.arange(proba.shape[1]),
            filter_by=filter_by,
            frac_noise=frac_noise,
            min_samples_per_class=minimum,
        )
        theirs = cleanlab_find_label_issues(
            y,
            proba,
            filter_by=filter_by,
            frac_noise=frac_noise,
            min_examples_per_class=minimum,
            n_jobs=1,
        )
        np.testing.assert_array_equal(ours, theirs, err_msg=filter_by)


def test_many_classes_equal_cleanlab():
    """Few columns per label, hundreds of classes: the other way of ranking."""
    rng = np.random.default_rng(0)
    proba = rng.dirichlet(np.full(150, 0.05), 3000)
    y = np.array([rng.choice(150, p=row) for row in proba])
    for filter_by in FILTERS:
        np.testing.assert_array_equal(
            find_label_issues(y, proba, classes=np.arange(150), filter_by=filter_by),
            cleanlab_find_label_issues(y, proba, filter_by=filter_by, n_jobs=1),
            err_msg=filter_by,
        )


def tied_cells(joint, class_counts):
    """Cells whose residual equals another of their row, but for the last bits."""
    exact = joint / joint.sum(axis=1, keepdims=True) * class_counts[:, np.newaxis]
    residual = exact - np.rint(exact)
    apart = np.abs(residual[:, :, np.newaxis] - residual[:, np.newaxis])
    is_half = np.abs(residual) > 0.5 - 1e-9  # is rounded either way
    return is_half | (np.sum(apart < 1e-9, axis=2) > 1)


@pytest.mark.parametrize("n_classes", [3, 8, 20, 50, 80])
def test_all_but_ties_equal_cleanlab_on_any_processor(n_classes, monkeypatch):
    monkeypatch.undo()  # cleanlab as it is
    classes = np.arange(n_classes)
    n_equal = 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        proba = rng.dirichlet(np.full(n_classes, 0.05), 40 * n_classes)
        y = np.array([rng.choice(n_classes, p=row) for row in proba])
        flipped = rng.random(y.size) < 0.2
        y[flipped] = rng.integers(n_classes, size=flipped.sum())
        ours = confident_joint(y, proba, classes=classes)
        theirs = count.compute_confident_joint(y, proba)
        np.testing.assert_array_equal(ours.sum(axis=1), theirs.sum(axis=1))
        uncalibrated = confident_joint(y, proba, classes=classes, calibrate=False)
        tied = tied_cells(uncalibrated, np.bincount(y, minlength=n_classes))
        np.testing.assert_array_equal(ours[~tied], theirs[~tied])
        difference = np.abs(ours - theirs)
        assert difference.max() <= 1
        of_equal_counts = ~difference.any(axis=1)[y]
        n_equal += of_equal_counts.mean()
        for filter_by in FILTERS:
            ours = find_label_issues(y, proba, classes=classes, filter_by=filter_by)
            theirs = cleanlab_find_label_issues(y, proba, filter_by=filter_by, n_jobs=1)
            differ = ours != theirs
            if not filter_by.startswith(("prune", "both")):
                assert not differ.any(), filter_by
            assert not differ[of_equal_counts].any(), filter_by
            assert differ.sum() <= difference.sum(), filter_by
    assert n_equal > 2
