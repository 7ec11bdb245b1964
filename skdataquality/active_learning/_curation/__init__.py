"""A diverse, balanced, duplicate-free part of a pool, by embeddings alone."""

from skdataquality.active_learning._curation._coverage import (
    CoverageCurve,
    coverage_curve,
)
from skdataquality.active_learning._curation._reference_rows import ReferenceRows
from skdataquality.active_learning._curation._selector import DiversitySelector
