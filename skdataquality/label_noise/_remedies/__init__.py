"""Samplers, weighters and the wrapper that act on flagged rows."""

from skdataquality.label_noise._remedies._corrector import LabelErrorCorrector
from skdataquality.label_noise._remedies._detecting_sampler import DetectingSampler
from skdataquality.label_noise._remedies._pruner import LabelErrorPruner
from skdataquality.label_noise._remedies._pruning import FOR_REVIEW, prune
from skdataquality.label_noise._remedies._pruning_classifier import (
    NoisePruningClassifier,
)
from skdataquality.label_noise._remedies._quality_weighter import LabelQualityWeighter
from skdataquality.label_noise._remedies._soft_labels import (
    posterior_of,
    true_label_posterior,
)
