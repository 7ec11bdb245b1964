"""Which groups moved, and whether only their shares did."""

from dataclasses import dataclass, replace

import numpy as np

from skdataquality.shift._detection._column_tests import share_distance
from skdataquality.shift._detection._rows import shared_groups
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._stats import Interval, holm

MOST_GROUPS = 20  # that are compared, the largest


@dataclass(frozen=True, eq=False)
class GroupTests:
    """Groups that both sides share, compared one by one.

    Attributes
    ----------
    table : tuple of dict
        By group, the one with the smallest p value first: "group", "rows",
        "target_rows", "domain_auc" (Interval or None), "p_value" and "p_relevant" (of
        effects that matter), both adjusted by Holm over the groups.
    mix : Interval
        Total variation of the shares of all groups on both sides, in [0, 1].
    p_mix : float
        That the groups have the same shares, by chi-squared.
    n_left_out : int
        Shared groups that were not compared, being smaller than the largest 20.
    """

    table: tuple
    mix: Interval
    p_mix: float
    n_left_out: int

    def moved(self, level):
        """Names of the groups inside which rows differ, by enough to matter."""
        return tuple(r["group"] for r in self.table if r["p_relevant"] < level)

    def only_mix(self, level, min_effect):
        """Whether the shares of groups differ, and nothing is found inside of any."""
        differs = self.p_mix < level and self.mix.estimate >= min_effect
        return differs and not self.moved(level)


def examine_groups(rows, cells, test):
    """Compare both sides inside of each group by ``test``, and the shares of groups."""
    is_target, codes = rows.is_target, rows.groups
    mix, p_mix = share_distance(codes, is_target.astype(bool))
    shared = shared_groups(codes, is_target)
    sizes = np.bincount(codes)[shared]
    largest = shared[np.argsort(-sizes, kind="stable")[:MOST_GROUPS]]
    found = []
    for code in largest:
        inside = np.flatnonzero(codes == code)
        of_group = [replace(c, values=c.values[inside]) for c in cells]
        p, relevant, auc = test(
            take_rows(rows.pooled, inside), of_group, is_target[inside]
        )
        n_target = int(is_target[inside].sum())
        found.append((code, inside.size - n_target, n_target, auc, p, relevant))
    p_values, relevant = (holm([f[j] for f in found]) for j in (4, 5))
    table = [
        {
            "group": rows.group_names[code],
            "rows": n,
            "target_rows": n_target,
            "domain_auc": auc,
            "p_value": float(p),
            "p_relevant": float(r),
        }
        for (code, n, n_target, auc, _, _), p, r in zip(
            found, p_values, relevant, strict=True
        )
    ]
    return GroupTests(
        tuple(sorted(table, key=lambda row: row["p_value"])),
        mix,
        p_mix,
        int(shared.size - largest.size),
    )
