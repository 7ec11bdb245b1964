"""Estimators and values as Python code that can be run."""

from skdataquality.utils._code._literals import literal
from skdataquality.utils._code._writer import (
    Importable,
    UnwritableError,
    as_code,
    code_or_reason,
)

__all__ = ["Importable", "UnwritableError", "as_code", "code_or_reason", "literal"]
