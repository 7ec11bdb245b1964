"""Every warning is one of ours, and our own models and arithmetic raise no others."""

import ast
import importlib
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score

import skdataquality
from skdataquality import diagnose
from skdataquality.compose import RemediedClassifier
from skdataquality.duplicates import Deduplicator
from skdataquality.exceptions import DataQualityWarning, InSampleProbabilitiesWarning
from skdataquality.label_noise import (
    ForwardCorrectedLogisticRegression,
    KNNOutlierDetector,
    LabelErrorDetector,
    LabelErrorPruner,
    LabelQualityWeighter,
    NoisePruningClassifier,
    find_label_issues,
)
from skdataquality.leakage import leakage_lens
from skdataquality.model_selection import compare_remedies
from skdataquality.shift import shift_lens
from skdataquality.utils._fits import default_fit
from skdataquality.utils._prediction_guards import known_to_be_held_out

PACKAGE = Path(skdataquality.__file__).parent
MANY = "The number of unique classes is greater than 50%"


def warn_calls(path):
    """Line and category, or None, of every call of ``warnings.warn``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "warnings.warn":
            named = [k.value for k in node.keywords if k.arg == "category"]
            category = (node.args[1:2] + named + [None])[0]
            yield node.lineno, category and ast.unparse(category)
        elif isinstance(node, ast.ImportFrom) and node.module == "warnings":
            assert not {"warn", "warn_explicit"} & {a.name for a in node.names}, path


def test_every_category_derives_from_data_quality_warning():
    n_calls = 0
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        for line, category in warn_calls(path):
            n_calls += 1
            assert category is not None, f"{path}:{line} names no category"
            module = importlib.import_module(".".join(parts))
            assert issubclass(getattr(module, category), DataQualityWarning), category
    assert n_calls > 10


def few_rows_of_many_classes():
    """60 rows of 35 classes: scikit-learn suspects a regression."""
    rng = np.random.default_rng(0)
    y = np.array([f"class {k}" for k in np.arange(60) % 35])
    return rng.normal(size=(60, 3)), y


REMEDIES = {"deduplicate": Deduplicator()}
OURS = {  # with models of ours, where there are any
    "RemediedClassifier": lambda X, y: RemediedClassifier().fit(X, y),
    "NoisePruningClassifier": lambda X, y: NoisePruningClassifier(random_state=0).fit(
        X, y
    ),
    "LabelErrorDetector": lambda X, y: LabelErrorDetector(random_state=0).fit(X, y),
    "in workers": lambda X, y: LabelErrorDetector(random_state=0, n_jobs=2).fit(X, y),
    "LabelErrorPruner": lambda X, y: LabelErrorPruner().fit_resample(X, y),
    "LabelQualityWeighter": lambda X, y: LabelQualityWeighter().fit(X, y),
    "ForwardCorrected": lambda X, y: ForwardCorrectedLogisticRegression(
        random_state=0
    ).fit(X, y),
    "Deduplicator": lambda X, y: Deduplicator().fit_resample(X, y),
    "leakage_lens": leakage_lens,
    "diagnose": lambda X, y: diagnose(X, y, X_target=X),
    "shift_lens": lambda X, y: shift_lens(X, y, X_target=X, random_state=0),
    "compare_remedies": lambda X, y: compare_remedies(
        None, REMEDIES, X, y, cv=2, random_state=0
    ),
}


@pytest.mark.parametrize("run", OURS.values(), ids=OURS)
def test_many_classes_are_no_suspicion_of_our_own_models(run):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run(*few_rows_of_many_classes())
    strange = [w for w in caught if not issubclass(w.category, DataQualityWarning)]
    assert not strange, strange[0].message


@pytest.mark.parametrize(
    "wrap",
    [
        RemediedClassifier,
        lambda clf: LabelErrorDetector(clf, cv=2),
        lambda clf: LabelQualityWeighter(LabelErrorDetector(clf, cv=2)),
        lambda clf: LabelQualityWeighter(LabelErrorDetector(cv=2), estimator=clf),
    ],
)
def test_warnings_of_the_users_estimator_pass(wrap):
    X, y = few_rows_of_many_classes()
    with pytest.warns() as caught:
        wrap(LogisticRegression(max_iter=1)).fit(X, y)
    said = [str(w.message) for w in caught]
    assert any(issubclass(w.category, ConvergenceWarning) for w in caught)
    assert any(message.startswith(MANY) for message in said)


def test_a_default_fit_silences_its_four_warnings_and_no_other():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with default_fit():
            warnings.warn(MANY, UserWarning, stacklevel=1)
            warnings.warn("stopped", ConvergenceWarning, stacklevel=1)
            balanced_accuracy_score([0, 0], [0, 1])
            warnings.warn("other", UserWarning, stacklevel=1)
        warnings.warn("after", ConvergenceWarning, stacklevel=1)
    assert [str(w.message) for w in caught] == ["other", "after"]


def test_a_level_seen_once_is_no_foreign_warning():
    pytest.importorskip("skrub")
    pd = pytest.importorskip("pandas")
    y = np.arange(80) % 2
    X = pd.DataFrame(
        {"x": y + np.linspace(0, 0.5, 80), "level": np.tile(list("ab"), 40)}
    )
    X.loc[[3, 4], "level"] = ["once", "also once"]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        LabelErrorDetector(cv=2, random_state=0).fit(X, y)
    assert [
        str(w.message) for w in caught if "unknown categories" in str(w.message)
    ] == []


def test_held_out_is_known_to_one_thread_only():
    """Another thread's in-sample probabilities are warned of all the same."""
    y, proba = np.arange(40) % 2, np.eye(2)[np.arange(40) % 2]
    caught = []

    def elsewhere():
        with pytest.warns(InSampleProbabilitiesWarning) as seen:
            find_label_issues(y, proba)
        caught.extend(seen)

    with known_to_be_held_out():
        before = list(warnings.filters)
        find_label_issues(y, proba)
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert list(warnings.filters) == before
    assert len(caught) == 1
    with pytest.warns(InSampleProbabilitiesWarning):
        find_label_issues(y, proba)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_distances_that_overflow_are_refused_instead_of_warned_of(metric):
    X = np.random.default_rng(0).normal(size=(50, 3)) * 1e200
    with pytest.raises(ValueError, match=r"as large as .*e\+200, whose squares.*scale"):
        KNNOutlierDetector(metric=metric).fit(X)
