"""Which rows have a label: marks of unlabelled rows, read one way everywhere."""

from skdataquality.active_learning._marks._guards import (
    refuse_unlabelled,
    warn_of_marks,
)
from skdataquality.active_learning._marks._part_labels import (
    PartLabels,
    labeled_mask,
    read_part_labels,
)
from skdataquality.active_learning._marks._part_numbers import (
    PartNumbers,
    read_part_numbers,
)
