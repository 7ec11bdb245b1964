"""The label behind the votes: models that weigh sources without knowing the truth."""

from skdataquality.weak_supervision._label_models._base import BaseLabelModel
from skdataquality.weak_supervision._label_models._dawid_skene import DawidSkene
from skdataquality.weak_supervision._label_models._given import unfitted
from skdataquality.weak_supervision._label_models._intervals import accuracy_intervals
from skdataquality.weak_supervision._label_models._label_model import LabelModel
from skdataquality.weak_supervision._label_models._majority import MajorityVote
from skdataquality.weak_supervision._label_models._one_coin import OneCoin
from skdataquality.weak_supervision._label_models._triplet import TripletModel
from skdataquality.weak_supervision._label_models._weighted import WeightedVote

__all__ = [
    "BaseLabelModel",
    "DawidSkene",
    "LabelModel",
    "MajorityVote",
    "OneCoin",
    "TripletModel",
    "WeightedVote",
    "accuracy_intervals",
    "unfitted",
]
