"""Labelling functions: rules that vote on rows."""

from skdataquality.weak_supervision._functions._columns import lf_lookup, lf_threshold
from skdataquality.weak_supervision._functions._function import (
    LabelingFunction,
    labeling_function,
)
from skdataquality.weak_supervision._functions._models import (
    lf_classifier,
    lf_neighbors,
)
from skdataquality.weak_supervision._functions._texts import lf_keywords, lf_regex
from skdataquality.weak_supervision._functions._transformer import (
    LabelingFunctionTransformer,
)
