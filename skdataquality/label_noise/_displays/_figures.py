"""What the Displays of label noise share: axes, colours, names of classes."""

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skdataquality.utils._printable import printable

BLUE, ORANGE = "#0072B2", "#D55E00"  # told apart by any eyes
LONGEST_NAME = 24


def new_or_given_axes(caller, ax, width, height):
    """Return the axes to draw on, new ones of a size in inches unless given."""
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError(
            f"{caller} draws with matplotlib, which is not installed: pip install "
            f"'skdataquality[plot]'."
        ) from error
    if ax is None:
        _, ax = plt.subplots(figsize=(width, height), layout="compressed")
    return ax


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


def short_names(names):
    """Names, printable; of a long one the middle is left out, as ends often differ.

    Dollar signs are escaped, or matplotlib would read mathematics.
    """
    half = LONGEST_NAME // 2
    texts = [printable(name) for name in np.asarray(names).tolist()]
    return [
        (t if len(t) <= LONGEST_NAME else f"{t[: half - 1]}…{t[-half:]}").replace(
            "$", r"\$"
        )
        for t in texts
    ]
