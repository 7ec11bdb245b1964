"""Labels from many imperfect sources: labelling functions and annotators."""

from skdataquality.weak_supervision._annotators import (
    Consensus,
    cohen_kappa,
    crowdlab,
    fleiss_kappa,
    krippendorff_alpha,
    relabel_scores,
)
from skdataquality.weak_supervision._votes import LongVotes

__all__ = [
    "Consensus",
    "LongVotes",
    "cohen_kappa",
    "crowdlab",
    "fleiss_kappa",
    "krippendorff_alpha",
    "relabel_scores",
]
