"""Labels from many imperfect sources: labelling functions and annotators."""

from skdataquality.weak_supervision._annotators import (
    Consensus,
    cohen_kappa,
    crowdlab,
    fleiss_kappa,
    krippendorff_alpha,
    relabel_scores,
)
from skdataquality.weak_supervision._label_models import (
    DawidSkene,
    LabelModel,
    MajorityVote,
    OneCoin,
    TripletModel,
    WeightedVote,
)
from skdataquality.weak_supervision._votes import LongVotes

__all__ = [
    "Consensus",
    "DawidSkene",
    "LabelModel",
    "LongVotes",
    "MajorityVote",
    "OneCoin",
    "TripletModel",
    "WeightedVote",
    "cohen_kappa",
    "crowdlab",
    "fleiss_kappa",
    "krippendorff_alpha",
    "relabel_scores",
]
