"""The algebra of lineage: composition is associative and the identity is neutral."""

import json
import pickle
from copy import deepcopy
from dataclasses import fields

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn.over_sampling import RandomOverSampler

from skdataquality.lineage import SYNTHETIC, UNTRACED, Lineage, Reason
from skdataquality.utils._saving._packed_rows import pack_rows, unpack_rows

REASONS = [int(r) for r in Reason]


@st.composite
def edits(draw, n_in=None):
    """Draw an arbitrary edit: kept, repeated, synthetic and untraced rows."""
    n_in = draw(st.integers(1, 7)) if n_in is None else n_in
    n_out = draw(st.integers(1, 7))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    low = UNTRACED if draw(st.booleans()) else 0
    origin = rng.integers(low, n_in, n_out)
    parents = np.zeros((n_out, n_in))
    for row, source in enumerate(origin):
        if source >= 0:
            parents[row, source] = 1
        elif source == SYNTHETIC:
            # Halves and quarters keep products exact, so equality can be exact too.
            picks = rng.choice(n_in, size=2)
            np.add.at(parents[row], picks, [0.25, 0.75])
    kept = origin >= 0
    relabelled = kept & (rng.random(n_out) < 0.3)
    dropped = ~np.isin(np.arange(n_in), origin)
    return Lineage(
        n_in=n_in,
        origin=origin,
        parents=sp.csr_array(parents),
        relabelled=relabelled,
        drop_reason=np.where(dropped, rng.choice(REASONS, n_in), 0).astype(np.int8),
        drop_ref=np.where(dropped, rng.integers(-1, n_in, n_in), -1),
        change_reason=np.where(
            relabelled | (origin == SYNTHETIC), rng.choice(REASONS, n_out), 0
        ).astype(np.int8),
    )


def assert_same(a, b):
    assert a.n_in == b.n_in
    np.testing.assert_array_equal(a.parents.toarray(), b.parents.toarray())
    for name in ("origin", "relabelled", "drop_reason", "drop_ref", "change_reason"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)


@settings(max_examples=300)
@given(st.data())
def test_composition_is_associative(data):
    a = data.draw(edits())
    b = data.draw(edits(n_in=a.n_out))
    c = data.draw(edits(n_in=b.n_out))
    assert_same(a.then(b).then(c), a.then(b.then(c)))


@given(edits())
def test_identity_is_neutral(edit):
    assert_same(Lineage.identity(edit.n_in).then(edit), edit)
    assert_same(edit.then(Lineage.identity(edit.n_out)), edit)


@given(st.data())
def test_parents_stay_row_stochastic_and_agree_with_origin(data):
    a = data.draw(edits())
    b = a.then(data.draw(edits(n_in=a.n_out)))
    sums = b.parents.sum(axis=1)
    np.testing.assert_array_equal(sums, np.where(b.untraced, 0.0, 1.0))
    kept = np.flatnonzero(b.origin >= 0)
    np.testing.assert_array_equal(b.parents.toarray()[kept, b.origin[kept]], 1.0)
    np.testing.assert_array_equal(
        b.dropped, ~np.isin(np.arange(b.n_in), b.origin[b.origin >= 0])
    )


@given(st.data())
def test_composition_selects_like_indexing(data):
    n = data.draw(st.integers(1, 20))
    first = data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=20))
    second = data.draw(
        st.lists(st.integers(0, len(first) - 1), min_size=1, max_size=20)
    )
    values = np.arange(n) * 10
    both = Lineage.from_selection(first, n_in=n).then(
        Lineage.from_selection(second, n_in=len(first))
    )
    np.testing.assert_array_equal(
        values[both.origin], values[np.array(first)][np.array(second)]
    )


def _interpolate(n_in, rng):
    """Append as many rows as there are, each between two input rows, as SMOTE does."""
    pairs = rng.integers(0, n_in, (n_in, 2))
    u = rng.random(n_in)
    made = sp.csr_array(
        (
            np.r_[1 - u, u],
            (np.r_[np.arange(n_in), np.arange(n_in)], pairs.T.ravel()),
        ),
        shape=(n_in, n_in),
    )
    return Lineage(
        n_in=n_in,
        origin=np.r_[np.arange(n_in), np.full(n_in, SYNTHETIC)],
        parents=sp.csr_array(sp.vstack([sp.eye_array(n_in), made])),
        relabelled=np.zeros(2 * n_in, dtype=bool),
        drop_reason=np.zeros(n_in, dtype=np.int8),
        drop_ref=np.full(n_in, -1),
        change_reason=np.r_[np.zeros(n_in), np.full(n_in, Reason.SYNTHETIC)].astype(
            np.int8
        ),
    )


def test_smote_after_smote_traces_rows_and_weights_to_the_first_input():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(6, 3))
    first, second = _interpolate(6, rng), _interpolate(12, rng)
    once = first.parents @ X
    twice = second.parents @ once
    both = first.then(second)
    np.testing.assert_allclose(both.parents @ X, twice, atol=1e-12)
    np.testing.assert_allclose(both.parents.sum(axis=1), 1.0)
    assert (both.origin == SYNTHETIC).sum() == 18


def test_a_child_of_an_untraced_row_is_untraced():
    lost = Lineage.from_selection([0, UNTRACED], n_in=2)
    mixed = _interpolate(2, np.random.default_rng(1))
    assert mixed.parents.toarray()[3, 1] > 0  # it has the untraced row as a parent
    both = lost.then(mixed)
    assert both.untraced[3]
    assert both.parents.toarray()[3].sum() == 0


def test_first_reason_and_reference_survive_in_input_rows():
    dedup = Lineage.from_selection(
        [1, 2], n_in=4, drop_reason=Reason.DUPLICATE, drop_ref=[1, -1, -1, 2]
    )
    resample = Lineage.from_selection(
        [0], n_in=2, drop_reason=Reason.LABEL_CONFLICT, drop_ref=[-1, 0]
    )
    both = dedup.then(resample)
    assert both.drop_reason.tolist() == [
        Reason.DUPLICATE,
        Reason.NONE,
        Reason.LABEL_CONFLICT,
        Reason.DUPLICATE,
    ]
    assert both.drop_ref.tolist() == [1, -1, 1, 2]


def test_the_first_reason_of_a_change_stands():
    def changed(*rows, reason):
        return Lineage.from_selection(
            range(3), n_in=3, relabelled=np.isin(range(3), rows), change_reason=reason
        )

    first = changed(0, 1, reason=Reason.LABEL_CONFLICT)
    both = first.then(changed(1, 2, reason=Reason.LABEL_ISSUE))
    assert both.change_reason.tolist() == [
        Reason.LABEL_CONFLICT,
        Reason.LABEL_CONFLICT,
        Reason.LABEL_ISSUE,
    ]


def test_copies_dropped_for_several_rows_name_no_single_reference():
    copies = Lineage.from_selection([0, 0, 1], n_in=2)
    second = Lineage.from_selection(
        [2], n_in=3, drop_reason=Reason.DUPLICATE, drop_ref=[2, 2, -1]
    )
    both = copies.then(second)
    assert both.dropped.tolist() == [True, False]
    assert both.drop_ref.tolist() == [-2, -1]


def test_imbalanced_learn_indices_compose():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 2)), np.r_[np.zeros(25), np.ones(5)]
    first = RandomOverSampler(random_state=0)
    X1, y1 = first.fit_resample(X, y)
    second = RandomOverSampler(sampling_strategy={0: 40, 1: 40}, random_state=1)
    X2, _ = second.fit_resample(X1, y1)
    both = Lineage.from_selection(first.sample_indices_, n_in=30).then(
        Lineage.from_selection(second.sample_indices_, n_in=len(X1))
    )
    np.testing.assert_array_equal(X[both.origin], X2)


def test_composing_edits_that_do_not_fit_is_refused():
    with pytest.raises(ValueError, match="second starts from 3 rows but the first"):
        Lineage.identity(2).then(Lineage.identity(3))


@pytest.mark.parametrize("origin", [[0, 5], [-3, 0]])
def test_origin_outside_the_input_is_refused(origin):
    edit = Lineage.identity(2)
    with pytest.raises(ValueError, match="origin holds rows outside"):
        Lineage(
            n_in=2,
            origin=np.array(origin),
            parents=edit.parents,
            relabelled=edit.relabelled,
            drop_reason=edit.drop_reason,
            drop_ref=edit.drop_ref,
            change_reason=edit.change_reason,
        )


@given(edits())
def test_to_dict_is_json_and_to_frame_names_every_row_once(edit):
    said = json.loads(json.dumps(edit.to_dict()))
    assert said["origin"] == edit.origin.tolist()
    frame = edit.to_frame()
    assert len(frame) == edit.n_out + edit.dropped.sum()
    named = set(frame.input_row[frame.input_row >= 0])
    assert named == set(range(edit.n_in))


def test_a_frame_says_what_became_of_each_row():
    edit = Lineage.from_selection(
        [2, 2, UNTRACED, 0],
        n_in=4,
        relabelled=[False, True, False, False],
        altered=[False, False, False, True],
        drop_reason=Reason.DUPLICATE,
        drop_ref=[-1, 2, -1, -1],
    )
    assert edit.to_frame().to_numpy().tolist() == [
        [2, 0, "kept", "", -1],
        [2, 1, "relabelled", "label issue", -1],
        [-1, 2, "untraced", "", -1],
        [-1, 3, "synthetic", "synthetic", -1],
        [0, -1, "dropped", "duplicate", -1],
        [1, -1, "dropped", "duplicate", 2],
        [3, -1, "dropped", "duplicate", -1],
    ]


def test_lineage_is_read_only():
    with pytest.raises(ValueError, match="read-only"):
        Lineage.identity(3).origin[0] = 2


def test_the_caller_may_go_on_writing_into_what_it_passed():
    origin, relabelled, drop_ref = np.arange(3), np.zeros(3, dtype=bool), np.full(3, -1)
    edit = Lineage.from_selection(
        origin, n_in=3, relabelled=relabelled, drop_ref=drop_ref
    )
    origin[:], relabelled[:], drop_ref[:] = 0, True, 2
    assert_same(edit, Lineage.identity(3))
    parts = {f.name: getattr(Lineage.identity(3), f.name) for f in fields(Lineage)}
    parts = {
        name: value.copy() if hasattr(value, "copy") else value
        for name, value in parts.items()
    }
    edit = Lineage(**parts)
    for name, value in parts.items():
        if name == "parents":
            for inner in (value.data, value.indices, value.indptr):
                inner[:] = 0
        elif name != "n_in":
            value[:] = 1
    assert_same(edit, Lineage.identity(3))


@given(edits())
def test_a_saved_lineage_is_the_same(edit):
    for loaded in (pickle.loads(pickle.dumps(edit)), deepcopy(edit)):
        assert_same(loaded, edit)
        for field in fields(Lineage)[1:]:
            saved = getattr(edit, field.name)
            assert getattr(loaded, field.name).dtype == saved.dtype
        with pytest.raises(ValueError, match="read-only"):
            loaded.origin[0] = 0


@pytest.mark.parametrize(
    ("make", "most_bytes"),
    [
        (lambda n: Lineage.identity(n), 0.1),
        (lambda n: Lineage.from_selection(np.arange(0, n, 2), n_in=n), 0.3),
        (lambda n: Lineage.from_selection(np.arange(n)[::-1], n_in=n), 4.02),
        (
            lambda n: Lineage.from_selection(
                np.arange(n), n_in=n, relabelled=np.arange(n) % 10 == 0
            ),
            0.3,
        ),
    ],
)
def test_a_saved_lineage_is_small(make, most_bytes):
    n = 100_000
    assert len(pickle.dumps(make(n))) <= most_bytes * n


@given(
    st.lists(st.integers(0, 5), max_size=8),
    st.lists(st.sampled_from([-1, -2]), max_size=3),
    st.booleans(),
)
def test_packed_rows_are_the_rows(first, last, is_sorted):
    rows = np.array([*(sorted(set(first)) if is_sorted else first), *last], dtype=int)
    np.testing.assert_array_equal(unpack_rows(pack_rows(rows, 6), 6), rows)


def test_rows_that_were_made_take_no_space_for_those_that_were_there():
    packed = pack_rows(np.r_[np.arange(1000), np.full(50, -1)], 1000)
    assert packed == {"all": True, "made": -1, "n_made": 50}
