"""What was done to each training row, in a table, in files, in exchange formats."""

import json

import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.pipeline import make_pipeline
from imblearn.under_sampling import RandomUnderSampler
from jsonschema import validate
from sklearn.linear_model import LogisticRegression

from skdataquality.compose import RemediedClassifier, RemedyChain
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.lineage import Lineage, Reason
from skdataquality.provenance import AuditTrail, TrackedPipeline, pipeline_lineage
from skdataquality.provenance._lineage import TracedStep
from skdataquality.provenance._trail._acts import acts_of
from skdataquality.tables import read_table

STRING = {"type": "string", "minLength": 1}
INPUT_FIELD = {
    "type": "object",
    "required": ["namespace", "name", "field"],
    "properties": {
        "namespace": STRING,
        "name": STRING,
        "field": STRING,
        "transformations": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type"],
                "properties": {
                    "type": {"enum": ["DIRECT", "INDIRECT"]},
                    "subtype": {"type": "string"},
                    "description": {"type": "string"},
                    "masking": {"type": "boolean"},
                },
            },
        },
    },
}
COLUMN_LINEAGE = {  # what the facet's specification (1-2-0) asks for
    "type": "object",
    "required": ["_producer", "_schemaURL", "fields"],
    "properties": {
        "_producer": {"type": "string", "format": "uri"},
        "_schemaURL": {"type": "string", "format": "uri"},
        "fields": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "required": ["inputFields"],
                "properties": {"inputFields": {"type": "array", "items": INPUT_FIELD}},
            },
        },
        "dataset": {"type": "array", "items": INPUT_FIELD},
    },
}


def rows(n=60, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 3))
    X[5] = X[2]
    y = (np.arange(n) % 4 == 0).astype(int)
    y[5] = y[2]
    return X, y


def fitted(*steps):
    X, y = rows()
    return TrackedPipeline(
        [(f"step{i}", s) for i, s in enumerate(steps)] + [("clf", LogisticRegression())]
    ).fit(X, y)


PIPELINES = {
    "selecting": lambda: (Deduplicator(), RandomUnderSampler(random_state=0)),
    "repeating": lambda: (Deduplicator(), RandomOverSampler(random_state=0)),
    "making": lambda: (Deduplicator(), SMOTE(random_state=0)),
    "making, then dropping": lambda: (
        SMOTE(random_state=0),
        RandomUnderSampler(sampling_strategy={0: 20, 1: 20}, random_state=0),
    ),
}


@pytest.mark.parametrize("name", PIPELINES)
def test_every_row_has_one_line_and_copies_add_up(name):
    model = fitted(*PIPELINES[name]())
    table = AuditTrail.from_estimator(model).to_frame()
    lineage = pipeline_lineage(model)
    own = table[table["row"] >= 0]
    assert own["row"].tolist() == list(range(60))
    assert table["copies"].sum() == lineage.n_out
    assert (own["fate"] == "dropped").tolist() == lineage.dropped.tolist()
    assert (table["fate"] == "synthetic").sum() == (lineage.origin == -1).sum()
    assert table["weight"].sum() == pytest.approx(lineage.n_out)
    assert (table.loc[table["fate"] == "dropped", "step"] != "").all()


def test_the_step_and_the_reason_are_named():
    trail = AuditTrail.from_estimator(
        fitted(Deduplicator(), RandomOverSampler(random_state=0))
    )
    table = trail.to_frame()
    line = table.loc[5]
    assert line["fate"] == "dropped"
    assert (line["step"], line["reason"], line["reference_row"]) == (
        "step0",
        "duplicate",
        2,
    )
    assert line["step0"] == "dropped: duplicate of row 2"
    repeated = table.loc[(table["copies"] > 1), "step1"]
    assert len(repeated)
    assert repeated.str.startswith("repeated: ").all()
    assert [s["dropped"] for s in trail.steps] == [1, 0]
    assert trail.steps[0]["parameters"] == "Deduplicator()"


def test_what_was_done_to_all_copies_of_a_row_is_said_once():
    twice = Lineage.from_selection([0, 0, 1, 2], n_in=3)
    flipped = Lineage.from_selection(
        [0, 1, 2], n_in=4, relabelled=[True, True, False], drop_reason=Reason.DUPLICATE
    )
    step = TracedStep("s", Deduplicator(), flipped)
    did = acts_of(step, twice.origin, 3).tolist()
    assert did == ["relabelled: label issue", "", "dropped: duplicate"]


def test_references_are_rows_of_the_first_table():
    X, y = rows()
    first = RandomUnderSampler(sampling_strategy={0: 30, 1: 10}, random_state=0)

    model = TrackedPipeline(
        [("under", first), ("twice", Deduplicator()), ("clf", LogisticRegression())]
    ).fit(np.vstack([X, X[:15]]), np.r_[y, y[:15]])
    table = AuditTrail.from_estimator(model).to_frame()
    both = np.vstack([X, X[:15]])
    twins = table[table["reason"] == "duplicate"]
    assert len(twins)
    for row, other in twins[["row", "reference_row"]].to_numpy():
        np.testing.assert_array_equal(both[row], both[other])


def test_parents_of_made_rows_span_them():
    trail = AuditTrail.from_estimator(fitted(SMOTE(random_state=0)))
    made = trail.to_frame().query("fate == 'synthetic'")
    assert made["parents"].str.split().str.len().max() == 2
    parents = {int(p) for each in made["parents"] for p in each.split()}
    acts = trail.to_frame().query("row >= 0")["step0"]
    assert set(np.flatnonzero(acts.str.contains("parent of"))) == parents


def test_weights_are_those_that_the_model_was_fitted_with():
    X, y = rows()
    weight = np.random.default_rng(0).random(60) + 0.5
    model = RemediedClassifier(LogisticRegression(), ClassBalanceWeighter())
    model.fit(X, y, sample_weight=weight)
    trail = AuditTrail.from_estimator(model, sample_weight=weight)
    by_class = [trail.sample_weight[y == c].sum() for c in (0, 1)]
    assert by_class[0] == pytest.approx(by_class[1])
    ratio = trail.sample_weight / weight
    for c in (0, 1):
        assert np.ptp(ratio[y == c]) < 1e-9


def test_a_chain_is_told_part_by_part():
    X, y = rows()
    chain = RemedyChain(
        [("twins", Deduplicator()), ("balance", ClassBalanceWeighter())]
    )
    model = RemediedClassifier(LogisticRegression(), chain).fit(X, y)
    trail = AuditTrail.from_estimator(model)
    assert [s["estimator"].rsplit(".", 1)[1] for s in trail.steps] == [
        "Deduplicator",
        "ClassBalanceWeighter",
    ]
    assert trail.to_frame().loc[5, "weight"] == 0


def test_the_same_fit_gives_the_same_trail():
    first, second = (
        AuditTrail.from_estimator(fitted(Deduplicator(), SMOTE(random_state=0)))
        for _ in range(2)
    )
    assert first.to_frame().to_json() == second.to_frame().to_json()
    assert first.steps == second.steps


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".jsonl"])
def test_files_hold_the_table(tmp_path, ending):
    trail = AuditTrail.from_estimator(
        fitted(Deduplicator(), SMOTE(random_state=0)),
        keys=[f"=row{i}" for i in range(60)],
    )
    path = trail.write(tmp_path / f"trail{ending}")
    expected = trail.to_frame()
    read = read_table(path)
    assert list(read.columns) == list(expected.columns)
    assert read["row"].tolist() == expected["row"].tolist()
    assert read["weight"].tolist() == pytest.approx(expected["weight"].tolist())
    if ending == ".csv":
        assert path.read_text().count("\"'=row") == 60
    with pytest.raises(FileExistsError):
        trail.write(path)


@pytest.mark.parametrize("name", ["trail.txt", "trail", "trail.csv.gz"])
def test_a_file_of_another_kind_is_refused(tmp_path, name):
    trail = AuditTrail.from_estimator(fitted(Deduplicator()))
    with pytest.raises(ValueError, match="none of .csv, .jsonl, .parquet"):
        trail.write(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_the_dict_holds_the_frame_and_is_strict_json():
    trail = AuditTrail.from_estimator(fitted(Deduplicator(), SMOTE(random_state=0)))
    said = json.loads(json.dumps(trail.to_dict(), allow_nan=False))
    assert said["rows"] == {
        name: column.tolist() for name, column in trail.to_frame().items()
    }
    assert [step["made"] for step in said["steps"]] == [0, trail.steps[1]["made"]]


def test_prov_says_who_dropped_and_made_rows():
    pytest.importorskip("prov")
    trail = AuditTrail.from_estimator(fitted(Deduplicator(), SMOTE(random_state=0)))
    said = json.loads(trail.to_prov().serialize(format="json"))
    (gone,) = said["wasInvalidatedBy"].values()
    assert gone["prov:entity"] == "sdq:row/5"
    assert gone["prov:activity"] == "sdq:step/1"
    made = [e for e in said["entity"] if e.startswith("sdq:made/")]
    assert len(made) == trail.steps[1]["made"]
    assert set(said["activity"]) == {"sdq:step/1", "sdq:step/2"}
    short = json.loads(trail.to_prov(rows=False).serialize(format="json"))
    assert not [e for e in short["entity"] if e.startswith("sdq:row/")]


@pytest.mark.parametrize("sampler", [Deduplicator(), SMOTE(random_state=0)])
def test_the_openlineage_facet_is_valid(sampler):
    trail = AuditTrail.from_estimator(fitted(sampler))
    facets = trail.to_openlineage(
        ["a", "b", "c"], namespace="file", dataset="train.csv", label="y"
    )
    facet = json.loads(json.dumps(facets))["columnLineage"]
    validate(facet, COLUMN_LINEAGE)
    (source,) = facet["fields"]["a"]["inputFields"]
    made = isinstance(sampler, SMOTE)
    assert source["transformations"][0]["subtype"] == (
        "TRANSFORMATION" if made else "IDENTITY"
    )
    assert bool(facet["dataset"]) != made  # SMOTE drops and repeats no row


def test_a_pipeline_that_forgets_needs_its_rows():
    X, y = rows()
    model = make_pipeline(SMOTE(random_state=0), LogisticRegression()).fit(X, y)
    trail = AuditTrail.from_estimator(model, X, y)
    assert (trail.lineage.origin == -1).sum() == trail.steps[0]["made"] > 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"keys": np.arange(3)}, "keys has 3 rows"),
        ({"sample_weight": np.ones(7)}, "sample_weight has 7 rows"),
    ],
)
def test_arrays_of_other_rows_are_refused(given, said):
    with pytest.raises(ValueError, match=said):
        AuditTrail.from_estimator(fitted(Deduplicator()), **given)


def test_without_an_edit_the_table_says_so():
    X, y = rows()
    model = LogisticRegression().fit(X, y)
    with pytest.raises(ValueError, match="pass X"):
        AuditTrail.from_estimator(model)
    table = AuditTrail.from_estimator(model, X).to_frame()
    assert isinstance(table, pd.DataFrame)
    assert set(table["fate"]) == {"kept"}
    assert len(repr(AuditTrail.from_estimator(model, X)).splitlines()) <= 12


def test_keys_of_any_type_are_written(tmp_path):
    keys = ["a", 1, None, ("b", 2)]
    X, y = np.array([[0.0], [1.0], [0.0], [2.0]]), [0, 1, 0, 1]
    model = RemediedClassifier(LogisticRegression(), Deduplicator()).fit(X, y)
    trail = AuditTrail.from_estimator(model, keys=keys)
    assert trail.to_frame()["key"].tolist() == keys
    for ending in ("csv", "parquet", "jsonl"):
        assert trail.write(tmp_path / f"trail.{ending}").stat().st_size


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".jsonl"])
def test_keys_that_are_whole_numbers_stay_whole(tmp_path, ending):
    model = fitted(SMOTE(random_state=0))
    keys = 2**53 + 1 + np.arange(model.lineage_.n_in)  # more than a float can hold
    trail = AuditTrail.from_estimator(model, keys=keys)
    frame = read_table(trail.write(tmp_path / f"trail{ending}"))
    frame = frame.to_native() if hasattr(frame, "to_native") else frame
    assert int(trail.to_frame()["key"][0]) == keys[0]
    assert str(keys[1]) in list(map(str, frame["key"]))
    assert trail.to_dict()["rows"]["key"][-1] is None


@pytest.mark.parametrize("bad", [["heavy"] * 60, [-1.0] * 60, [np.nan] * 60])
def test_weights_that_are_none_are_refused(bad):
    with pytest.raises(ValueError, match="sample_weight"):
        AuditTrail.from_estimator(fitted(Deduplicator()), sample_weight=bad)
