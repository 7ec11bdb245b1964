"""What a person has verified is mended by `fix_table` and not asked again."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from skdataquality.lineage import Reason
from skdataquality.verified import VerifiedLabels
from skdataquality.workflows import fix_table, review_table


def framed(n=200):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(n, 3)).round(4), columns=list("abc"))
    side = frame.a + frame.b > 0
    truth = np.where(side, "yes", "no").astype(object)
    frame["label"] = np.where(rng.random(n) < 0.1, np.where(side, "no", "yes"), truth)
    frame.loc[[0, 90], "label"] = None
    frame.index = np.arange(n)[::-1]
    return frame, truth


FRAME, TRUTH = framed()
GIVEN = FRAME.label.to_numpy()
WRONG = np.flatnonzero((GIVEN != TRUTH) & FRAME.label.notna())
RIGHT = np.flatnonzero(GIVEN == TRUTH)


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_wrong_labels_are_corrected_and_traced(kind):
    frame = FRAME
    if kind == "polars":
        labels = [None if isinstance(v, float) else v for v in GIVEN]
        frame = pl.DataFrame(FRAME.to_dict("list") | {"label": labels})
    rows = np.concatenate([WRONG[:3], RIGHT[:3]])
    fix = fix_table(frame, "label", verified=VerifiedLabels(rows, TRUTH[rows]))
    assert fix.rows.tolist() == list(range(len(FRAME)))
    assert [(c.kind, c.n) for c in fix.done] == [("verified labels", 3)]
    np.testing.assert_array_equal(np.flatnonzero(fix.lineage.relabelled), WRONG[:3])
    assert (fix.lineage.change_reason[WRONG[:3]] == Reason.VERIFIED).all()
    labels = GIVEN[fix.label_rows]
    np.testing.assert_array_equal(labels[rows], TRUTH[rows])
    others = np.setdiff1d(np.arange(len(FRAME)), WRONG[:3])
    np.testing.assert_array_equal(fix.label_rows[others], others)


def test_a_corrected_row_may_prove_a_copy():
    """Its twin has the right label: once it is corrected, one of the two goes."""
    row = int(WRONG[0])
    twin = FRAME.iloc[[row]].assign(label=TRUTH[row])
    frame = pd.concat([FRAME, twin], ignore_index=True)
    verified = VerifiedLabels([row], [TRUTH[row]])
    assert fix_table(frame, "label").rows.size == len(frame)
    fix = fix_table(frame, "label", verified=verified, cells=frame.astype(str))
    assert fix.lineage.dropped[-1]
    assert fix.lineage.drop_ref[-1] == row


@pytest.mark.parametrize("conflicts", ["majority", "drop"])
def test_a_conflict_never_drops_a_verified_row(conflicts):
    row = int(RIGHT[0])
    other = {"yes": "no", "no": "yes"}[GIVEN[row]]
    twins = FRAME.iloc[[row, row]].assign(label=other)
    frame = pd.concat([FRAME, twins], ignore_index=True)
    told = {"conflicts": conflicts, "repeats": True}
    assert fix_table(frame, "label", **told).lineage.dropped[row]
    verified = VerifiedLabels([row], [GIVEN[row]])
    fix = fix_table(frame, "label", verified=verified, **told)
    assert not fix.lineage.dropped[row]


def test_a_label_known_only_to_be_wrong_stays_and_is_listed_first():
    rows = WRONG[:4]
    verified = VerifiedLabels(rows, [None, TRUTH[rows[1]], None, TRUTH[rows[3]]])
    fix = fix_table(FRAME, "label", verified=verified)
    assert [(c.kind, c.n) for c in fix.left] == [("verified wrong", 2)]
    assert fix.lineage.relabelled.sum() == 2
    review = review_table(FRAME, "label", verified=verified)
    assert review.input_row[:2].tolist() == [rows[0], rows[2]]
    assert review.decision.tolist() == ["verified wrong"] * 2 + [""] * (len(review) - 2)
    assert review.given[:2].tolist() == GIVEN[rows[[0, 2]]].tolist()
    assert not review.input_row[2:].isin(rows).any()
    plain = review_table(FRAME, "label")
    assert plain.input_row[~plain.input_row.isin(rows)].tolist() == (
        review.input_row[2:].tolist()
    )
    assert set(rows) & set(plain.input_row)


@pytest.mark.parametrize(
    ("verified", "label", "message"),
    [
        (VerifiedLabels([3], ["maybe"]), "label", "no row of the table has"),
        (VerifiedLabels([900], ["yes"]), "label", "holds row 900"),
        (VerifiedLabels([3], ["yes"]), None, "without a label"),
        (np.ones(200, dtype=bool), "label", "pass VerifiedLabels"),
    ],
)
def test_what_is_of_another_table_is_refused(verified, label, message):
    with pytest.raises(ValueError, match=message):
        fix_table(FRAME, label, verified=verified)
