"""How long it takes to apply three labelling functions to a column of texts.

The same three rules, a word, two words and a length, as functions of one text, as
functions of a row of a data frame, by vectorised string methods of pandas, and
ready-made. Beside them rows are applied by ``DataFrame.apply(axis=1)``, with the calls
that Snorkel's ``PandasLFApplier`` makes around each, and by that applier itself where
it is installed. Processor time of one thread; the votes of all are equal.
"""

import re
import time
from functools import partial
from importlib.util import find_spec

import numpy as np
import pandas as pd

from benchmarks import _speed
from benchmarks._problem import Part, Target, grid
from skdataquality.weak_supervision import (
    LabelingFunctionTransformer,
    labeling_function,
    lf_keywords,
    lf_regex,
)

REPEATS, CLASSES = 7, [0, 1]
WORDS = re.findall(
    r"\w+",
    "love song check my channel please subscribe video great free money http www best "
    "ever watch this the a of and music listen new awesome cool visit win prize click",
)
ABSTAIN = -1


def make_texts(n_rows):
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(WORDS, rng.integers(4, 25))) for _ in range(n_rows)]
    return pd.DataFrame({"text": texts, "number": np.arange(n_rows)})


def text_rules():
    return [
        lambda text: 1 if "http" in text else None,
        lambda text: 1 if "channel" in text and "subscribe" in text else None,
        lambda text: 0 if len(text) < 30 else None,
    ]


def row_rules(none):
    return [
        lambda row: 1 if "http" in row.text else none,
        lambda row: 1 if "channel" in row.text and "subscribe" in row.text else none,
        lambda row: 0 if len(row.text) < 30 else none,
    ]


def whole(function, label, name):
    return labeling_function(function, name=name, vectorized=True, label=label)


def has(word):
    return lambda X: X["text"].str.contains(word, regex=False)


SHORT = whole(lambda X: X["text"].str.len() < 30, 0, "short")
STRING_METHODS = [
    whole(has("http"), 1, "link"),
    whole(lambda X: has("channel")(X) & has("subscribe")(X), 1, "advert"),
    SHORT,
]
READY_MADE = [
    lf_keywords("http", 1, column="text", whole_words=False),
    lf_regex("channel.*subscribe|subscribe.*channel", 1, column="text"),
    SHORT,
]


class Applied:
    """A labelling function as Snorkel calls it."""

    def __init__(self, function):
        self.function, self.preprocessors, self.resources = function, [], {}

    def preprocess(self, x):
        """Return a row as its preprocessors leave it: there are none."""
        for preprocess in self.preprocessors:
            x = preprocess(x)
        return x

    def __call__(self, x):
        """Return the label of a row."""
        return self.function(self.preprocess(x), **self.resources)


def votes_on(row, functions):
    found = []
    for j, function in enumerate(functions):
        label = function(row)
        if label >= 0:
            found.append((j, label))
    return found


def by_pandas(frame):
    functions = [Applied(rule) for rule in row_rules(ABSTAIN)]
    rows = frame.apply(partial(votes_on, functions=functions), axis=1)
    votes = np.full((len(frame), len(functions)), ABSTAIN)
    for i, found in enumerate(rows.values):
        for j, label in found:
            votes[i, j] = label
    return votes


def by_snorkel(frame):
    from snorkel.labeling import LabelingFunction, PandasLFApplier

    rules = row_rules(ABSTAIN)
    functions = [LabelingFunction(f"rule_{i}", rule) for i, rule in enumerate(rules)]
    return PandasLFApplier(functions).apply(frame, progress_bar=False)


def ours(functions, X):
    fitted = LabelingFunctionTransformer(functions, classes=CLASSES).fit(X[:100])
    return lambda: fitted.transform(X)


def measure(rows):
    frame = make_texts(rows)
    calls = {
        "functions of a text, list": ours(text_rules(), frame["text"].tolist()),
        "functions of a text, Series": ours(text_rules(), frame["text"]),
        "functions of a row": ours(row_rules(None), frame),
        "string methods of pandas": ours(STRING_METHODS, frame),
        "ready-made": ours(READY_MADE, frame),
        "pandas apply": lambda: by_pandas(frame),
    }
    if find_spec("snorkel"):
        calls["snorkel"] = lambda: by_snorkel(frame)
    first, *others = (call() for call in calls.values())
    for other in others:
        np.testing.assert_array_equal(first, other)
    return _speed.race(calls, REPEATS, shortest=0, timer=time.process_time)


def targets(rows, quick):
    if quick:
        return []
    ratio = rows[rows["library"] == "pandas apply"]["ratio"].min()
    return [Target("times faster than apply on a column of texts", ratio, 20)]


PARTS = {
    "labeling_functions": Part(
        measure,
        _speed.TIMES,
        full=grid(rows=[20_000]),
        quick=grid(rows=[2000]),
        tables={
            "Median seconds of processor time, and times those of the first.": (
                _speed.table
            )
        },
        targets=targets,
    )
}
