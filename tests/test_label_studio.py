"""Batches as tasks of Label Studio, and its answers."""

import json
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from skdataquality.exceptions import DataQualityWarning
from skdataquality.review import (
    LabelReviewQueue,
    from_label_studio,
    label_studio_config,
    to_label_studio,
)


def made(n=60):
    rng = np.random.default_rng(0)
    y = np.array(["cat", "dog"])[np.arange(n) % 2]
    X = pd.DataFrame({"size": rng.normal(size=n) + (y == "dog"), "name": list(y)})
    return X, y


@pytest.fixture(scope="module")
def batch():
    X, y = made()
    queue = LabelReviewQueue(LogisticRegression(), cv=3, n_rounds=1, random_state=0)
    return queue.fit(X[["size"]], y).next_batch(10)


def chosen(text, by=1, **more):
    value = {"choices": [text]}
    result = {"from_name": "label", "to_name": "row", "type": "choices", "value": value}
    return {"completed_by": by, "was_cancelled": False, "result": [result], **more}


SKIPPED = {"completed_by": 1, "was_cancelled": True, "result": []}


def annotated(batch, answers):
    """Tasks as they are exported, each with its annotations."""
    tasks = to_label_studio(batch, made()[0])
    return [
        {"id": at, **task, "annotations": annotations}
        for at, (task, annotations) in enumerate(zip(tasks, answers, strict=True))
    ]


def test_tasks_hold_the_row_and_nothing_of_what_models_say(batch):
    X, y = made()
    tasks = to_label_studio(batch, X)
    assert json.loads(json.dumps(tasks, allow_nan=False)) == tasks
    for task, row in zip(tasks, batch.rows, strict=True):
        data = task["data"]
        assert set(task) == {"data"}
        assert set(data) == {"size", "name", "given label", "skdataquality"}
        assert data["size"] == X["size"][row]
        assert data["given label"] == y[row]
        assert data["skdataquality"]["row"] == row
    shown = to_label_studio(batch, X, predictions=True)[0]["predictions"]
    assert shown[0]["result"][0]["value"]["choices"] == [batch.suggested[0]]


def test_texts_and_missing_cells_are_shown():
    y = np.arange(40) % 2
    texts = [f"{'good' if label else 'bad'} text {i}" for i, label in enumerate(y)]
    queue = LabelReviewQueue(cv=3, n_rounds=1, random_state=0).fit(texts, y)
    batch = queue.next_batch(5)
    tasks = to_label_studio(batch, texts)
    assert [t["data"]["text"] for t in tasks] == [texts[row] for row in batch.rows]
    frame = pd.DataFrame({"a": np.where(np.arange(40) < 39, np.nan, 1.0)})
    assert to_label_studio(batch, frame)[0]["data"]["a"] in (None, 1.0)


def test_the_interface_names_every_label_and_column(batch):
    root = ElementTree.fromstring(label_studio_config(batch, made()[0]))
    assert [c.get("value") for c in root.iter("Choice")] == ["cat", "dog"]
    shown = [t.get("value") for t in root.iter("Text")]
    assert shown == ["$size", "$name", "$given label"]
    names = {t.get("name") for t in root.iter("Text")}
    assert next(root.iter("Choices")).get("toName") in names


def test_answers_come_back(batch):
    answers = [[chosen("cat")]] * 8 + [[SKIPPED], []]
    verified = from_label_studio(annotated(batch, answers), batch, reviewer="Ada")
    np.testing.assert_array_equal(verified.rows, batch.rows[:8])
    assert verified.labels.tolist() == ["cat"] * 8
    assert verified.cannot_say.tolist() == [batch.rows[8]]
    assert verified.unanswered.tolist() == [batch.rows[9]]
    assert verified.reviewer == "Ada"
    assert verified.purpose == "review"
    np.testing.assert_array_equal(
        verified.inclusion_probability, batch.inclusion_probability[:8]
    )
    text = json.dumps(annotated(batch, answers))
    assert from_label_studio(text, batch).to_dict() | {"reviewer": "Ada"} == (
        verified.to_dict()
    )


def test_tasks_may_be_in_any_order_and_some_be_missing(batch):
    tasks = annotated(batch, [[chosen("dog")]] * 10)[:6][::-1]
    verified = from_label_studio(tasks, batch)
    np.testing.assert_array_equal(verified.rows, batch.rows[:6])
    assert verified.unanswered.size == 4


def test_most_annotators_decide_and_ties_are_refused(batch):
    three = [chosen("cat", 1), chosen("dog", {"id": 2}), chosen("cat", 3)]
    answers = [three] + [[chosen("cat")]] * 9
    with pytest.warns(DataQualityWarning, match="disagree over 1 row"):
        verified = from_label_studio(annotated(batch, answers), batch)
    assert verified.labels[0] == "cat"
    with pytest.raises(ValueError, match="as many annotators"):
        from_label_studio(annotated(batch, [three[:2]] + answers[1:]), batch)
    # one who answers twice has changed their mind
    twice = [[chosen("cat", 1), chosen("dog", 1)]] + answers[1:]
    assert from_label_studio(annotated(batch, twice), batch).labels[0] == "dog"


def with_data(task, **data):
    return {**task, "data": {**task["data"], **data}}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda tasks: [*tasks, tasks[0]], "twice"),
        (lambda tasks: [{"id": 1, "text": "x"}], "without the mark"),
        (lambda tasks: "tasks.json", "not a path"),
        (lambda tasks: {"tasks": tasks}, "no list of tasks"),
        (
            lambda tasks: [with_data(tasks[0], skdataquality={"batch": "0", "row": 1})],
            "of batch '0'",
        ),
        (
            lambda tasks: [{**tasks[0], "annotations": [chosen("emu")]}],
            r"tasks has \['emu'\]",
        ),
        (lambda tasks: [{**tasks[0], "annotations": []}], "no answer"),
    ],
)
def test_what_is_no_answer_to_the_batch_is_refused(batch, spoil, said):
    tasks = annotated(batch, [[chosen("cat")]] * 10)
    with pytest.raises(ValueError, match=said):
        from_label_studio(spoil(tasks), batch)


def test_tasks_of_another_batch_are_refused(batch):
    X, y = made()
    other = LabelReviewQueue(LogisticRegression(), cv=3, n_rounds=1, random_state=1)
    other = other.fit(X[["size"]], y).next_batch(9)
    tasks = annotated(batch, [[chosen("cat")]] * 10)
    with pytest.raises(ValueError, match="of batch"):
        from_label_studio(tasks, other)


def test_a_part_of_the_table_is_refused(batch):
    with pytest.raises(ValueError, match="60"):
        to_label_studio(batch, made()[0].iloc[:20])
