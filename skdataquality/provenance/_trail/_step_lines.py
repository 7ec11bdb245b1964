"""A line for each step of a trail."""

import hashlib

import numpy as np

from skdataquality.lineage import SYNTHETIC
from skdataquality.utils._code import code_or_reason


def step_line(step, name):
    """Say who a step was, and how many rows it edited."""
    lineage = step.lineage
    code, reason = code_or_reason(step.estimator)
    written = reason if code is None else code["expression"]
    copies = np.bincount(lineage.origin[lineage.origin >= 0], minlength=lineage.n_in)
    kind = type(step.estimator)
    return {
        "step": name,
        "estimator": f"{kind.__module__}.{kind.__qualname__}",
        "parameters": written,
        "parameters_hash": hashlib.sha256(written.encode()).hexdigest(),
        "rows_in": lineage.n_in,
        "rows_out": lineage.n_out,
        "dropped": int(lineage.dropped.sum()),
        "repeated": int(np.maximum(copies - 1, 0).sum()),
        "relabelled": int(lineage.relabelled.sum()),
        "made": int((lineage.origin == SYNTHETIC).sum()),
        "untraced": int(lineage.untraced.sum()),
    }
