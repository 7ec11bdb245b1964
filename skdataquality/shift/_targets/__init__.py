"""Target rows: their handle, and how they are put beside training rows."""

from skdataquality.shift._targets._domain import PooledColumns, pool, same_columns
from skdataquality.shift._targets._labels import codes_among
from skdataquality.shift._targets._target_data import (
    TargetData,
    as_target_data,
    check_target_data,
    choose_target,
)

__all__ = [
    "PooledColumns",
    "TargetData",
    "as_target_data",
    "check_target_data",
    "choose_target",
    "codes_among",
    "pool",
    "same_columns",
]
