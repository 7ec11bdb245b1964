"""Probabilities of a rare class: the default recipe beside imbcal, on mammography.

3335 of its rows repeat the features of an earlier one; folds keep these together, on
the outside. Inside, every method has its own folds, which know nothing of them. The
remedies are bound by the wrapper, so that probabilities are those of the original class
shares; imbcal has its defaults. Scores are the mean over folds.

Boosting was repeated with other folds once the first had shown how little it and imbcal
differ.
"""

import pandas as pd
from imblearn.over_sampling import SMOTE
from imblearn.under_sampling import RandomUnderSampler
from sklearn.model_selection import StratifiedGroupKFold

from benchmarks._problem import Part, Target, grid
from benchmarks._real_tables import REAL, folder
from benchmarks.imbalance._learners import LEARNERS
from benchmarks.imbalance.recipe import scores
from skdataquality.compose import RemediedClassifier
from skdataquality.imbalance import ClassBalanceWeighter, recommended_classifier
from skdataquality.utils._duplicate_rows import duplicate_groups

try:
    from imbcal import ImbalanceCalibratedClassifier
except ImportError:  # the peer is missing
    ImbalanceCalibratedClassifier = None

N_FOLDS = 4
TODAY = ("class weights", "under-sampling", "SMOTE")  # in the wrapper


def ways(learner):
    """Name what is compared."""
    found = {
        "plain": learner,
        "class weights": RemediedClassifier(learner, ClassBalanceWeighter()),
        "under-sampling": RemediedClassifier(
            learner, RandomUnderSampler(random_state=0)
        ),
        "SMOTE": RemediedClassifier(learner, SMOTE(random_state=0)),
        "recipe": recommended_classifier(learner).set_params(random_state=0),
        "recipe for f1": recommended_classifier(learner, "f1").set_params(
            random_state=0
        ),
    }
    if ImbalanceCalibratedClassifier is not None:
        found["imbcal"] = ImbalanceCalibratedClassifier(learner, random_state=0)
    return found


def measure(learner, repeat, n_rows):
    if not folder().is_dir():
        return []
    X, y = REAL["mammography"]()
    X, y = X.to_numpy()[:n_rows], (y == "anomaly").to_numpy().astype(int)[:n_rows]
    groups = duplicate_groups(X)
    outer = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=repeat)
    splits = list(outer.split(X, y, groups))
    rows = []
    for way, model in ways(LEARNERS[learner]()).items():
        found = [scores(model.fit(X[a], y[a]), X[b], y[b]) for a, b in splits]
        rows.append({"way": way, **pd.DataFrame(found).mean()})
    return rows


def summary(rows):
    """Return means over repeats."""
    found = rows.groupby(["learner", "way"], sort=False)
    return found.mean(numeric_only=True).drop(columns="repeat").round(5).reset_index()


def targets(rows, quick):
    if quick:
        return []
    bounds, found = [], rows.groupby(["learner", "way"]).mean(numeric_only=True)
    for learner in dict.fromkeys(rows["learner"]):
        here = found.loc[learner]
        if "imbcal" in here.index:
            said, bound = f"log-loss, {learner}", here["log_loss"]["imbcal"]
            bounds.append(Target(said, here["log_loss"]["recipe"], bound, True))
        today = here["balanced_accuracy"][list(TODAY)].max()
        reached = here["balanced_accuracy"]["recipe"]
        bounds.append(Target(f"balanced accuracy, {learner}", reached, today))
    return bounds


PART = Part(
    measure,
    "way log_loss balanced_accuracy f1 matthews_corrcoef average_precision mean_proba",
    full=grid(learner=["forest"], repeat=[0], n_rows=[11183])
    + grid(learner=["boosting"], repeat=[0, 1], n_rows=[11183]),
    quick=grid(learner=["boosting"], repeat=[0], n_rows=[2000]),
    tables={"Mammography": summary},
    targets=targets,
)
