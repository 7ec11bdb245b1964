"""What a finding is about, in words and as a size."""

import numpy as np

from skdataquality.utils._frames import listed


def facts_of(sides, seen, judged, numbers):
    """Return the facts of the sentence, the severity, and the names of the finding."""
    n_pool = sides.pool.size
    far = numbers["far_share"].estimate
    facts = {"far": _percent(far)}
    kind = next(iter(judged.uncovered), None)
    if kind is None:
        return facts, 0.0, ()
    parts = judged.uncovered[kind]
    many = len(parts) > 1
    rows = judged.rows_of(kind) if kind in ("region", "category") else np.empty(0)
    share = rows.size / n_pool
    if kind == "class":
        codes = [seen.classes.index(part) for part in parts]
        share = float(np.isin(sides.codes[seen.distances.nearest], codes).mean())
    if kind == "far":
        share = max(0.0, far - 0.05)
    named = _named(kind, parts)
    facts |= {
        "what": _what(kind, parts),
        "have": "have" if many else "has",
        "rows": rows.size,
        "labels": _labels(sum(part.n_labeled for part in parts)),
        "share": _percent(share),
        "expected": f"{sum(part.expected for part in parts):.0f}",
    }
    weight = 1.0 if judged.verdict == "found" else 0.5
    return facts, float(min(1.0, weight * share)), named


def _named(kind, parts):
    """Name the parts; regions by their line in the table."""
    if kind == "far":
        return ()
    if kind == "region":
        return tuple(f"region {line}" for line in range(1, len(parts) + 1))
    return tuple(map(_name, parts))


def _name(part):
    return part.name if part.kind != "category" else " ".join(part.name)


def _what(kind, parts):
    if kind == "region":
        return "A region" if len(parts) == 1 else f"{len(parts)} regions"
    names = listed([_name(part) for part in parts])
    if kind == "class":
        return f"class {names}" if len(parts) == 1 else f"the classes {names}"
    return names


def _labels(n):
    return {0: "no label", 1: "one label"}.get(n, f"{n} labels")


def _percent(share):
    return f"{100 * share:.2g} %"
