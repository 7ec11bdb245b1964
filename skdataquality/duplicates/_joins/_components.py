"""Leading components of rows: few numbers a row, no distance longer than it was."""

from typing import NamedTuple

import numpy as np

from skdataquality.duplicates._joins._rows import BLOCK_CELLS
from skdataquality.utils._frames import row_blocks
from skdataquality.utils._neighbors import leading_directions, squared_norms

_REACH = 2.0**36  # radii; products of such numbers err by far less than a radius
_EDGES = 0.02, 0.98
_RELATIVE = 1e-9
N_COMPONENTS = 8


class Components(NamedTuple):
    """``points`` (n_rows, n_components); pairs within ``radius`` there are candidates.

    Distances are in the units of the rows; the radius allows for rounding.
    """

    points: np.ndarray
    radius: float


def components(rows, n_components=N_COMPONENTS):
    """Project rows on the directions in which a sample of them varies most."""
    directions = _directions(rows)[:, :n_components]
    points = np.empty((rows.shape[0], directions.shape[1]))
    longest = 0.0
    for part in row_blocks(rows.shape, BLOCK_CELLS):
        image = rows.image(part, _REACH)
        points[part] = image @ directions
        longest = max(longest, squared_norms(image).max())
    terms = rows.shape[1] + 8
    rounding = 2 * np.sqrt(longest * directions.shape[1]) * terms * 2.0**-53
    return Components(points, float(rows.radius * (1 + _RELATIVE) + rounding))


def _directions(rows):
    """Orthonormal directions of the sample, without what lies far out."""
    sample = rows.image(rows.few, _REACH)
    sample = np.clip(sample, *np.quantile(sample, _EDGES, axis=0))
    sample -= sample.mean(axis=0)
    size = sample.std(axis=0).max()
    return leading_directions(sample / size if size > 0 else sample)
