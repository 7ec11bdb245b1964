"""Whether the warranty of a list of suspects holds, and how long the list gets.

"Holds" draws from rankings whose truth is known, good, useless and hostile ones, again
and again. "At the border" has one row too many that is not wrong in every list, so that
each promise is false; "inverted" begins with right rows; "good, then bad" turns from
wrong to right rows where the first list ends. "Power" flags rows of noisy tables with
:class:`~skdataquality.label_noise.LabelErrorDetector`; a person answers each row that
is asked for, and the plan is asked again after each row that is not wrong, or only
after each round.

Promises are broken about as often as the 5 % that are allowed where lists are at the
border or near it, and less elsewhere; 1000 runs tell shares from 5 % within 1.4 points.
What 50 verdicts can show of a long list depends on its first half: 99 % wrong passes
with a probability of .92, 98 % with .76, 95 % with .32; a table whose flags are right
in nine cases of ten, but in no good order, gets a list in a third of the runs ("apart",
10 % noise).
"""

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import columns
from skdataquality.datasets import make_label_errors
from skdataquality.label_noise import LabelErrorDetector, plan_warranty

SHARE = 0.9
MODELS = {
    "default": None,
    "logistic": make_pipeline(StandardScaler(), LogisticRegression(max_iter=300)),
    "neighbours": KNeighborsClassifier(15),
    "shallow tree": DecisionTreeClassifier(max_depth=3, random_state=0),
}


def review(plan, is_wrong, *, in_rounds):
    """Answer what is asked for until nothing more is; return verdicts and warranty."""
    verdicts, asked = {}, plan.rows
    while asked.size:
        for row in asked:
            verdicts[row] = bool(is_wrong[row])
            if not (in_rounds or is_wrong[row]):
                break
        asked = plan.evaluate(verdicts).next_rows
    return verdicts, plan.evaluate(verdicts)


def repeat(is_wrong, runs, n_rows, *, in_rounds=False):
    """Length, rows unseen, whether the promise is false, and verdicts of each run."""
    n = is_wrong.size
    rng, said = np.random.RandomState(0), []
    for _ in range(runs):
        plan = plan_warranty(
            np.zeros(n), np.arange(n), share=SHARE, n_rows=n_rows, random_state=rng
        )
        verdicts, found = review(plan, is_wrong, in_rounds=in_rounds)
        wrong = is_wrong[found.rows].sum()
        is_false = wrong < max(found.wrong_at_least, SHARE * found.n_rows - 1e-9)
        said.append((found.n_rows, found.n_unseen, is_false, len(verdicts)))
    return np.array(said, dtype=float).T


# -- rankings whose truth is known -----------------------------------------------------


def border(n, rng):
    not_wrong = (10 * np.arange(1, n + 1)) // 100 + 1
    return np.diff(not_wrong, prepend=0) == 0


def rising(n, rng):
    return rng.random(n) < np.linspace(0.6, 1, n)


def inverted(n, rng):
    return np.arange(n) >= 0.15 * n


def useless(n, rng):
    return rng.random(n) < 0.88


def good_then_bad(n, rng):
    return np.arange(n) < 0.5 * n


def good(n, rng):
    return rng.random(n) < 1 - 0.2 * (np.arange(n) / n) ** 2


RANKINGS = {
    "at the border": border,
    "better down the list": rising,
    "inverted": inverted,
    "no order": useless,
    "good, then bad": good_then_bad,
    "good": good,
}


def measure_holds(ranking, suspects, n_rows, runs):
    is_wrong = RANKINGS[ranking](suspects, np.random.default_rng(0))
    length, unseen, false, _ = repeat(is_wrong, runs, n_rows)
    return [
        {
            "wrong_share": is_wrong.mean(),
            "holds": 1 - false.mean(),
            "promised": np.mean(unseen > 0),
            "mean_length": length.mean(),
        }
    ]


# -- flagged rows of noisy tables ------------------------------------------------------


def load(data):
    if data == "digits":
        return load_digits(return_X_y=True)
    if data == "breast cancer":
        return load_breast_cancer(return_X_y=True)
    return make_classification(
        3000,
        n_informative=8,
        n_redundant=4,
        n_classes=3,
        class_sep=1.5 if data == "overlapping" else 2.5,
        random_state=0,
    )


def flagged(data, model, noise):
    """Whether each flagged row is wrong, the most suspicious first."""
    X, truth = load(data)
    y, is_wrong = make_label_errors(truth, noise, random_state=1)
    detector = LabelErrorDetector(MODELS[model], random_state=0).fit(X, y)
    rows = np.flatnonzero(detector.issue_mask_)
    return is_wrong[rows[np.argsort(detector.sample_scores_[rows], kind="stable")]]


def longest(is_wrong):
    """Length of the longest list from the top with the share of wrong rows."""
    share = np.cumsum(is_wrong) / np.arange(1, is_wrong.size + 1)
    return int(np.flatnonzero(share >= SHARE - 1e-12).max(initial=-1)) + 1


def measure_power(data, model, noise, n_rows, runs):
    is_wrong = flagged(data, model, noise)
    best = longest(is_wrong)
    length, unseen, false, verdicts = repeat(is_wrong, runs, n_rows)
    rounds = repeat(is_wrong, runs, n_rows, in_rounds=True)
    return [
        {
            "flagged": is_wrong.size,
            "wrong_share": is_wrong.mean(),
            "longest": best,
            "promised": np.mean(unseen > 0),
            "useful": np.mean((length > 0) & (length >= best / 2)),
            "mean_length": length.mean(),
            "verdicts": verdicts.mean(),
            "holds": 1 - false.mean(),
            "useful_in_rounds": np.mean((rounds[0] > 0) & (rounds[0] >= best / 2)),
        }
    ]


def targets_of_holds(rows, quick):
    return [Target("holds, lowest", rows["holds"].min(), 0.93)]


def targets_of_power(rows, quick):
    is_good = (rows["wrong_share"] > 0.8) & (rows["noise"] == 0.1)
    good = rows[is_good & (rows["n_rows"] == 50)]
    return [
        Target("useful, good models, 10 % noise, mean", good["useful"].mean(), 0.8),
        Target("holds, lowest", rows["holds"].min(), 0.93),
    ]


TABLES = [
    ("breast cancer", "default"),
    ("breast cancer", "logistic"),
    ("digits", "default"),
    ("digits", "logistic"),
    ("apart", "default"),
    ("overlapping", "neighbours"),
    ("overlapping", "logistic"),
    ("overlapping", "shallow tree"),
]
POWER = [
    {"data": data, "model": model, **rest}
    for data, model in TABLES
    for rest in grid(noise=[0.05, 0.1, 0.2], n_rows=[50, 100], runs=[200])
]
PARTS = {
    "holds": Part(
        measure_holds,
        "wrong_share holds promised mean_length",
        full=grid(ranking=RANKINGS, suspects=[62, 400, 3000], n_rows=[50], runs=[1000]),
        quick=grid(
            ranking=["at the border", "good"],
            suspects=[62, 400],
            n_rows=[50],
            runs=[80],
        ),
        tables={
            "Share of the runs in which 90 % or more of the promised rows are wrong or "
            "none is promised (95 % is claimed); `promised`: share of the runs with a "
            "list that goes beyond the verified rows.": columns(
                "ranking suspects wrong_share holds promised mean_length"
            )
        },
        targets=targets_of_holds,
    ),
    "power": Part(
        measure_power,
        "flagged wrong_share longest promised useful mean_length verdicts holds "
        "useful_in_rounds",
        full=POWER,
        quick=grid(
            data=["breast cancer", "digits"],
            model=["logistic"],
            noise=[0.1],
            n_rows=[50],
            runs=[20],
        ),
        tables={
            "`wrong_share`: of the flagged rows; `longest`: rows from the top of which "
            "90 % are wrong in truth; `useful`: share of the runs that promise half of "
            "this or more, `useful_in_rounds`: the same if one asks after each round "
            "only; `verdicts`: mean number of rows verified.": columns(
                "data model noise n_rows flagged wrong_share longest promised useful "
                "useful_in_rounds mean_length verdicts holds"
            )
        },
        targets=targets_of_power,
    ),
}
