"""Every function of labels and probabilities, or of a table, as a call on data."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from skdataquality import label_noise
from skdataquality.active_learning import pool_lens
from skdataquality.duplicates import (
    duplicate_groups,
    duplicate_lens,
    entity_groups,
    leakage_report,
    near_duplicate_groups,
)
from skdataquality.imbalance import imbalance_lens, minority_difficulty, weak_slices
from skdataquality.leakage import find_identifiers, target_overlap
from skdataquality.shift import (
    TargetData,
    concept_shift_test,
    decompose_performance_drop,
    shift_lens,
)

N = 60
LR = LogisticRegression()
SYMMETRIC = [[0.9, 0.1], [0.1, 0.9]]


def plain_labels():
    """Return y, a tenth of it wrong, and the probabilities of a model that is not."""
    rng = np.random.default_rng(0)
    y = np.arange(N) % 2
    p = np.clip(y * 0.6 + 0.2 + rng.normal(0, 0.2, N), 0.01, 0.99)
    y[2:8] = 1 - y[2:8]
    return y, np.column_stack([1 - p, p])


def plain_table(n=N):
    return np.random.default_rng(0).normal(size=(n, 3))


# -- functions of labels and probabilities, to numbers that do not hold labels ---------


def _of_lens(lens):
    def run(y, proba, **options):
        result = lens(y, proba, **options).to_dict()
        return result["verdict"], result["p_value"], result["numbers"]

    return run


def _noise_matrices(y, proba, **options):
    found = label_noise.noise_matrices(y, proba, **options)
    return found.noise_matrix, found.inverse_noise_matrix, found.prior


def _of_classes(function):
    """Lines of numbers, without the labels that they are about."""

    def run(y, proba, **options):
        lines = function(y, proba, **options)
        assert lines
        return [
            {key: value for key, value in line.items() if key not in LABELS}
            for line in lines
        ]

    return run


LABELS = {"class", "class_a", "class_b", "given", "true"}


def _error_rate(y, proba, **options):
    found = label_noise.label_error_rate(y, proba, random_state=0, **options)
    return found.overall, [line["rate"] for line in found.by_class]


def _outlying(y, proba, **options):
    return label_noise.out_of_distribution_scores(proba, y, **options)


def _order(y, proba, **options):
    mask = np.arange(len(proba)) % 3 == 0
    return label_noise.order_label_issues(mask, y, proba, **options)


def _ensemble_weights(y, proba, **options):
    second = np.full((N, 2), 0.5)
    probas, method = [proba, second], "accuracy"
    return label_noise.ensemble_weights(y, probas, method=method, **options)


def _ensemble_scores(y, proba, **options):
    return label_noise.ensemble_quality_scores(y, [proba, proba], **options)


def _posterior(y, proba, **options):
    return label_noise.true_label_posterior(y, proba, SYMMETRIC, **options)


def _slices(y, proba, **options):
    found = weak_slices(plain_table(np.size(y)), y, pred_proba=proba, **options)
    return [list(each.echoes) for each in found.slices], found.error, found.n_rows


ON_PROBABILITIES = {
    **{
        name: getattr(label_noise, name)
        for name in (
            "confident_joint",
            "confident_thresholds",
            "count_label_issues",
            "estimate_joint",
            "find_label_issues",
            "label_health_score",
            "label_quality_scores",
            "noise_plateau",
        )
    },
    "class_health": _of_classes(label_noise.class_health),
    "confusing_pairs": _of_classes(label_noise.confusing_pairs),
    "overlapping_classes": _of_classes(label_noise.overlapping_classes),
    "noise_matrices": _noise_matrices,
    "label_error_rate": _error_rate,
    "order_label_issues": _order,
    "out_of_distribution_scores": _outlying,
    "ensemble_weights": _ensemble_weights,
    "ensemble_quality_scores": _ensemble_scores,
    "true_label_posterior": _posterior,
    "imbalance_lens": _of_lens(imbalance_lens),
    "label_noise_lens": _of_lens(label_noise.label_noise_lens),
    "weak_slices": _slices,
}
LEAVE_ROWS_OUT = {  # that have no prediction
    "imbalance_lens",
    "label_noise_lens",
    "label_error_rate",
    "true_label_posterior",
    "weak_slices",
}

# -- functions of a table --------------------------------------------------------------

GIVEN_LABELS = np.arange(N) % 2


def labelled_target():
    return {"X_target": plain_table(), "y_target": GIVEN_LABELS, "estimator": LR}


ON_TABLES = {
    "duplicate_groups": duplicate_groups,
    "near_duplicate_groups": near_duplicate_groups,
    "duplicate_lens": duplicate_lens,
    "entity_groups": entity_groups,
    "leakage_report": lambda X: leakage_report(plain_table(), X, near=False),
    "find_identifiers": find_identifiers,
    "target_overlap": lambda X: target_overlap(X, plain_table()),
    "target_overlap, target": lambda X: target_overlap(plain_table(), X),
    "concept_shift_test": lambda X: concept_shift_test(
        X, GIVEN_LABELS, **labelled_target()
    ),
    "decompose_performance_drop": lambda X: decompose_performance_drop(
        LR, X, GIVEN_LABELS, X_target=plain_table(), y_target=GIVEN_LABELS
    ),
    "weak_slices": lambda X: weak_slices(X, GIVEN_LABELS, GIVEN_LABELS),
    "pool_lens": lambda X: pool_lens(X, GIVEN_LABELS, X_pool=plain_table()),
    "pool_lens, pool": lambda X: pool_lens(plain_table(), GIVEN_LABELS, X_pool=X),
    "shift_lens": lambda X: shift_lens(X, X_target=plain_table()),
    "shift_lens, target": lambda X: shift_lens(plain_table(), X_target=X),
    "minority_difficulty": lambda X: minority_difficulty(X, GIVEN_LABELS),
    "TargetData": TargetData,
}
