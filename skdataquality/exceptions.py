"""Warnings of the package; its errors are :class:`ValueError` or derive from it.

What the user's own estimators, splitters and metrics warn of passes through as it is,
and so does scikit-learn's ``DataConversionWarning`` of a column of labels, which its
conventions ask for.
"""

from sklearn.exceptions import ConvergenceWarning

__all__ = [
    "ClassKeptWarning",
    "ColumnOrderWarning",
    "ColumnsKeptWarning",
    "CopiedRowsWarning",
    "DataQualityWarning",
    "FeatureDependentNoiseWarning",
    "FewFoldsWarning",
    "FewNeighborsWarning",
    "InSampleProbabilitiesWarning",
    "IndexMismatchWarning",
    "LabelingFunctionWarning",
    "LookAlikeLabelsWarning",
    "NotConvergedWarning",
    "OverlapWarning",
    "PoolExhaustedWarning",
    "PriorNotCalibratedWarning",
    "RepeatedVoteWarning",
    "SingleVotesWarning",
    "SingularNoiseWarning",
    "UnevenFoldsWarning",
    "UnfitLabelModelWarning",
    "UnknownRowsWarning",
    "UnknownSourceWarning",
    "UnlabelledRowsWarning",
    "UnmetQuotaWarning",
    "VersionMismatchWarning",
    "WeakModelWarning",
    "WorseThanChanceWarning",
]


class DataQualityWarning(UserWarning):
    """Base of every warning raised here; filter it to silence them all."""


class ClassKeptWarning(DataQualityWarning):
    """A remedy wanted to remove a class; the minimum number of its rows was kept."""


class ColumnOrderWarning(DataQualityWarning):
    """The columns of probabilities fit the labels much better in another order."""


class ColumnsKeptWarning(DataQualityWarning):
    """Every column looks like a leak, so none was dropped."""


class CopiedRowsWarning(DataQualityWarning):
    """Rows of a class repeat others, so rows made between them are copies again."""


class FeatureDependentNoiseWarning(DataQualityWarning):
    """Errors depend on the features: flagged rows are for review, not for deletion."""


class FewFoldsWarning(DataQualityWarning):
    """The rarest class has fewer rows than folds, so fewer folds are used."""


class FewNeighborsWarning(DataQualityWarning):
    """A class has fewer rows than neighbours asked for, so fewer are used."""


class InSampleProbabilitiesWarning(DataQualityWarning):
    """Probabilities look as if the model had seen the very rows it predicts."""


class IndexMismatchWarning(DataQualityWarning):
    """X and y are pandas objects with different indices; rows match by position."""


class LabelingFunctionWarning(DataQualityWarning):
    """A labelling function raised on some rows and abstained there."""


class LookAlikeLabelsWarning(DataQualityWarning):
    """Two labels differ by case, blanks or unicode form only."""


class NotConvergedWarning(DataQualityWarning, ConvergenceWarning):
    """A solver stopped before it was done."""


class OverlapWarning(DataQualityWarning):
    """Training and target data hardly overlap: weights rest on very few rows."""


class PoolExhaustedWarning(DataQualityWarning):
    """Fewer rows are left to choose from than were asked for; all of them are taken."""


class PriorNotCalibratedWarning(DataQualityWarning):
    """Probabilities need calibration on held-out rows, of which there are too few."""


class RepeatedVoteWarning(DataQualityWarning):
    """A source votes several times on one row; its last vote counts."""


class SingleVotesWarning(DataQualityWarning):
    """No row has two votes: who is right cannot be told from votes."""


class SingularNoiseWarning(DataQualityWarning):
    """An estimated noise matrix gives some true classes the same labels."""


class UnevenFoldsWarning(DataQualityWarning):
    """One group holds more rows than a fold should, so the folds differ in size."""


class UnfitLabelModelWarning(DataQualityWarning):
    """A fitted label model contradicts most votes; another may suit them better."""


class UnknownRowsWarning(DataQualityWarning):
    """Rows that a person has reviewed are not recognised in the training rows."""


class UnknownSourceWarning(DataQualityWarning):
    """Votes are left out, of sources not seen in fit, or matched without names."""


class UnlabelledRowsWarning(DataQualityWarning):
    """Labels look like marks of rows without a label, and are taken for a class."""


class UnmetQuotaWarning(DataQualityWarning):
    """A class has too few rows for its quota; other classes got what is left."""


class VersionMismatchWarning(DataQualityWarning):
    """An estimator was saved by another version of this package than loads it."""


class WeakModelWarning(DataQualityWarning):
    """Most labels that look wrong contradict a model which errs as often by itself."""


class WorseThanChanceWarning(DataQualityWarning):
    """Sources are judged to be wrong more often than chance would be."""
