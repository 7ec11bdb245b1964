"""Tables as numbers on one scale, and how near two rows come by chance."""

from skdataquality.duplicates._numbers._chance import (
    FALSE_ROWS,
    ChanceNeighbours,
    Sight,
)
from skdataquality.duplicates._numbers._cleanlab_rule import cleanlab_rule
from skdataquality.duplicates._numbers._nearest import NearestRows
from skdataquality.duplicates._numbers._numeric_rows import (
    NumericRows,
    numeric_rows,
    refuse_sparse,
)
from skdataquality.duplicates._numbers._unlikely_pairs import unlikely_pairs
