"""Labels from many imperfect sources: labelling functions and annotators."""

from skdataquality.weak_supervision._votes import LongVotes

__all__ = ["LongVotes"]
