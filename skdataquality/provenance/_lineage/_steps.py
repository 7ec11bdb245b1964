"""One step of a fitted pipeline that edited or weighed training rows."""

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from skdataquality.lineage import Lineage
from skdataquality.utils._shown import ShownResult


@dataclass(frozen=True, eq=False, repr=False)
class TracedStep(ShownResult):
    """What one step did to the rows that reached it.

    Attributes
    ----------
    name : str
        Path of the step from the outermost estimator, its parts joined by "__"; the
        class in lower case where that is the outermost one itself.
    estimator : object
        The fitted sampler, weighter or wrapper.
    lineage : Lineage
        From the rows that reached the step to those that left it.
    sample_weight : ndarray of shape (n_out,) or None
        What the step multiplied the weights of the rows by that left it, in [0, inf);
        None if it left weights alone.

    See Also
    --------
    traced_steps : Lists them, for a fitted estimator.
    """

    name: str
    estimator: Any
    lineage: Lineage
    sample_weight: np.ndarray | None = None


def composed(steps, n_in):
    """Lineage of steps one after the other, from ``n_in`` rows."""
    lineages = [step.lineage for step in steps]
    return reduce(Lineage.then, lineages, Lineage.identity(n_in))
