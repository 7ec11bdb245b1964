"""The review of labels by a person: what to check, and when to stop."""

from skdataquality.review._next_step import NextStep, next_step

__all__ = ["NextStep", "next_step"]
