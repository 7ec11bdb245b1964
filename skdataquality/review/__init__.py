"""The review of labels by a person: what to check, and when to stop."""

from skdataquality.review._answers import (
    join_answers,
)
from skdataquality.review._batch import (
    ReviewBatch,
)
from skdataquality.review._label_studio import (
    from_label_studio,
    label_studio_config,
    to_label_studio,
)
from skdataquality.review._next_step import (
    NextStep,
    next_step,
)
from skdataquality.review._queue import (
    LabelReviewQueue,
)
from skdataquality.review._reviewed import (
    ReviewedLabels,
)
from skdataquality.review._rows import (
    ReviewedRows,
)
from skdataquality.review._stop import (
    ReviewStop,
)

__all__ = [
    "LabelReviewQueue",
    "NextStep",
    "ReviewBatch",
    "ReviewStop",
    "ReviewedLabels",
    "ReviewedRows",
    "from_label_studio",
    "join_answers",
    "label_studio_config",
    "next_step",
    "to_label_studio",
]
