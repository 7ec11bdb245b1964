"""What is said, and what is not, while a model is fitted."""

from skdataquality.utils._fits._failures import explained_failures, refuse_odd_columns
from skdataquality.utils._fits._quiet import default_fit
