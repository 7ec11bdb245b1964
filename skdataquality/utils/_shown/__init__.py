"""Results as people see them: few lines, of columns that fit a terminal."""

from skdataquality.utils._shown._result import (
    Shown,
    ShownResult,
    html_facts,
    on_few_lines,
)
from skdataquality.utils._shown._width import (
    WIDTH,
    columns_of,
    cut,
    padded,
    wrapped,
)

__all__ = [
    "WIDTH",
    "Shown",
    "ShownResult",
    "columns_of",
    "cut",
    "html_facts",
    "on_few_lines",
    "padded",
    "wrapped",
]
