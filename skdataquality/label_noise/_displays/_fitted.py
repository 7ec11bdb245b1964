"""What Displays read from a detector: that it is fitted and has it."""

from sklearn.utils.validation import check_is_fitted


def check_fitted_detector(detector, caller, *attributes):
    """Refuse what is not fitted or has not the attributes of a detector."""
    check_is_fitted(detector)
    missing = [name for name in attributes if not hasattr(detector, name)]
    if missing:
        raise ValueError(
            f"{caller} reads {', '.join(missing)}, which {detector!r} does not have: "
            f"pass a fitted LabelErrorDetector (for a NoisePruningClassifier its "
            f"detector_), or use from_predictions."
        )
