"""What the sentences of the lens of annotators tell: :func:`facts_of`."""

import numpy as np

from skdataquality.utils._digits import fixed
from skdataquality.utils._printable import printable
from skdataquality.weak_supervision._annotator_tables import name_of

OF_LABELS = ("labels_wrong", "labels_some")


def facts_of(code, found, base):
    """Return the words of the sentence of a reason."""
    skill, pairs, lines = found.skills, found.pairs, found.classes
    if code in ("worse_than_chance", "no_better"):
        j = _first(code, found)
        return {
            "who": name_of(found, j),
            "skill": fixed(skill.skill[j], 2),
            "lower": fixed(skill.lower[j], 2),
            "upper": fixed(skill.upper[j], 2),
            "votes": skill.votes[j],
        }
    if code == "copies":
        i = found.copies[0]
        return {
            "first": name_of(found, pairs.first[i]),
            "second": name_of(found, pairs.second[i]),
            "agree": pairs.agree[i],
            "rows": pairs.rows[i],
            "expected": round(pairs.expected[i]),
        }
    if code == "classes_confused":
        i, names = found.confused[0], found.evidence.votes.classes
        return {
            "a": printable(names[lines.first[i]]),
            "b": printable(names[lines.second[i]]),
            "ratio": fixed(lines.ratio[i], 2),
            "rate": _percent(lines.rate[i]),
        }
    if code == "rows_split":
        split = found.split
        n = split.expected + split.excess * split.rows
        return {
            "split": round(n),
            "rows": split.rows,
            "expected": round(split.expected),
        }
    if code == "rows_uneven":
        return {"times": fixed(found.split.dispersion, 2)}
    if code in OF_LABELS:
        rate = found.labels.rate
        keys = {"rate": rate.estimate, "lower": rate.lower, "upper": rate.upper}
        return {key: _percent(value) for key, value in keys.items()}
    alpha = base["krippendorff_alpha"]
    return {"alpha": fixed(alpha.estimate, 2), "lower": fixed(alpha.lower, 2)}


def limits_of_votes(found):
    """Return what these votes cannot tell: of whom, and as votes of functions."""
    votes, said = found.evidence.votes, []
    n_votes = np.bincount(votes.source, minlength=votes.n_sources)
    shared = (np.bincount(votes.row, minlength=votes.n_rows) > 1)[votes.row]
    compared = np.bincount(votes.source[shared], minlength=votes.n_sources)
    alone = np.flatnonzero((n_votes > 0) & (compared == 0))
    if alone.size:
        names = ", ".join(name_of(found, j) for j in alone[:5])
        more = f" and {alone.size - 5} more" if alone.size > 5 else ""
        said.append(
            f"Nothing tells how good {names}{more} may be: no row of theirs has a vote "
            f"of another annotator."
        )
    if votes.one_sided_share > 0.5:
        said.append(
            "Most votes are of sources that only ever say one class, as labelling "
            "functions do: this lens is about annotators, lf_summary about functions."
        )
    return said


def _first(code, found):
    """Return the annotator named first: the one of the lowest skill."""
    some = found.worse if code == "worse_than_chance" else found.useless
    return some[np.argmin(found.skills.skill[some])]


def p_value_of(code, found):
    """Return the p value that a finding rests on, or None."""
    if code == "worse_than_chance":
        return float(found.skills.p_below[_first(code, found)])
    if code == "copies":
        return float(found.pairs.p_value[found.copies[0]])
    if code == "classes_confused":
        return float(found.classes.p_value[found.confused[0]])
    of_rows = {"rows_split": "p_value", "rows_uneven": "p_uneven"}
    return getattr(found.split, of_rows[code]) if code in of_rows else None


def named_by(code, found):
    """Return annotators or classes that the finding is about."""
    votes = found.evidence.votes
    if code == "worse_than_chance":
        return tuple(votes.sources[found.worse].tolist())
    if code == "no_better":
        return tuple(votes.sources[found.useless].tolist())
    if code == "copies":
        i = found.copies
        both = np.union1d(found.pairs.first[i], found.pairs.second[i])
        return tuple(votes.sources[both].tolist())
    if code == "classes_confused":
        i = found.confused
        both = np.union1d(found.classes.first[i], found.classes.second[i])
        return tuple(votes.classes[both].tolist())
    return ()


def _percent(share):
    return f"{share:.1%}".replace("%", " %")
