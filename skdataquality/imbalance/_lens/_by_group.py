"""Groups of rows: too few of some, and how far the worst is behind."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.imbalance._groups import group_report
from skdataquality.imbalance._lens._seen import Part
from skdataquality.utils._digits import fixed
from skdataquality.utils._stats import SMALL_P

MOST_LINES = 20
UNNAMED = "groups"


@dataclass(frozen=True)
class ByGroup:
    """A `GroupReport`, and what matters of it."""

    report: Any

    @property
    def worst(self):
        """The gap between the worst group and the rest, beyond chance, or None."""
        worst = self.report.worst_gap
        if worst is None or worst["adjusted_p_value"] >= SMALL_P:
            return None
        return worst if worst["gap"].lower > 0 else None

    @property
    def rarest(self):
        """The group furthest below its share of the population, or None."""
        under = self.report.under_represented
        return min(under, key=_shortfall, default=None)

    @property
    def is_neglected(self):
        """Whether the group that is rare is also the worst."""
        rare, worst = self.rarest, self.worst
        keys = ("column", "group")
        return worst is not None and all(rare[key] == worst[key] for key in keys)

    @property
    def severity(self):
        """Share of the rows that the rarest group should have and lacks."""
        return 1 - _shortfall(self.rarest)

    def facts(self):
        """Return what the sentence of the reason is made of."""
        rare = self.rarest
        also = ", and is found worse than the others" if self.is_neglected else ""
        return {
            "name": rare["group"],
            "of": "" if _is_unnamed(rare) else f" of {rare['column']}",
            "here": fixed(rare["share"].estimate),
            "there": fixed(rare["population"]),
            "also": also,
        }


def _shortfall(line):
    return line["share"].estimate / line["population"]


def by_group(seen, groups, population):
    """Return the `ByGroup` of the rows, or None without groups."""
    if groups is None:
        if population is not None:
            raise ValueError(
                "population is given without groups: pass the group of each row, too."
            )
        return None
    called = np.full(seen.codes.size, None, dtype=object)
    called[seen.covered] = seen.classes[seen.predicted].tolist()
    report = group_report(
        seen.classes[seen.codes],
        called,
        groups,
        population=population,
        classes=seen.classes,
        random_state=seen.random_state,
    )
    return ByGroup(report)


def groups_part(found):
    """Return the numbers and tables of groups."""
    report = found.report
    worst = report.worst_gap
    known = [line for line in report.gaps if line["p_value"] is not None]
    gaps = sorted(known, key=lambda line: line["p_value"])[:MOST_LINES]
    declared = any(line["population"] is not None for line in report.groups)
    titles = {"groups": report.groups, "gaps between groups": known}
    return Part(
        numbers={
            "worst_group_gap": worst and worst["gap"],
            "p_worst_group": worst and worst["adjusted_p_value"],
            "rare_groups": len(report.under_represented) if declared else None,
        },
        evidence={
            "groups": report.groups[:MOST_LINES],
            "gaps between groups": gaps,
        },
        evidence_rows={
            title: len(lines)
            for title, lines in titles.items()
            if len(lines) > MOST_LINES
        },
        limits=_limits(found),
    )


def _limits(found):
    worst = found.worst
    if worst is None:
        return ()
    name = f"{worst['column']}={worst['group']}"
    if _is_unnamed(worst):
        name = f"group {worst['group']}"
    return (
        f"For {name} the {worst['metric']} is {worst['gap'].short()} lower than for "
        f"the other rows.",
    )


def _is_unnamed(line):
    """Whether the column has no name but that of the argument."""
    return line["column"] == UNNAMED
