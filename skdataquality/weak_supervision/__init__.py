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
from skdataquality.weak_supervision._functions import (
    LabelingFunction,
    LabelingFunctionTransformer,
    labeling_function,
    lf_classifier,
    lf_keywords,
    lf_lookup,
    lf_neighbors,
    lf_regex,
    lf_threshold,
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
from skdataquality.weak_supervision._unlabeled_data import UnlabeledData
from skdataquality.weak_supervision._votes import LongVotes
from skdataquality.weak_supervision._weakly_supervised import WeaklySupervisedClassifier

__all__ = [
    "AnnotatorLensResult",
    "Consensus",
    "DawidSkene",
    "LFSummary",
    "LFSummaryDisplay",
    "LabelModel",
    "LabelingFunction",
    "LabelingFunctionTransformer",
    "LongVotes",
    "MajorityVote",
    "MultiAnnotatorClassifier",
    "OneCoin",
    "TripletModel",
    "UnlabeledData",
    "WeaklySupervisedClassifier",
    "WeightedVote",
    "annotator_lens",
    "cohen_kappa",
    "consensus",
    "crowdlab",
    "fleiss_kappa",
    "krippendorff_alpha",
    "labeling_function",
    "lf_classifier",
    "lf_keywords",
    "lf_lookup",
    "lf_neighbors",
    "lf_regex",
    "lf_summary",
    "lf_threshold",
    "relabel_scores",
]
