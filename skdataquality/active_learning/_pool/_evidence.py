"""Tables of what is not covered, and which rows to label."""

import numpy as np
from sklearn.cluster import KMeans

from skdataquality.active_learning._pool._regions import EXAMPLES, apart
from skdataquality.utils._draws import FIXED_SEED
from skdataquality.utils._stats import proportion_interval

MOST_LINES = 20
WORDS = {"region": "a region", "category": "a value"}
MOST_FAR = 10  # far rows that are named for labelling
MOSTLY = 0.5  # of the rows of a part that lie in parts named before it
FAR_EACH = 10  # of the far rows, for each that is named


def region_lines(sides, parts, judged):
    """Lines of the regions that are not covered, or hold no label at all."""
    chosen = judged.uncovered.get("region", [])
    empty = [p for p in parts if p.n_labeled == 0 and p.facts["rows"].size]
    named = set(judged.rows_of("region").tolist())
    empty = [p for p in empty if not named & set(p.facts["rows"].tolist())]
    return [
        {
            "rows": part.facts["rows"].size,
            "labeled": part.n_labeled,
            "expected": part.expected,
            "p_value": judged.p_of(part),
            "examples": sides.numbers[part.facts["rows"][:EXAMPLES]].tolist(),
        }
        for part in [*chosen, *apart(empty)]
    ]


def category_lines(parts, judged):
    """Lines of values, those with the fewest labels beside what is expected."""
    order = sorted(parts, key=lambda part: (judged.p_of(part), part.p_value))
    return [
        {
            "column": part.name[0],
            "value": part.name[1],
            "rows": part.facts["rows"].size,
            "labeled": part.n_labeled,
            "expected": part.expected,
            "p_value": judged.p_of(part),
        }
        for part in order
        if part.n_labeled < part.expected
    ]


def class_lines(sides, distances, parts, judged):
    """Lines of the classes: labelled rows, and rows of the pool nearest to one."""
    if not parts:
        return []
    labeled = np.bincount(sides.codes[sides.labeled], minlength=sides.classes.size)
    nearest = sides.codes[distances.nearest]
    there = np.bincount(nearest, minlength=sides.classes.size)
    return [
        {
            "class": part.name,
            "labeled": int(labeled[code]),
            "share_labeled": proportion_interval(int(labeled[code]), labeled.sum()),
            "nearest_in_pool": int(there[code]),
            "share_in_pool": proportion_interval(int(there[code]), nearest.size),
            "p_value": judged.p_of(part),
        }
        for code, part in enumerate(parts)
    ]


def rows_to_label(sides, distances, judged):
    """Return positions of rows of the pool to label, and why, by position."""
    why: dict[int, str] = {}
    named = np.empty(0, dtype=int)
    for kind in ("region", "category"):
        for part in judged.uncovered.get(kind, ()):
            rows = part.facts["rows"]
            if np.isin(rows, named).mean() >= MOSTLY:
                continue
            for row in rows[:EXAMPLES].tolist():
                why.setdefault(row, f"{WORDS[kind]} with few labels")
            named = np.union1d(named, rows)
    if "far" in judged.uncovered and not why:
        for row in _among_far(sides, distances):
            why.setdefault(int(row), "far from any labelled row")
    return why


def _among_far(sides, distances):
    """Rows of the pool that are the farthest of a cluster of far ones, not alone."""
    rows, away = sides.pool[distances.is_far], distances.pool[distances.is_far]
    k = int(np.clip(rows.size // FAR_EACH, 1, MOST_FAR))
    model = KMeans(k, n_init=1, max_iter=30, random_state=FIXED_SEED)
    cluster = model.fit_predict(sides.points[rows])
    sizes = np.bincount(cluster, minlength=k)
    kept = np.flatnonzero(sizes >= min(FAR_EACH, sizes.max()))
    return rows[[np.argmax(np.where(cluster == c, away, -1)) for c in kept]]


def cut_lines(tables):
    """Return tables with their first lines, and the full length of longer ones."""
    shown = {title: lines[:MOST_LINES] for title, lines in tables.items() if lines}
    longer = {
        title: len(lines) for title, lines in tables.items() if len(lines) > MOST_LINES
    }
    return shown, longer
