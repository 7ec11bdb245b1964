"""How a comparison is shown: rows, words, tables, a figure."""

from skdataquality.model_selection._shown._display import RemedyComparisonDisplay
from skdataquality.model_selection._shown._rows import NOTHING
from skdataquality.model_selection._shown._shown_comparison import ShownComparison
from skdataquality.model_selection._shown._thresholds import kinds_of

__all__ = ["NOTHING", "RemedyComparisonDisplay", "ShownComparison", "kinds_of"]
