"""Samplers, weighters and the wrapper that act on flagged rows."""

from ._corrector import LabelErrorCorrector
from ._detecting_sampler import DetectingSampler
from ._pruner import LabelErrorPruner
from ._pruning import FOR_REVIEW, prune
from ._pruning_classifier import NoisePruningClassifier
from ._quality_weighter import LabelQualityWeighter
from ._soft_labels import posterior_of, true_label_posterior

__all__ = [
    "FOR_REVIEW",
    "DetectingSampler",
    "LabelErrorCorrector",
    "LabelErrorPruner",
    "LabelQualityWeighter",
    "NoisePruningClassifier",
    "posterior_of",
    "prune",
    "true_label_posterior",
]
