"""Steps that report to scikit-learn's callbacks, and a bar of our own."""

from skdataquality.utils._progress._bar import callbacks_of
from skdataquality.utils._progress._steps import run_steps
