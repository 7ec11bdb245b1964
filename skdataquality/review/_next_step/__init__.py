"""Where the next hour of a person pays most: :func:`next_step`."""

from skdataquality.review._next_step._next_step import next_step
from skdataquality.review._next_step._result import NextStep
