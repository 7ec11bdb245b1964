"""Does accuracy decay on target rows? Expected without labels, checked by labels."""

from skdataquality.utils._lens import Prediction
from skdataquality.utils._stats import newcombe, proportion_interval

SENTENCE = "Accuracy is lower on target rows than on held-out training rows."
FEWEST_LABELLED = 10


def check_decay(right, right_on_target=None, *, expected=None, why_not=None):
    """Compare held-out accuracy with that expected, and measured, on target rows.

    ``right`` says whether each training row is predicted rightly by a model without it,
    ``right_on_target`` the same of labelled target rows, or is None; ``expected`` is
    the Interval of accuracy there, or None, and ``why_not`` says why. Returns the
    numbers by name, and the :class:`Prediction`.
    """
    n_right, n = int(right.sum()), right.shape[0]
    numbers = {"accuracy_held_out": proportion_interval(n_right, n)}
    below = above = None
    if expected is not None:
        numbers["accuracy_expected_on_target"] = expected
        below, above = expected.lower - n_right / n, expected.upper - n_right / n
    if right_on_target is not None and right_on_target.shape[0] >= FEWEST_LABELLED:
        seen = int(right_on_target.sum()), right_on_target.shape[0]
        numbers["accuracy_on_target"] = proportion_interval(*seen)
        change = newcombe(*seen, n_right, n)
        below, above = change.lower, change.upper
    return numbers, Prediction(
        sentence=SENTENCE,
        outcome=_outcome(below, above),
        measured=_measured(numbers, why_not),
    )


def _outcome(below, above):
    """Read an interval of the change of accuracy; None is unknown."""
    if below is None or above is None:
        return "cannot tell"
    if above < 0:
        return "confirmed"
    return "refuted" if below > -0.01 else "cannot tell"


def _measured(numbers, why_not):
    said = [f"held out {numbers['accuracy_held_out'].estimate:.3f}"]
    if "accuracy_expected_on_target" in numbers:
        expected = _say(numbers["accuracy_expected_on_target"])
        said.append(f"expected on target rows {expected}")
    elif why_not:
        said.append(f"nothing is expected on target rows: {why_not}")
    if "accuracy_on_target" in numbers:
        said.append(f"on labelled target rows {_say(numbers['accuracy_on_target'])}")
    return "; ".join(said)


def _say(interval):
    return f"{interval.estimate:.3f} [{interval.lower:.3f}, {interval.upper:.3f}]"
