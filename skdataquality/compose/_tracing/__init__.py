"""Where the rows that a sampler returned come from: read or proved, never guessed."""

from skdataquality.compose._tracing._equal_rows import equal_rows
from skdataquality.compose._tracing._recorded import recorded_draws
from skdataquality.compose._tracing._trace import (
    moves_copies,
    trace_indices,
    trace_sampler,
    untraced,
)
