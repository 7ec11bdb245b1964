"""The verdict of the whole lens: how often it is raised, and which kinds it names."""

from collections import Counter

import numpy as np
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from benchmarks._problem import Part, Target, grid
from benchmarks._tables import columns
from benchmarks.shift import _lens_designs as designs
from skdataquality.datasets import clean_families, make_clean_table
from skdataquality.shift import shift_lens

FIRST_SEED = 10_000
MANY, SOME, FEW = 500, 10, 6
KINDS = ("covariate", "label prior", "concept")
VERDICTS = ("found", "suspect", "cannot tell", "clear")
FAMILIES = [family for half in clean_families().values() for family in half]
ALIKE = "mixed columns"
BOTH = ("covariate", "label prior")
MEANT = {  # what kinds may be named; where features move y, class shares differ, too
    "none": [()],
    "none, labelled": [()],
    "covariate, unrelated to y": [("covariate",)],
    "covariate, informative": [("covariate",), BOTH],
    "covariate, informative, labelled": [("covariate",), BOTH],
    "class shares, half to .8": [("label prior",)],
    "class shares, .1 to .4": [("label prior",)],
    "concept, labelled": [("concept",)],
    "covariate + concept, labelled": [("covariate", "concept")],
}


def model():
    """Return a model of numbers and categories that is fitted fast."""
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    return make_pipeline(
        make_column_transformer(
            (numbers, make_column_selector(dtype_include=["number", "bool"])),
            (
                OneHotEncoder(handle_unknown="ignore"),
                make_column_selector(dtype_exclude=["number", "bool"]),
            ),
        ),
        LogisticRegression(),
    )


def shares(lenses):
    counted = Counter(lens.verdict for lens in lenses)
    return {v.replace(" ", "_"): counted[v] / len(lenses) for v in VERDICTS}


def measure_null(table, rows, runs):
    lenses = []
    for seed in range(FIRST_SEED, FIRST_SEED + runs):
        if table == ALIKE:
            X, y, X_target = designs.draw_alike(seed, rows, 10)
            known = {}
        else:
            X, y, X_target, known = split_family(table, rows, seed)
        lenses.append(shift_lens(X, y, X_target=X_target, estimator=model(), **known))
    return [shares(lenses)]


def split_family(family, rows, seed):
    """Draw a clean table and set a third of its rows, drawn at random, apart."""
    drawn = make_clean_table(family, n_samples=rows, random_state=seed)
    order = np.random.default_rng(seed).permutation(len(drawn.y))
    theirs, ours = np.split(order, [len(order) // 3])
    known = {}
    if drawn.groups is not None:
        known = {"groups": drawn.groups[ours], "groups_target": drawn.groups[theirs]}
    X = drawn.X
    return X.iloc[ours], drawn.y[ours], X.iloc[theirs], known


def measure_kinds(design, rows, runs):
    lenses, expected = [], []
    for seed in range(FIRST_SEED, FIRST_SEED + runs):
        X, y, X_target, y_target = designs.draw(design, seed, rows)
        lenses.append(
            shift_lens(
                X,
                y,
                X_target=X_target,
                y_target=y_target,
                estimator=LogisticRegression(),
            )
        )
        lines = lenses[-1].evidence.get("class shares", [])
        expected += [any(line.get("expected_target_share") for line in lines)]
    named = Counter(kind for lens in lenses for kind in lens.kinds)
    as_meant = [lens.kinds in MEANT[design] for lens in lenses]
    return [
        shares(lenses)
        | {kind.replace(" ", "_"): named[kind] / runs for kind in KINDS}
        | {"named_as_meant": np.mean(as_meant), "shares_expected": np.mean(expected)}
    ]


def measure_series(correlation, rows, moved, times, runs):
    lenses = []
    for seed in range(FIRST_SEED, FIRST_SEED + runs):
        X, y, X_target = designs.draw_series(seed, rows, correlation, moved)
        order = np.arange(rows)
        known = {"time": order, "time_target": rows + order}
        lenses.append(
            shift_lens(
                X,
                y,
                X_target=X_target,
                estimator=LogisticRegression(),
                **known if times == "given" else {},
            )
        )
    return [shares(lenses)]


def null_targets(rows, quick):
    if quick:
        return []
    raised = rows["found"] + rows["suspect"]
    alike = rows["table"] == ALIKE
    clean = np.average(raised[~alike], weights=rows["runs"][~alike])
    return [
        Target("suspect or worse, alike", raised[alike].max(), 0.07, True),
        Target("suspect or worse, clean families", clean, 0.05, True),
    ]


def kind_targets(rows, quick):
    if quick:
        return []
    nothing = rows["design"].str.startswith("none")
    raised = rows["found"] + rows["suspect"]
    loud = rows[~nothing & (rows["rows"] == max(rows["rows"]))]
    return [
        Target("suspect or worse without shift", raised[nothing].max(), 0.07, True),
        Target("named as meant, least", loud["named_as_meant"].min(), 0.8),
    ]


def series_targets(rows, quick):
    if quick:
        return []
    alike, moved = rows[rows["moved"] == 0], rows[rows["moved"] > 0]
    raised = alike["found"] + alike["suspect"]
    return [
        Target("found where series go on, most", alike["found"].max(), 0.05, True),
        Target("suspect or worse there, mean", raised.mean(), 0.07, True),
        Target("found where the level moved", moved["found"].min(), 0.8),
    ]


SAID = "found suspect cannot_tell clear"
NULL = Part(
    measure_null,
    SAID,
    full=[
        *grid(table=[ALIKE], rows=[300], runs=[MANY]),
        *grid(table=FAMILIES, rows=[450], runs=[FEW]),
    ],
    quick=grid(table=[ALIKE, "categories"], rows=[120], runs=[2]),
    tables={
        "Share of runs with each verdict, where nothing differs. The first are tables "
        "of ten columns, with missing cells and categories; the others clean tables of "
        "which a third, drawn at random, are the target rows (bundled tables may have "
        "fewer rows).": columns(f"table rows runs {SAID}")
    },
    targets=null_targets,
)
KINDS_NAMED = Part(
    measure_kinds,
    f"{SAID} covariate label_prior concept named_as_meant shares_expected",
    full=grid(design=list(designs.DESIGNS), rows=[300, 1000], runs=[SOME]),
    quick=grid(design=["class shares, half to .8"], rows=[200], runs=[2]),
    tables={
        "Share of runs with each verdict, of those in which each kind is named, and of "
        "those in which the kinds are those of the design. `rows` are those of each "
        f"side; labelled: of {designs.LABELLED} target rows. `shares_expected`: share "
        "of runs in which class shares of target rows are given.": columns(
            f"design rows runs {SAID} covariate label_prior concept named_as_meant "
            "shares_expected"
        )
    },
    targets=kind_targets,
)
SERIES = Part(
    measure_series,
    SAID,
    full=[
        *grid(
            correlation=[0.5, 0.9, 0.98],
            rows=[500],
            moved=[0],
            times=["given", "not given"],
            runs=[SOME],
        ),
        *grid(
            correlation=[0.5, 0.9],
            rows=[500],
            moved=[2],
            times=["given", "not given"],
            runs=[SOME],
        ),
    ],
    quick=grid(correlation=[0.9], rows=[150], moved=[0], times=["given"], runs=[2]),
    tables={
        "Share of runs with each verdict, of rows of a stationary series (lag-one "
        "correlation) whose second half are the target rows; `moved` is how far one "
        "column is moved there, in standard deviations.": columns(
            f"correlation rows moved times runs {SAID}"
        )
    },
    targets=series_targets,
)
