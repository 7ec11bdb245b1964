"""Whether the interval of a label audit covers, and what stratifying saves.

One noisy data set per setting, with out-of-fold probabilities of a logistic regression
and a forest; the audit of 200 rows is drawn again and again from it. "Feature" noise
mislabels ambiguous rows, against the assumption of the design.
"""

import numpy as np
from sklearn.datasets import load_digits, make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import columns
from skdataquality.datasets import make_label_errors
from skdataquality.label_noise import LabelAudit, label_error_rate

N_AUDITED = 200
DATA = ["digits", "synthetic"]
CV = StratifiedKFold(5, shuffle=True, random_state=0)
LINEAR = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
FOREST = RandomForestClassifier(50, min_samples_leaf=2, random_state=0)


def load(name):
    if name == "digits":
        return load_digits(return_X_y=True)
    return make_classification(
        6000,
        n_informative=8,
        n_redundant=4,
        n_classes=7,
        n_clusters_per_class=2,
        random_state=0,
    )


def proba_out_of_fold(model, X, y):
    return cross_val_predict(model, X, y, cv=CV, method="predict_proba")


def symmetric(X, y, rate):
    return make_label_errors(y, rate, random_state=0)[0]


def pair(X, y, rate):
    """Each class has one wrong label and a rate of its own."""
    rng = np.random.default_rng(0)
    n_classes = y.max() + 1
    hardness = rng.uniform(0.3, 1.7, n_classes)[y]
    wrong = (np.arange(n_classes) + rng.integers(1, n_classes, n_classes)) % n_classes
    flip = rng.random(y.size) < np.clip(rate * hardness / hardness.mean(), 0, 0.49)
    return np.where(flip, wrong[y], y)


def feature(X, y, rate):
    """Rows that look like another class get its label, the likelier the more so."""
    rng = np.random.default_rng(0)
    proba = proba_out_of_fold(LINEAR, X, y)
    proba[np.arange(y.size), y] = -1
    odds = np.exp(4 * proba.max(axis=1))
    rows = rng.choice(y.size, round(rate * y.size), replace=False, p=odds / odds.sum())
    noisy = y.copy()
    noisy[rows] = proba.argmax(axis=1)[rows]
    return noisy


NOISE = {"symmetric": symmetric, "pair": pair, "feature": feature}


def design_of(y, proba):
    """Strata and rows to draw, the same for every draw that LabelAudit.plan makes."""
    classes, codes = np.unique(y, return_inverse=True)
    covered = np.ones(y.size, dtype=bool)
    return LabelAudit(N_AUDITED)._design(codes, proba, covered, classes)


def audit_often(y, proba, is_wrong, n_audits):
    """Estimates and intervals of repeated audits: overall, then by class."""
    audit = LabelAudit(N_AUDITED, random_state=np.random.RandomState(0))
    ends = []
    for _ in range(n_audits):
        plan = audit.plan(y, proba)
        result = plan.estimate(plan.rows, is_wrong[plan.rows])
        lines = [result.overall, *(row["rate"] for row in result.by_class)]
        ends.append([(i.estimate, i.lower, i.upper) for i in lines])
    return np.array(ends)


def standard_error(is_wrong, stratum, drawn):
    """Exact, of the estimate from `drawn` random rows of each stratum."""
    sizes = np.bincount(stratum)
    share = np.bincount(stratum, weights=is_wrong) / sizes
    variance = sizes * share * (1 - share) / np.maximum(sizes - 1, 1)
    variance *= (1 - drawn / sizes) / drawn * (sizes / sizes.sum()) ** 2
    return np.sqrt(variance.sum())


def covers(ends, truth):
    return (ends[..., 1] <= truth + 1e-12) & (truth <= ends[..., 2] + 1e-12)


def measure(data, noise, rate, audits):
    X, truth = load(data)
    y = NOISE[noise](X, truth, rate)
    proba = sum(proba_out_of_fold(model, X, y) for model in (LINEAR, FOREST)) / 2
    is_wrong = y != truth
    ends = audit_often(y, proba, is_wrong, audits)
    overall, by_class = ends[:, 0], ends[:, 1:]
    class_rates = np.bincount(y, weights=is_wrong) / np.bincount(y)
    error = standard_error(is_wrong, *design_of(y, proba))
    simple = standard_error(is_wrong, np.zeros(y.size, dtype=int), N_AUDITED)
    return [
        {
            "wrong_share": is_wrong.mean(),
            "coverage": covers(overall, is_wrong.mean()).mean(),
            "bias": overall[:, 0].mean() - is_wrong.mean(),
            "sd": overall[:, 0].std(),
            "standard_error": error,
            "standard_error_simple_random": simple,
            "ratio": simple / error,
            "width": (overall[:, 2] - overall[:, 1]).mean(),
            "class_coverage": covers(by_class, class_rates).mean(),
            "class_coverage_lowest": covers(by_class, class_rates).mean(axis=0).min(),
            "class_width": (by_class[..., 2] - by_class[..., 1]).mean(),
            "model_based": label_error_rate(y, proba, random_state=0).overall.estimate,
        }
    ]


def targets(rows, quick):
    room = 4 * rows["standard_error"] / rows["audits"] ** 0.5
    least = np.where(rows["noise"] == "feature", 0.97, 1.0)
    usual = rows[(rows["noise"] != "feature") & (rows["wrong_share"] > 0.05)]
    return [
        Target("bias, worst, of its room", (rows["bias"].abs() / room).max(), 1, True),
        Target("coverage, lowest", rows["coverage"].min(), 0.93),
        Target("coverage of classes, lowest", rows["class_coverage"].min(), 0.93),
        Target("ratio of errors, lowest, of least", (rows["ratio"] / least).min(), 1),
        Target("ratio of errors, mean", usual["ratio"].mean(), 1.5),
    ]


PARTS = {
    "label_audit": Part(
        measure,
        "wrong_share coverage bias sd standard_error standard_error_simple_random "
        "ratio width class_coverage class_coverage_lowest class_width model_based",
        full=grid(data=DATA, noise=NOISE, rate=[0.01, 0.1, 0.3], audits=[400]),
        quick=grid(
            data=DATA[:1], noise=["symmetric", "pair"], rate=[0.01, 0.1], audits=[100]
        ),
        tables={
            "Share of the 95 % intervals that hold the true share of wrong labels, "
            "and their mean width: overall, and by class.": columns(
                "data noise wrong_share coverage width class_coverage "
                "class_coverage_lowest class_width"
            ),
            "Error of the estimate over the audits; `ratio`: standard error of 200 "
            "rows drawn at random over ours; `model_based`: no row verified.": columns(
                "data noise wrong_share bias sd standard_error ratio model_based"
            ),
        },
        targets=targets,
    )
}
