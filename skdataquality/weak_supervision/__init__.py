"""Labels from many imperfect sources: labelling functions and annotators."""

from skdataquality.weak_supervision._annotator_lens import (
    AnnotatorLensResult,
    annotator_lens,
)
from skdataquality.weak_supervision._annotators import (
    Consensus,
    cohen_kappa,
    consensus,
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
from skdataquality.weak_supervision._multi_annotator import MultiAnnotatorClassifier
from skdataquality.weak_supervision._summary import LFSummary, lf_summary
from skdataquality.weak_supervision._summary_display import LFSummaryDisplay
from skdataquality.weak_supervision._votes import LongVotes

__all__ = [
    "AnnotatorLensResult",
    "Consensus",
    "DawidSkene",
    "LFSummary",
    "LFSummaryDisplay",
    "LabelModel",
    "LongVotes",
    "MajorityVote",
    "MultiAnnotatorClassifier",
    "OneCoin",
    "TripletModel",
    "WeightedVote",
    "annotator_lens",
    "cohen_kappa",
    "consensus",
    "crowdlab",
    "fleiss_kappa",
    "krippendorff_alpha",
    "lf_summary",
    "relabel_scores",
]
