"""Annotators: do they agree, what is the consensus, and whom to ask next."""

from skdataquality.weak_supervision._annotators._agreement import (
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
)
from skdataquality.weak_supervision._annotators._public import crowdlab, relabel_scores
from skdataquality.weak_supervision._annotators._result import Consensus

__all__ = [
    "Consensus",
    "cohen_kappa",
    "crowdlab",
    "fleiss_kappa",
    "krippendorff_alpha",
    "relabel_scores",
]
