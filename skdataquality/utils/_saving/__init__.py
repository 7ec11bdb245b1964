"""What is saved of estimators: in few bytes, with the version."""

from skdataquality.utils._saving._mixin import PersistenceMixin
from skdataquality.utils._saving._packed_rows import (
    pack_parents,
    pack_rows,
    pack_values,
    parents_of_kept,
    unpack_parents,
    unpack_rows,
    unpack_values,
)

__all__ = [
    "PersistenceMixin",
    "pack_parents",
    "pack_rows",
    "pack_values",
    "parents_of_kept",
    "unpack_parents",
    "unpack_rows",
    "unpack_values",
]
