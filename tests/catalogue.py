"""Instances of every public estimator, for the tests that run over all of them."""

import numpy as np
from imblearn.over_sampling import RandomOverSampler
from imblearn.under_sampling import RandomUnderSampler
from sklearn.linear_model import BayesianRidge, LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeRegressor

from skdataquality.active_learning import (
    BadgeQuery,
    CommitteeQuery,
    DiverseMarginQuery,
    DiversitySelector,
    KCenterQuery,
    RandomQuery,
    TypicalityQuery,
    UncertaintyQuery,
)
from skdataquality.compose import (
    RemediedClassifier,
    RemediedRegressor,
    RemedyChain,
    UsableColumns,
)
from skdataquality.duplicates import Deduplicator, DuplicateDetector
from skdataquality.imbalance import (
    SMOTE,
    ClassBalanceWeighter,
    EditedNearestNeighbours,
    LogitAdjustedClassifier,
    TomekLinks,
    TunedOffsetClassifierCV,
    recommended_classifier,
)
from skdataquality.label_noise import (
    ForwardCorrectedLogisticRegression,
    KNNOutlierDetector,
    LabelErrorCorrector,
    LabelErrorDetector,
    LabelErrorPruner,
    LabelQualityWeighter,
    NoisePruningClassifier,
    RegressionErrorDetector,
    RegressionErrorPruner,
)
from skdataquality.leakage import LeakyColumnSelector
from skdataquality.provenance import ErrorAttribution, TrackedPipeline
from skdataquality.review import LabelReviewQueue, ReviewedLabels
from skdataquality.shift import (
    DiscriminatorWeighter,
    ImportanceResampler,
    KLIEPWeighter,
    KMMWeighter,
    LabelShiftClassifier,
    LabelShiftEstimator,
    LabelShiftWeighter,
    RuLSIFWeighter,
    ShiftDetector,
    ShiftWeightedClassifier,
    ShiftWeightedRegressor,
    TargetData,
    ULSIFWeighter,
)
from skdataquality.weak_supervision import (
    DawidSkene,
    LabelingFunctionTransformer,
    LabelModel,
    MajorityVote,
    MultiAnnotatorClassifier,
    OneCoin,
    TripletModel,
    WeaklySupervisedClassifier,
    WeightedVote,
    lf_threshold,
)

FAST_DETECTOR = LabelErrorDetector(
    LogisticRegression(), cv=3, filter_by="predicted_neq_given", random_state=0
)
FAST_TARGET_DETECTOR = RegressionErrorDetector(
    LinearRegression(), cv=2, n_rounds=1, random_state=0
)
TARGET = TargetData(np.random.default_rng(0).normal(0.5, 1, size=(80, 5)))
FAST_WEIGHTER = DiscriminatorWeighter(
    LogisticRegression(), X_target=TARGET, cv=2, random_state=0
)

SAMPLERS = [
    Deduplicator(),
    LabelErrorPruner(FAST_DETECTOR),
    LabelErrorCorrector(FAST_DETECTOR),
    ImportanceResampler(random_state=0),
    TomekLinks(),
    EditedNearestNeighbours(),
    EditedNearestNeighbours(kind_sel="mode"),
    SMOTE(random_state=0),
    DiversitySelector(0.5),
    DiversitySelector(0.3, balance="uniform"),
    ReviewedLabels(),
]
NUMBER_SAMPLERS = [RegressionErrorPruner(FAST_TARGET_DETECTOR, target_type="discrete")]
WEIGHTERS = [
    ClassBalanceWeighter(),
    ClassBalanceWeighter("effective"),
    ClassBalanceWeighter("inverse_sqrt"),
    ClassBalanceWeighter(strength=0.5),
    DiscriminatorWeighter(random_state=0),
    DiscriminatorWeighter("auto", clip=0.99),
    KLIEPWeighter(random_state=0),
    KMMWeighter(random_state=0),
    RuLSIFWeighter(random_state=0),
    ULSIFWeighter(random_state=0),
    LabelQualityWeighter(FAST_DETECTOR),
    LabelShiftWeighter(LogisticRegression(), random_state=0),
]
SHARES = [LabelShiftEstimator(LogisticRegression(), random_state=0)]
DETECTORS = [
    FAST_DETECTOR,
    FAST_TARGET_DETECTOR,
    DuplicateDetector(),
    DuplicateDetector("exact"),
    KNNOutlierDetector(),
    KNNOutlierDetector(5, metric="cosine", contamination=0.1),
    ShiftDetector(random_state=0),
]
ATTRIBUTIONS = [ErrorAttribution(random_state=0), ErrorAttribution(max_order=1)]
REVIEW_QUEUES = [
    LabelReviewQueue(LogisticRegression(), cv=3, n_rounds=1, random_state=0)
]
CLASSIFIERS = [
    ForwardCorrectedLogisticRegression(0.2),
    ForwardCorrectedLogisticRegression(cv=2, random_state=0),
]
QUERY_STRATEGIES = [
    BadgeQuery(random_state=0),
    DiverseMarginQuery(random_state=0),
    KCenterQuery(random_state=0),
    CommitteeQuery(n_members=3, random_state=0),
    RandomQuery(random_state=0),
    TypicalityQuery(random_state=0),
    UncertaintyQuery(random_state=0),
]
NUMBER_QUERY_STRATEGIES = [
    CommitteeQuery(DecisionTreeRegressor(), n_members=3, random_state=0),
]
LABEL_MODELS = [
    MajorityVote(),
    MajorityVote(tie="abstain"),
    WeightedVote(),
    DawidSkene(),
    OneCoin(),
    LabelModel(),
    TripletModel(),
]
TRANSFORMERS = [
    LeakyColumnSelector(),
    LeakyColumnSelector(("identifier", "index")),
    UsableColumns(),
    UsableColumns(moments="seconds"),
    LabelingFunctionTransformer(
        [lf_threshold(0, 1, above=0), lf_threshold(0, 0, below=1)], classes=[0, 1]
    ),
]
# rows that it makes belong to no group, so not every host will do
MAKES_ROWS = RemediedClassifier(
    LogisticRegression(), SMOTE(k_neighbors=2, random_state=0), calibration=None
)
WRAPPERS = [
    RemediedClassifier(LogisticRegression()),
    RemediedClassifier(LogisticRegression(), ClassBalanceWeighter()),
    RemediedClassifier(
        GaussianNB(), ClassBalanceWeighter(), decision="proba", calibration=2
    ),
    RemediedClassifier(LogisticRegression(), Deduplicator()),
    RemediedClassifier(LogisticRegression(), RandomUnderSampler(random_state=0)),
    RemediedClassifier(LogisticRegression(), RandomOverSampler(random_state=0)),
    RemediedClassifier(
        LogisticRegression(), RemedyChain([Deduplicator(), ClassBalanceWeighter()])
    ),
    RemediedClassifier(RemediedClassifier(LogisticRegression()), Deduplicator()),
    NoisePruningClassifier(LogisticRegression(), detector=FAST_DETECTOR),
    NoisePruningClassifier(
        LogisticRegression(), detector=FAST_DETECTOR, strategy="relabel"
    ),
    NoisePruningClassifier(
        LogisticRegression(), detector=FAST_DETECTOR, strategy="reweight"
    ),
    NoisePruningClassifier(
        LogisticRegression(), detector=FAST_DETECTOR, strategy="soft"
    ),
    NoisePruningClassifier(LogisticRegression(), strategy="none"),
    ShiftWeightedClassifier(LogisticRegression(), random_state=0),
    LabelShiftClassifier(LogisticRegression(), random_state=0),
    LogitAdjustedClassifier(LogisticRegression()),
    TunedOffsetClassifierCV(LogisticRegression(), random_state=0),
    recommended_classifier(LogisticRegression(), random_state=0),
    TunedOffsetClassifierCV(
        LinearSVC(), scoring="f1_macro", calibration=None, cv=2, random_state=0
    ),
    WeaklySupervisedClassifier(None, estimator=LogisticRegression()),
    MultiAnnotatorClassifier(LogisticRegression(), cv=2, random_state=0),
    RemediedRegressor(LinearRegression()),
    RemediedRegressor(LinearRegression(), Deduplicator()),
    RemediedRegressor(BayesianRidge(), RegressionErrorPruner(FAST_TARGET_DETECTOR)),
    ShiftWeightedRegressor(LinearRegression(), random_state=0),
]
WRAPPERS_WITH_TARGET = [  # the target rows have five columns
    NoisePruningClassifier(
        ShiftWeightedClassifier(
            RemediedClassifier(LogisticRegression(), ClassBalanceWeighter()),
            weighter=FAST_WEIGHTER,
        ),
        detector=FAST_DETECTOR,
    ),
    RemediedClassifier(
        LogisticRegression(),
        DiscriminatorWeighter(LogisticRegression(), X_target=TARGET, random_state=0),
    ),
    ShiftWeightedClassifier(LogisticRegression(), weighter=FAST_WEIGHTER),
    ShiftWeightedClassifier(
        LogisticRegression(),
        weighter=LabelShiftWeighter(LogisticRegression(), random_state=0),
        X_target=TARGET,
    ),
    LabelShiftClassifier(LogisticRegression(), X_target=TARGET, random_state=0),
    ShiftWeightedClassifier(
        LogisticRegression(), weighter=ULSIFWeighter(random_state=0), X_target=TARGET
    ),
    ShiftWeightedRegressor(
        LinearRegression(),
        weighter=DiscriminatorWeighter(LogisticRegression(), random_state=0),
        X_target=TARGET,
    ),
]
PIPELINES = [
    TrackedPipeline(
        [("more", RandomOverSampler(random_state=0)), ("clf", LogisticRegression())]
    ),
]
CHAINS = [
    RemedyChain([ClassBalanceWeighter()]),
    RemedyChain([Deduplicator(), None]),
]
SAMPLER_CHAINS = [
    RemedyChain([Deduplicator(), None, LabelErrorPruner(FAST_DETECTOR)]),
    RemedyChain(
        [("twins", Deduplicator()), ("more", RandomOverSampler(random_state=0))]
    ),
]

DEFAULTS = [  # two folds, which is faster
    RemediedClassifier(),
    RemediedRegressor(),
    NoisePruningClassifier(
        detector=LabelErrorDetector(cv=2, random_state=0), random_state=0
    ),
    LabelErrorDetector(cv=2, random_state=0),
]
