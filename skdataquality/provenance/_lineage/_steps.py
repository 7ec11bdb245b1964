"""One step of a fitted pipeline that edited or weighed training rows."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.lineage import Lineage


@dataclass(frozen=True, eq=False)
class TracedStep:
    """What one step did to the rows that reached it.

    Attributes
    ----------
    name : str
        Path of the step from the outermost estimator, its parts joined by "__".
    estimator : object
        The fitted sampler, weighter or wrapper.
    lineage : Lineage
        From the rows that reached the step to those that left it.
    sample_weight : ndarray of shape (n_out,) or None
        What the step made of the weights of the rows that left it; None if nothing.
    """

    name: str
    estimator: Any
    lineage: Lineage
    sample_weight: np.ndarray | None = None
