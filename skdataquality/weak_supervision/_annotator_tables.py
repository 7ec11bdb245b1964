"""The tables and predictions of the lens of annotators."""

import numpy as np

from skdataquality.utils._digits import fixed
from skdataquality.utils._lens import Prediction
from skdataquality.utils._printable import printable
from skdataquality.utils._stats import Interval
from skdataquality.weak_supervision._annotator_findings import find_faults
from skdataquality.weak_supervision._conduct import (
    fitted,
    random_parts,
    votes_of_rows,
)

ANNOTATORS = "annotators, worst first"
COPIES = "annotators that agree too much"
CLASSES = "classes confused"
SPLIT = "rows that nobody agrees on"
WRONG = "labels that the votes contradict"
ROW_TABLES = {SPLIT: ("row",), WRONG: ("row",)}
SHOWN = 20
SHOWN_ROWS = 10
FEWEST_HALF = 40  # rows
SKILL = "slope on the posterior of the others, over rows"


def annotator_tables(found, review):
    """Return the evidence, a list of dicts per table, and rows in full of some."""
    tables = {ANNOTATORS: _annotators(found)}
    if found.copies.size:
        tables[COPIES] = [_pair(found, i) for i in found.copies[:SHOWN].tolist()]
    if found.classes.first.size:
        tables[CLASSES] = _classes(found)
    rows = _split_rows(found)
    if rows:
        tables[SPLIT] = rows[:SHOWN_ROWS]
    if review:
        tables[WRONG] = review[:SHOWN_ROWS]
    in_full = {SPLIT: len(rows), WRONG: len(review)}
    in_full[ANNOTATORS] = found.evidence.votes.n_sources
    return tables, {title: n for title, n in in_full.items() if title in tables}


def name_of(found, source):
    """Return the name of an annotator as it may be shown."""
    return printable(found.evidence.votes.sources[source])


def _annotators(found):
    skill = found.skills
    order = np.lexsort((np.arange(skill.skill.size), np.nan_to_num(skill.skill, nan=9)))
    copied = np.concatenate(
        [found.pairs.first[found.copies], found.pairs.second[found.copies]]
    )
    return [
        {
            "annotator": found.evidence.votes.sources[j],
            "votes": int(skill.votes[j]),
            "skill": Interval(
                float(skill.skill[j]),
                float(skill.lower[j]),
                float(skill.upper[j]),
                SKILL,
            ),
            "accuracy": _accuracy(found, j),
            "finding": _finding(found, j, copied),
        }
        for j in order[:SHOWN].tolist()
    ]


def _accuracy(found, j):
    lower, upper = map(float, found.intervals[j])
    estimate = float(found.accuracies[j])
    return Interval(estimate, min(lower, estimate), max(upper, estimate), "label model")


def _finding(found, j, copied):
    said = []
    if j in found.worse:
        said.append("worse than chance")
    if j in found.useless:
        said.append("no better than chance")
    if j in copied:
        said.append("agrees too much with another")
    return ", ".join(said)


def _pair(found, i):
    pairs, names = found.pairs, found.evidence.votes.sources
    half = pairs.copied[i] - pairs.lower[i]
    return {
        "first": names[pairs.first[i]],
        "second": names[pairs.second[i]],
        "rows": int(pairs.rows[i]),
        "agree": int(pairs.agree[i]),
        "expected": float(pairs.expected[i]),
        "agreed_beyond": Interval(
            float(pairs.copied[i]),
            float(pairs.lower[i]),
            float(pairs.copied[i] + half),
            "normal",
        ),
        "p_value": float(pairs.p_value[i]),
    }


def _classes(found):
    lines, names = found.classes, found.evidence.votes.classes
    asked = np.flatnonzero(np.isfinite(lines.ratio))
    asked = asked[np.lexsort((asked, -lines.ratio[asked]))][:SHOWN]
    return [
        {
            "class_a": names[lines.first[i]],
            "class_b": names[lines.second[i]],
            "disagreements": int(lines.disagreements[i]),
            "expected": float(lines.expected[i]),
            "rate": float(lines.rate[i]),
            "ratio": float(lines.ratio[i]),
            "p_value": float(lines.p_value[i]),
            "finding": "confused" if i in found.confused else "",
        }
        for i in asked.tolist()
    ]


def _split_rows(found):
    """Rows that nobody agrees on, the least agreed on first."""
    votes = found.evidence.votes
    rows = np.flatnonzero(found.split.undecided)
    counts = votes.counts()[rows]
    share = counts.max(axis=1, initial=0) / np.maximum(counts.sum(axis=1), 1)
    rows, counts = rows[order := np.lexsort((rows, share))], counts[order]
    return [
        {
            "row": row,
            "votes": "; ".join(
                f"{printable(votes.classes[c])}: {line[c]}"
                for c in np.flatnonzero(line).tolist()
            ),
        }
        for row, line in zip(rows.tolist(), counts.tolist(), strict=True)
    ]


def predictions_of(found, model, gold):
    """Look again, by a model of a random half of the rows, at the other half."""
    votes = found.evidence.votes
    second = random_parts(votes.n_rows, 2) == 1
    if votes.n_rows < 2 * FEWEST_HALF or not found.reasons:
        return ()
    first = fitted(model, votes_of_rows(votes, ~second), gold[~second])
    again = find_faults(votes_of_rows(votes, second), first, gold[second])
    return (
        *(_worse_again(again, j) for j in found.worse[:3].tolist()),
        *(_copies_again(found, again, i) for i in found.copies[:3].tolist()),
        *(_confused_again(found, again, i) for i in found.confused[:3].tolist()),
    )


def _worse_again(again, j):
    skill = again.skills
    lower, upper = skill.lower[j], skill.upper[j]
    outcome = "confirmed" if upper < 0 else "refuted" if lower > 0 else "cannot tell"
    return Prediction(
        sentence=f"On rows that were not used to judge the others, "
        f"{name_of(again, j)} votes against them too.",
        outcome=outcome,
        measured=f"skill {fixed(skill.skill[j])} [{fixed(lower)}, {fixed(upper)}] in "
        f"{skill.votes[j]} votes",
    )


def _copies_again(found, again, i):
    j, k = found.pairs.first[i], found.pairs.second[i]
    here = np.flatnonzero((again.pairs.first == j) & (again.pairs.second == k))
    sentence = (
        f"On rows that were not used to judge them, {name_of(found, j)} and "
        f"{name_of(found, k)} agree too much too."
    )
    if here.size == 0:
        return Prediction(
            sentence=sentence, outcome="cannot tell", measured="too few common rows"
        )
    pairs, at = again.pairs, int(here[0])
    is_more = pairs.agree[at] > pairs.expected[at]
    sure = "confirmed" if pairs.lower[at] > 0 else "cannot tell"
    return Prediction(
        sentence=sentence,
        outcome=sure if is_more else "refuted",
        measured=f"agree on {pairs.agree[at]} of {pairs.rows[at]} rows, "
        f"{fixed(pairs.expected[at])} expected",
    )


def _confused_again(found, again, i):
    lines, names = again.classes, found.evidence.votes.classes
    a, b = found.classes.first[i], found.classes.second[i]
    ratio, lower = lines.ratio[i], lines.lower[i]
    outcome = "confirmed" if lower > 1 else "refuted" if ratio < 1 else "cannot tell"
    return Prediction(
        sentence=f"On rows that were not used to judge annotators, votes for "
        f"{printable(names[a])} and {printable(names[b])} meet more often than for "
        f"other classes too.",
        outcome=outcome,
        measured=f"{fixed(ratio)} times as often (from {fixed(lower)} on)",
    )
