"""A table is prepared once: what is diagnosed is what is compared."""

import warnings

import numpy as np
import pandas as pd
import pytest

from skdataquality.exceptions import DataQualityWarning, LookAlikeLabelsWarning
from skdataquality.workflows import ScoringError, _compare_table, compare_table


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(300, 3)), columns=list("abc"))
    frame["y"] = np.where(frame.a + 0.5 * rng.normal(size=300) > 0, "p", "q")
    return frame


def test_the_rows_diagnosed_are_the_rows_compared(table, monkeypatch):
    seen = {}

    def examine(inputs, callbacks):
        seen["diagnosed"] = inputs.features(()).index
        return REAL(inputs, callbacks)

    def compare(model, remedies, X, y, **options):
        seen["compared"] = X.index
        np.testing.assert_array_equal(y, table.y[X.index])
        return COMPARE(model, remedies, X, y, **options)

    REAL, COMPARE = _compare_table.examine, _compare_table.compare_remedies
    monkeypatch.setattr(_compare_table, "examine", examine)
    monkeypatch.setattr(_compare_table, "compare_remedies", compare)
    compare_table(table, "y", max_rows=150, cv=2)
    assert len(seen["compared"]) == 150
    pd.testing.assert_index_equal(seen["diagnosed"], seen["compared"])


def test_a_warning_comes_once(table):
    table.loc[:40, "y"] = table.y[:41].str.upper()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", LookAlikeLabelsWarning)
        compare_table(table, "y", cv=2)
    alike = [w for w in caught if w.category is LookAlikeLabelsWarning]
    assert len({str(w.message) for w in alike}) == len(alike) == 2
    assert {w.filename for w in alike} == {__file__}


def test_what_cannot_be_scored_is_refused_before_any_model(table, monkeypatch):
    monkeypatch.setattr(_compare_table, "examine", pytest.fail)
    with pytest.raises(ScoringError, match="r2 does not suit"):
        compare_table(table, "y", scoring=["r2"])
    with pytest.raises(ScoringError, match="roc is no metric"):
        compare_table(table, "y", scoring=["roc"])
    table.loc[3:, "y"] = "p"
    with pytest.raises(ValueError, match="two classes of 5 rows or more"):
        compare_table(table, "y")


def test_a_class_that_a_fold_lacks_is_no_foreign_warning():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(90, 2)), columns=["a", "b"])
    frame["y"] = rng.integers(0, 2, 90)
    frame.loc[:2, "y"] = [2, 3, 4]  # one row each
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        compare_table(frame, "y", cv=3)
    assert all(issubclass(w.category, DataQualityWarning) for w in caught)


def test_a_suspected_column_is_kept_and_named(table):
    table["late"] = (table.y == "p") + 0.2 * np.random.default_rng(1).normal(size=300)
    result = compare_table(table, "y", cv=3)
    assert result.left_out == ()
    assert any(
        note.startswith("kept, but may give the answer away: late; ids=['late']")
        for note in result.notes
    )
