"""Does accuracy decay on target rows? Expected by weighting, checked by labels."""

from skdataquality.shift._ratios import why_not_trusted
from skdataquality.utils._lens import Prediction
from skdataquality.utils._stats import (
    Interval,
    bootstrap_interval,
    effective_sample_size,
    newcombe,
    proportion_interval,
)

SENTENCE = "Accuracy is lower on target rows than on held-out training rows."
FEWEST_LABELLED = 10
N_RESAMPLES = 200


def check_decay(right, weights, right_on_target, *, domain_auc, random_state=0):
    """Compare held-out accuracy with that expected, and measured, on target rows.

    ``right`` says whether each training row is predicted rightly by a model without it,
    ``right_on_target`` the same of labelled target rows, or is None; ``weights`` are
    the density ratio, which :func:`why_not_trusted` judges with ``domain_auc``. Returns
    the numbers by name, and the :class:`Prediction`.
    """
    accuracy = proportion_interval(int(right.sum()), right.shape[0])
    numbers = {"accuracy_held_out": accuracy}
    why_not = why_not_trusted(domain_auc, weights)
    change = None
    if why_not is None:
        expected = _expected(right, weights)
        change = bootstrap_interval(
            _weighted_change,
            right,
            weights,
            n_resamples=N_RESAMPLES,
            random_state=random_state,
        )
        numbers["accuracy_expected_on_target"] = expected
    if right_on_target is not None and right_on_target.shape[0] >= FEWEST_LABELLED:
        seen = proportion_interval(int(right_on_target.sum()), right_on_target.shape[0])
        numbers["accuracy_on_target"] = seen
        change = newcombe(
            int(right_on_target.sum()),
            right_on_target.shape[0],
            int(right.sum()),
            right.shape[0],
        )
    return numbers, Prediction(
        sentence=SENTENCE,
        outcome=_outcome(change),
        measured=_measured(numbers, why_not),
    )


def _expected(right, weights):
    """Weighted share of right predictions, counted as the rows that say as much."""
    share = _weighted_mean(right, weights)
    size = max(1, round(effective_sample_size(weights)))
    counted = proportion_interval(round(share * size), size)
    return Interval(
        share,
        min(counted.lower, share),
        max(counted.upper, share),
        "Clopper-Pearson of the effective sample size, importance weighted",
    )


def _weighted_mean(right, weights):
    return float(right @ weights / weights.sum())


def _weighted_change(right, weights):
    return _weighted_mean(right, weights) - float(right.mean())


def _outcome(change):
    if change is None:
        return "cannot tell"
    if change.upper < 0:
        return "confirmed"
    return "refuted" if change.lower > -0.01 else "cannot tell"


def _measured(numbers, why_not):
    said = [f"held out {numbers['accuracy_held_out'].estimate:.3f}"]
    if "accuracy_expected_on_target" in numbers:
        expected = numbers["accuracy_expected_on_target"]
        said.append(
            f"expected on target rows {expected.estimate:.3f} "
            f"[{expected.lower:.3f}, {expected.upper:.3f}] (importance weighted)"
        )
    elif why_not is not None:
        said.append(f"no weight can be trusted: {why_not}")
    if "accuracy_on_target" in numbers:
        seen = numbers["accuracy_on_target"]
        said.append(
            f"on labelled target rows {seen.estimate:.3f} "
            f"[{seen.lower:.3f}, {seen.upper:.3f}]"
        )
    return "; ".join(said)
