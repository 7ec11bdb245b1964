"""Batches as tasks of Label Studio, and its answers: plain JSON."""

import json
import warnings
from collections import Counter
from hashlib import sha256
from xml.sax.saxutils import quoteattr

import numpy as np

from skdataquality.exceptions import DataQualityWarning
from skdataquality.utils._frames import (
    are_documents,
    dates_as_text,
    iterate_columns,
    sequence_cells,
)
from skdataquality.utils._plain import plain
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._validation import check_feature_frame, check_same_length

MARK = "skdataquality"
GIVEN = "given label"
CHOICE, SHOWN = "label", "row"
N_SHOWN = 5


def to_label_studio(batch, X, *, predictions=False):
    """Make tasks for Label Studio of a batch.

    Parameters
    ----------
    batch : ReviewBatch
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        The whole table.
    predictions : bool, default=False
        Whether a task shows the suggested label. A reviewer who sees it tends to agree.

    Returns
    -------
    tasks : list of dict
        For ``json.dumps``. ``data`` has the columns of the row, or its ``text``, its
        given label, and a mark by which the answers are recognised.

    See Also
    --------
    label_studio_config : How Label Studio shows them.
    from_label_studio : Reads what it exports.

    Examples
    --------
    >>> import json
    >>> import numpy as np
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.review import LabelReviewQueue, to_label_studio
    >>> X, y = load_iris(return_X_y=True, as_frame=True)
    >>> model = LogisticRegression(max_iter=1000)
    >>> batch = LabelReviewQueue(model, random_state=0).fit(X, y).next_batch(4)
    >>> tasks = to_label_studio(batch, X)
    >>> len(tasks), list(tasks[0]["data"])[-2:]
    (4, ['given label', 'skdataquality'])
    >>> text = json.dumps(tasks)  # what Label Studio imports
    """
    check_feature_frame(X)
    _check_whole(batch, X)
    cells = _cells(X, batch.rows)
    mark = batch_id(batch)
    tasks = []
    for at, row in enumerate(batch.rows.tolist()):
        data = {name: values[at] for name, values in cells.items()}
        data[GIVEN] = str(plain(batch.given[at]))
        data[MARK] = {"batch": mark, "row": row}
        task: dict = {"data": data}
        if predictions:
            value = {"choices": [str(plain(batch.suggested[at]))]}
            task["predictions"] = [{"result": [_result(value)]}]
        tasks.append(task)
    return tasks


def label_studio_config(batch, X):
    """Write the labelling interface for the tasks of a batch.

    Parameters
    ----------
    batch : ReviewBatch
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        The whole table.

    Returns
    -------
    config : str
        XML, for the labelling setup of a project.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.review import LabelReviewQueue, label_studio_config
    >>> X, y = load_iris(return_X_y=True)
    >>> model = LogisticRegression(max_iter=1000)
    >>> batch = LabelReviewQueue(model, random_state=0).fit(X, y).next_batch(4)
    >>> print(label_studio_config(batch, X).splitlines()[-5])
        <Choice value="0"/>
    """
    names = [*_cells(X, batch.rows[:1]), GIVEN]
    lines = ["<View>"]
    for at, name in enumerate(names):
        lines.append(f'  <Header value={quoteattr(name)} size="5"/>')
        shown = SHOWN if at == 0 else f"{SHOWN}{at}"
        lines.append(f'  <Text name="{shown}" value={quoteattr("$" + name)}/>')
    lines.append(f'  <Choices name="{CHOICE}" toName="{SHOWN}" choice="single">')
    lines += [f"    <Choice value={quoteattr(text)}/>" for text in _choices(batch)]
    return "\n".join([*lines, "  </Choices>", "</View>"])


def from_label_studio(tasks, batch, *, reviewer=None):
    """Read the answers that Label Studio exports as JSON.

    Parameters
    ----------
    tasks : str or list of dict
        Text of the export in the format "JSON", or what ``json.loads`` makes of it.
    batch : ReviewBatch
        Of which the tasks were made.
    reviewer : str, default=None
        Who answered.

    Returns
    -------
    verified : VerifiedLabels

    Raises
    ------
    ValueError
        If the text is no such export, a task is of another batch or comes twice, an
        answer is no label of the table, annotators are evenly divided over a row, or
        nothing is answered.

    Warns
    -----
    DataQualityWarning
        If annotators disagree over rows: the label of most is taken.

    Notes
    -----
    Of an annotator who answered a task twice the later answer counts. A task that was
    only skipped, or submitted without a choice, is one of which a person cannot say; a
    task without annotation was not answered, nor one that is not in the export.
    """
    classes = dict(zip(_choices(batch), batch.classes.tolist(), strict=True))
    place = {row: at for at, row in enumerate(batch.rows.tolist())}
    labels: list = [None] * batch.n_rows
    unclear, divided, seen = [], [], set()
    for task in _as_tasks(tasks):
        row = _row_of(task, batch)
        if row in seen:
            raise ValueError(f"tasks holds row {row} twice: pass one export.")
        seen.add(row)
        votes = _votes(task, row, classes)
        if votes is None:
            continue
        ranked = Counter(votes).most_common(2)
        if not ranked:
            unclear.append(row)
        elif len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
            raise ValueError(
                f"tasks has row {row} with as many annotators for "
                f"{ranked[0][0]!r} as for {ranked[1][0]!r}: have one more annotate it, "
                f"or skip it."
            )
        else:
            divided += [row] * (len(ranked) > 1)
            labels[place[row]] = classes[ranked[0][0]]
    _warn_of_disagreement(divided)
    unclear_rows = np.array(unclear, dtype=np.intp)
    return batch.verified(labels, cannot_say=unclear_rows, reviewer=reviewer)


def batch_id(batch):
    """Return eight hexadecimal digits of what a batch holds."""
    content = [batch.rows, batch.given, batch.inclusion_probability, batch.n_total]
    text = json.dumps(plain(content), ensure_ascii=True)
    return sha256(text.encode("ascii")).hexdigest()[:8]


def _choices(batch):
    """Return the texts of the classes, each of its own."""
    texts = [str(plain(label)) for label in batch.classes]
    if len(set(texts)) < len(texts):
        twice = Counter(texts).most_common(1)[0][0]
        raise ValueError(f"two classes are written {twice!r}: rename one of them.")
    return texts


def _check_whole(batch, X):
    first = (
        iterate_columns(X) if not are_documents(X) else iter([(0, sequence_cells(X))])
    )
    check_same_length(X=next(first)[1], batch=np.empty(batch.n_total))


def _cells(X, rows):
    """Return what tasks show of rows: plain values by name."""
    part = take_rows(X, rows)
    if are_documents(X):
        return {"text": plain(list(sequence_cells(part)))}
    return {
        str(name): plain(_shown(values).tolist())
        for name, values in iterate_columns(part)
    }


def _shown(values):
    return values.astype(str) if values.dtype.kind == "m" else dates_as_text(values)


def _result(value):
    return {"from_name": CHOICE, "to_name": SHOWN, "type": "choices", "value": value}


def _as_tasks(tasks):
    """Return exported tasks as a list of dicts, or raise."""
    if isinstance(tasks, str | bytes):
        try:
            tasks = json.loads(tasks)
        except (ValueError, RecursionError) as error:
            raise ValueError(
                f"tasks is no JSON ({error}): pass the text of the export, or the list "
                f"that it holds, not a path."
            ) from error
    if not isinstance(tasks, list) or not all(isinstance(t, dict) for t in tasks):
        raise ValueError(
            f"tasks is a {type(tasks).__name__} and no list of tasks: export as 'JSON'."
        )
    return tasks


def _row_of(task, batch):
    """Return the row of a task, or raise if it is not of the batch."""
    data = task.get("data")
    mark = data.get(MARK) if isinstance(data, dict) else None
    if not isinstance(mark, dict):
        raise ValueError(
            f"tasks holds a task without the mark {MARK!r} in its data: pass an export "
            f"of the tasks of to_label_studio, in the format 'JSON'."
        )
    if mark.get("batch") != batch_id(batch) or mark.get("row") not in batch.rows:
        raise ValueError(
            f"tasks is of batch {mark.get('batch')!r}, and this one is "
            f"{batch_id(batch)!r}: pass the batch of which the tasks were made."
        )
    return mark["row"]


def _votes(task, row, classes):
    """Return the choice of each annotator who made one; None if nobody looked."""
    annotations = task.get("annotations") or []
    if not isinstance(annotations, list):
        raise ValueError(f"tasks has row {row} with annotations that are no list.")
    choices: dict = {}
    for at, annotation in enumerate(annotations):
        choice = _choice(annotation, row, classes)
        who = annotation.get("completed_by")
        who = who.get("id") if isinstance(who, dict) else who
        key = ("alone", at) if who is None else who
        choices.pop(key, None)
        if choice is not None:
            choices[key] = choice
    return list(choices.values()) if annotations else None


def _choice(annotation, row, classes):
    """Return the text that one annotation chooses; None if it chooses none."""
    if annotation.get("was_cancelled"):
        return None
    chosen = [
        text
        for result in annotation.get("result") or []
        if result.get("type") == "choices" and result.get("from_name") == CHOICE
        for text in result["value"]["choices"]
    ]
    if not chosen:
        return None
    if len(chosen) > 1 or chosen[0] not in classes:
        raise ValueError(
            f"tasks has {chosen} for row {row}: one of {list(classes)[:N_SHOWN]} is "
            f"needed."
        )
    return chosen[0]


def _warn_of_disagreement(rows):
    if rows:
        warnings.warn(
            f"annotators disagree over {len(rows)} row(s), {rows[:N_SHOWN]}: the label "
            f"of most of them is taken.",
            DataQualityWarning,
            stacklevel=3,
        )
