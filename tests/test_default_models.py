"""The default models of tables: what is said when skrub cannot be used."""

import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from skdataquality import diagnose
from skdataquality.compose._default import default_model, encoder
from skdataquality.label_noise import LabelErrorDetector

TABLE = pd.DataFrame({"town": ["Rome", "Oslo"] * 20, "n": range(40)})
LABELS = [0, 0, 1, 1] * 10


def put_skrub(monkeypatch, folder, source):
    """Let ``import skrub`` run the source."""
    (folder / "skrub.py").write_text(source)
    monkeypatch.syspath_prepend(folder)
    loaded = [name for name in sys.modules if name.startswith("skrub.")]
    for name in ["skrub", *loaded]:
        monkeypatch.setitem(sys.modules, name, None)  # to be restored
        del sys.modules[name]


@pytest.mark.parametrize(
    "use",
    [
        lambda: LabelErrorDetector().fit(TABLE, LABELS),
        lambda: diagnose(TABLE, LABELS),
    ],
)
def test_without_skrub_the_extra_is_named(use, monkeypatch):
    monkeypatch.setitem(sys.modules, "skrub", None)
    with pytest.raises(ImportError, match="need skrub") as caught:
        use()
    said = str(caught.value)
    assert "pip install 'skdataquality[cli]', or pass an estimator" in said
    assert "does not load" not in said
    assert isinstance(caught.value.__cause__, ModuleNotFoundError)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import joblib.nothing", "ModuleNotFoundError: No module named 'joblib.noth"),
        ("from joblib import nothing", "ImportError: cannot import name 'nothing'"),
        ("import joblib; joblib.nothing", "AttributeError: module 'joblib' has no at"),
        ("", r"ImportError: cannot import name 'StringEncoder' from 'skrub'"),
        ("raise RuntimeError('two\\nlines')", r"RuntimeError: two\), so"),
    ],
)
def test_a_skrub_that_does_not_load_says_why(source, reason, monkeypatch, tmp_path):
    put_skrub(monkeypatch, tmp_path, source)
    with pytest.raises(ImportError, match=reason) as caught:
        encoder()
    said = str(caught.value)
    assert "skrub: it is there but does not load" in said
    assert "\n" not in said
    assert "pip install" not in said
    assert type(caught.value.__cause__).__name__ == reason.partition(":")[0]


@pytest.mark.parametrize("regression", [False, True])
def test_two_fits_on_texts_are_one(regression):
    pytest.importorskip("skrub")
    rng = np.random.default_rng(0)
    words = np.array([f"{a}{b} {c}" for a in "abcdefg" for b in "xyzuvw" for c in "pq"])
    X = pd.DataFrame({"name": rng.choice(words, 200), "size": rng.normal(size=200)})
    y = rng.integers(0, 2, 200)
    model = default_model(X, regression=regression)
    first, second = (clone(model).fit(X, y) for _ in range(2))
    predict = "predict" if regression else "predict_proba"
    np.testing.assert_array_equal(
        getattr(first, predict)(X), getattr(second, predict)(X)
    )
