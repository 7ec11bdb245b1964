"""What all Displays share: axes, colours, names."""

import numpy as np

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


def short_names(names, longest=LONGEST_NAME):
    """Names, printable; of a long one the middle is left out, as ends often differ.

    Dollar signs are escaped, or matplotlib would read mathematics.
    """
    half = longest // 2
    texts = [printable(name) for name in np.asarray(names).tolist()]
    return [
        (t if len(t) <= longest else f"{t[: half - 1]}…{t[-half:]}").replace("$", r"\$")
        for t in texts
    ]
