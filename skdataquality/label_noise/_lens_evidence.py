"""The tables of the lens: which classes, which pairs, which rows."""

import numpy as np
import scipy.sparse as sp
from sklearn.pipeline import make_pipeline

from skdataquality.compose._default import to_scaled_numbers
from skdataquality.label_noise._classes import health_table, overlap_table, pair_table
from skdataquality.label_noise._confident import threshold_shift
from skdataquality.label_noise._detectors import KNNOutlierDetector, typicality
from skdataquality.label_noise._flags import quality_scores
from skdataquality.utils._draws import draw_rows
from skdataquality.utils._sklearn import num_samples, take_rows
from skdataquality.utils._sources import encode_sources
from skdataquality.utils._stats import proportion_interval

WORST_FIRST = "flagged rows, worst first"
ROW = ("row",)
RANKED = {"rows unlike any class": ROW, "rows far from all others": ROW}
ROW_TABLES = {
    WORST_FIRST: ROW,
    "confusing pairs": ("examples",),
    **RANKED,
    "rows to verify": ROW,
}
SHOWN = 10
SHOWN_PAIRS = 5
SHOWN_EXAMPLES = 5
MOST_ROWS = 10_000  # whose distances are computed


def evidence_tables(data, joint, flagged, numbers, X, sources):
    """Return the evidence of the lens, a list of dicts per table, and all flagged.

    Between them stand the rows in full of the tables of which the first are shown.
    `data` holds the rows that have a prediction, `numbers` what to call them; `joint`
    is calibrated, and the columns of `sources` are aligned with what `numbers` counts.
    """
    classes = data.classes
    labels = classes[data.codes]
    tables = {"classes": _flagged_by(labels, flagged, "class")}
    for name, values in sources.items():
        tables[f"by {name}"] = _flagged_by(np.asarray(values)[numbers], flagged, name)
    tables[WORST_FIRST] = _flagged_rows(data, labels, flagged, numbers)
    tables["label health by class"] = health_table(classes, joint, SHOWN)
    tables["overlapping classes"] = overlap_table(classes, joint, SHOWN_PAIRS)
    tables["confusing pairs"] = [
        {**pair, "examples": numbers[pair["examples"]].tolist()}
        for pair in pair_table(data, classes, joint, SHOWN_PAIRS, SHOWN_EXAMPLES)
    ]
    unsure = typicality(data.proba, threshold_shift(data))
    tables["rows unlike any class"] = _lowest(unsure, numbers)
    if X is not None and not sp.issparse(X):
        tables["rows far from all others"] = _far_rows(X, numbers)
    review = tables[WORST_FIRST]
    tables[WORST_FIRST] = review[:SHOWN]
    n_rows = {WORST_FIRST: len(review), "label health by class": len(classes)}
    n_rows |= {title: int(numbers.shape[0]) for title in RANKED if title in tables}
    return tables, n_rows, review


def _flagged_rows(data, labels, flagged, numbers):
    scores = quality_scores(data, "self_confidence")
    rows = np.flatnonzero(flagged)
    worst = rows[np.argsort(scores[rows], kind="stable")]
    suggested = data.classes[data.proba[worst].argmax(axis=1)]
    return [
        {
            "row": row,
            "given": given,
            "suggested": better,
            "quality": quality,
        }
        for row, given, better, quality in zip(
            numbers[worst].tolist(),
            labels[worst].tolist(),
            suggested.tolist(),
            scores[worst].tolist(),
            strict=True,
        )
    ]


def _lowest(scores, numbers):
    worst = np.argsort(scores, kind="stable")[:SHOWN]
    return [{"row": int(numbers[i]), "typicality": float(scores[i])} for i in worst]


def _far_rows(X, numbers):
    """Rows with the farthest neighbours, among 10,000 drawn at random."""
    rows = draw_rows(num_samples(X), MOST_ROWS, 0)
    X = take_rows(X, rows)
    cells = make_pipeline(*to_scaled_numbers(X)).fit_transform(X)
    detector = KNNOutlierDetector().fit(np.asarray(cells))
    return _lowest(detector.sample_scores_, numbers[rows])


def _flagged_by(values, flagged, name):
    """Share of flagged rows by level, those of missing values last."""
    sources = encode_sources(values, name=name)
    rows, n_flagged = sources.rows(), sources.count(flagged)
    column = f"source {name}" if name in ("rows", "flagged_share") else name
    return [
        {
            column: sources.levels[g],
            "rows": int(rows[g]),
            "flagged_share": proportion_interval(
                int(n_flagged[g]), int(rows[g]), method="wilson"
            ),
        }
        for g in sources.in_order()
    ]
