"""Provenance where rows depend on each other: clusters, neighbours, checks by hand."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from sklearn.linear_model import LogisticRegression

from skdataquality import diagnose
from skdataquality.provenance import (
    error_rates_by_source,
    provenance_lens,
    residual_provenance_lens,
)
from skdataquality.provenance._lens._by_hand import rows_to_verify
from skdataquality.provenance._rates._clusters import (
    blocks_of_neighbours,
    design_effects,
    encode_clusters,
)
from skdataquality.utils._sources import encode_sources


def clustered(seed, n_sources=3, rows_each=400, size=8, rate=0.05):
    """Flags, sources and clusters of rows that are flagged together."""
    rng = np.random.default_rng(seed)
    n = n_sources * rows_each // size
    source = np.arange(n) % n_sources
    flags = rng.random(n) < rate
    return [np.repeat(values, size) for values in (flags, source, np.arange(n))]


def without(table, *names):
    return [{k: v for k, v in row.items() if k not in names} for row in table]


@pytest.mark.parametrize("copies", [2, 5])
def test_copies_of_all_rows_say_no_more_than_the_rows(copies):
    rng = np.random.default_rng(0)
    source = rng.integers(0, 4, 300)
    flags = rng.random(300) < 0.1 + 0.1 * (source == 1)
    once = error_rates_by_source(flags, source, strata=source % 2)
    again = error_rates_by_source(
        np.repeat(flags, copies),
        np.repeat(source, copies),
        strata=np.repeat(source % 2, copies),
        clusters=np.repeat(np.arange(300), copies),
    )
    assert_allclose([row["design_effect"] for row in again], copies)
    counted = "rows", "flagged", "design_effect"
    for few, many in zip(
        without(once, *counted), without(again, *counted), strict=True
    ):
        assert few.pop("source") == many.pop("source")
        stratified = few.pop("p_given_strata"), many.pop("p_given_strata")
        assert_allclose(*stratified, rtol=0.02)
        assert_allclose(list(few.values()), list(many.values()), rtol=1e-9)


def test_rows_that_stand_alone_or_apart_count_in_full():
    rng = np.random.default_rng(0)
    source = encode_sources(rng.integers(0, 3, 3000), name="source")
    flags = rng.random(3000) < 0.1
    alone = encode_clusters(np.arange(3000), 3000)
    assert_allclose(design_effects(flags, source, alone), 1)
    unrelated = encode_clusters(rng.integers(0, 400, 3000), 3000)
    assert np.all(design_effects(flags, source, unrelated) < 1.15)
    missing = encode_clusters(pd.Series([None] * 3000), 3000)
    assert_allclose(design_effects(flags, source, missing), 1)


def test_the_design_effect_is_that_of_kish():
    """Beta-binomial clusters of ten with correlation .2: 1 + .2 * 9."""
    rng = np.random.default_rng(0)
    rates = np.repeat(rng.beta(0.1 * 4, 0.9 * 4, 6000), 10)
    flags = rng.random(60_000) < rates
    source = encode_sources(np.arange(60_000) // 20_000, name="source")
    tens = encode_clusters(np.arange(60_000) // 10, 60_000)
    effects = design_effects(flags, source, tens)
    assert_allclose(effects, 2.8, rtol=0.06)


def test_a_source_that_is_one_cluster_says_no_more_than_one_row():
    flags, source = np.tile([True, False], 20), np.repeat([0, 1], 20)
    effects = design_effects(
        flags, encode_sources(source, name="source"), encode_clusters(source, 40)
    )
    assert effects.tolist() == [20, 20]
    lens = provenance_lens(flags, {"a": source}, clusters=source)
    assert lens.verdict == "clear"


def test_of_several_kinds_of_clusters_the_largest_effect_counts():
    flags, source, cluster = clustered(0)
    both = np.column_stack([np.arange(flags.size), cluster])
    tables = [error_rates_by_source(flags, source, clusters=c) for c in (cluster, both)]
    assert tables[0] == tables[1]


@pytest.mark.parametrize("given", [True, False])
def test_clusters_of_flags_accuse_no_source(given):
    verdicts = []
    for seed in range(60):
        flags, source, cluster = clustered(seed)
        clusters = cluster if given else None
        lens = provenance_lens(flags, {"v": source}, clusters=clusters)
        verdicts.append(lens.verdict)
    assert verdicts.count("found") <= 3
    assert verdicts.count("clear") >= 50


def test_clusters_of_wrong_numbers_accuse_no_source():
    verdicts = []
    for seed in range(60):
        _, source, cluster = clustered(seed, n_sources=4)
        errors = np.random.default_rng(seed).normal(size=cluster.max() + 1)[cluster]
        lens = residual_provenance_lens(errors, {"v": source}, clusters=cluster)
        verdicts.append(lens.verdict)
        assert any("say as much as one" in limit for limit in lens.limits)
    assert verdicts.count("found") <= 3
    assert verdicts.count("clear") >= 50


def test_neighbours_are_looked_at_only_if_they_resemble_each_other():
    rng = np.random.default_rng(0)
    source = encode_sources(rng.integers(0, 4, 2000), name="source")
    found = 0
    for _ in range(100):
        flags = rng.random(2000) < 0.1
        found += blocks_of_neighbours(flags, source) is not None
    assert found <= 2
    bad = rng.random(2000) < np.where(source.codes == 1, 0.5, 0.02)
    assert blocks_of_neighbours(bad, source) is None  # the source itself is no series
    flags, codes, _ = clustered(0)
    assert blocks_of_neighbours(flags, encode_sources(codes, name="v")) is not None


def test_what_is_assumed_of_the_rows_is_said():
    flags, source, cluster = clustered(1)
    order = np.random.default_rng(0).permutation(flags.size)
    said = [
        " ".join(lens.limits)
        for lens in (
            provenance_lens(flags, {"v": source}, clusters=cluster),
            provenance_lens(flags, {"v": source}),
            provenance_lens(flags[order], {"v": source[order]}),
        )
    ]
    assert "by v, 8.0 rows say as much as one" in said[0]
    assert "Rows that follow each other within v go wrong together" in said[1]
    assert "Rows count as independent" in said[2]


def test_a_suspect_names_how_many_rows_decide():
    rng = np.random.default_rng(3)
    vendor = rng.integers(0, 2, 1000)
    flags = rng.random(1000) < np.where(vendor == 1, 0.15, 0.05)
    lens = provenance_lens(flags, {"vendor": vendor})
    assert lens.verdict == "suspect"
    n = lens.numbers["rows_to_verify"]
    assert any(f"check the labels of {n} rows of vendor=1" in s for s in lens.limits)
    rng = np.random.default_rng(0)
    rates = (lens.numbers[name].estimate for name in ("worst_rate", "rest_rate"))
    k, rest = (rng.binomial(n, rate, 4000) for rate in rates)
    decided = stats.norm.sf((k - rest) / np.sqrt(np.maximum(k + rest, 1))) < 0.05
    assert 0.75 < decided.mean() < 0.88
    assert rows_to_verify(0.1, 0.1) is None


def test_a_diagnosis_passes_groups_and_copies():
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(75, 3)), 8, axis=0)
    y = (X[:, 0] > 0).astype(int)
    wrong = np.repeat(rng.random(75) < 0.1, 8)
    y = np.where(wrong, 1 - y, y)
    source = np.repeat(np.arange(75) % 3, 8)
    order = rng.permutation(600)
    report = diagnose(
        X[order],
        y[order],
        sources={"v": source[order]},
        estimator=LogisticRegression(),
        random_state=0,
    )
    limits = " ".join(report.lenses["provenance"].limits)
    assert "Rows of one cluster go wrong together" in limits


def test_clusters_of_another_length_are_refused():
    with pytest.raises(ValueError, match="clusters has 3 rows"):
        error_rates_by_source([True, False], ["a", "b"], clusters=[1, 2, 3])
    with pytest.raises(ValueError, match="clusters has 1 rows"):
        provenance_lens([True, False], {"v": ["a", "b"]}, clusters=[1])
