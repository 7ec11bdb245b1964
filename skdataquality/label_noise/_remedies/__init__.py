"""Samplers, weighters and the wrapper that act on flagged rows."""

from skdataquality.label_noise._remedies._pruning import FOR_REVIEW, prune
from skdataquality.label_noise._remedies._pruning_classifier import (
    NoisePruningClassifier,
)
from skdataquality.label_noise._remedies._quality_weighter import LabelQualityWeighter
from skdataquality.label_noise._remedies._samplers import (
    DetectingSampler,
    LabelErrorCorrector,
    LabelErrorPruner,
)
from skdataquality.label_noise._remedies._soft_labels import (
    posterior_of,
    true_label_posterior,
)
