"""Sheets of one table that follow each other: each remembers those before it."""

import os
from dataclasses import dataclass

import numpy as np

from skdataquality.utils._frames import is_missing
from skdataquality.verified import VerifiedLabels
from skdataquality.workflows._answers import filled_sheet

EARLIER = "earlier"  # its place in the design of a plan


@dataclass(frozen=True, eq=False)
class Round:
    """Answers to the rows of one sheet.

    Attributes
    ----------
    id : str
        Id of its plan.
    name : str
        What the sheet is called.
    verified : VerifiedLabels
    new_labels : tuple
        Those answers that no row of the table has.
    """

    id: str
    name: str
    verified: VerifiedLabels
    new_labels: tuple = ()

    def to_dict(self):
        """Return plain lists, numbers and text."""
        told = self.verified.to_dict()
        return vars(self) | {"verified": told, "new_labels": list(self.new_labels)}


def read_rounds(verified, frame, label, purposes, *, plan=None, labels=None, **options):
    """Return the rounds that sheets tell of, those they remember too, in their order.

    Parameters
    ----------
    verified : None, path, VerifiedLabels, or a list of them
    frame : pandas data frame
        The table, with the labels that it had when the first sheet was written.
    label : str
    purposes : tuple of str
        What the sheets may have been written for, first what this job writes them for.
    plan : None, path, or a list of them, one for each sheet
    labels : ndarray of shape (n_samples,), default=None
        Labels as the plans have them.
    **options
        Of :func:`~skdataquality.report._sheets.read_filled`, such as ``blank``.

    Raises
    ------
    ValueError
        If a sheet is of another table, purpose or label, comes twice, or a row has
        answers in two of them.
    """
    given = _listed(verified)
    plans = _plans(plan, given)
    rounds: dict = {}
    read: dict = {}
    for place, (one, its_plan) in enumerate(zip(given, plans, strict=True), start=1):
        if isinstance(one, VerifiedLabels):
            rounds[f"{place}"] = Round(f"{place}", f"verified {place}", one)
            continue
        filled = filled_sheet(
            one, frame, label, plan=its_plan, labels=labels, **options
        )
        stored = filled.plan
        if stored.purpose not in purposes:
            raise ValueError(
                f"{one} was written for {_called(stored.purpose)}, not for "
                f"{_called(purposes[0])}: pass sheets of this job."
            )
        if stored.id in read:
            raise ValueError(
                f"{read[stored.id]} and {one} are the same sheet: pass one of them."
            )
        read[stored.id] = one
        for told in (stored.design or {}).get(EARLIER, []):
            rounds.setdefault(told["id"], _remembered(told))
        name = os.path.basename(one)
        rounds[stored.id] = Round(stored.id, name, filled.verified, filled.new_labels)
    found = list(rounds.values())
    _check_once(found)
    return found


def _called(purpose):
    return f"{'an' if purpose[0] in 'aeiou' else 'a'} {purpose}"


def _listed(verified):
    if verified is None:
        return []
    one = isinstance(verified, str | os.PathLike | VerifiedLabels)
    given = [verified] if one else list(verified)
    for item in given:
        if not isinstance(item, str | os.PathLike | VerifiedLabels):
            raise ValueError(
                f"verified holds a {type(item).__name__}: pass paths of filled sheets, "
                f"or VerifiedLabels."
            )
    return given


def _plans(plan, given):
    if plan is None:
        return [None] * len(given)
    plans = [plan] if isinstance(plan, str | os.PathLike) else list(plan)
    if len(plans) != len(given):
        raise ValueError(
            f"plan names {len(plans)} files and verified {len(given)}: pass one plan "
            f"for each sheet, in their order, or none."
        )
    return plans


def _remembered(told):
    verified = VerifiedLabels(**told["verified"])
    return Round(told["id"], told["name"], verified, tuple(told["new_labels"]))


def _check_once(rounds):
    """Refuse a row that has an answer in two sheets."""
    owner: dict = {}
    for one in rounds:
        for row in answered_rows(one.verified).tolist():
            if row in owner:
                raise ValueError(
                    f"{owner[row]} and {one.name} both answer input_row {row}: leave "
                    f"one of the two answers out."
                )
            owner[row] = one.name


def answered_rows(verified):
    """Return the rows that a person has looked at."""
    return np.concatenate([verified.rows, verified.cannot_say])


def asked_rows(rounds):
    """Return all rows that a person has looked at, in rising order."""
    rows = [answered_rows(one.verified) for one in rounds]
    return np.sort(np.concatenate([np.empty(0, dtype=np.intp), *rows]))


def together(rounds, purpose, n_rows):
    """Return the answers of all rounds as one, None without a round."""
    if not rounds:
        return None
    parts = [one.verified for one in rounds]
    has_given = all(part.given is not None for part in parts)
    seen = asked_rows(rounds)
    unanswered = np.unique(np.concatenate([part.unanswered for part in parts]))
    return VerifiedLabels(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.inclusion_probability for part in parts]),
        cannot_say=np.concatenate([part.cannot_say for part in parts]),
        unanswered=np.setdiff1d(unanswered, seen),
        given=np.concatenate([part.given for part in parts]) if has_given else None,
        purpose=purpose,
        n_rows=n_rows,
    )


def new_labels_of(rounds, known):
    """Return labels of the answers that are none of those known, in their order."""
    labels = [v for one in rounds for v in (*one.new_labels, *one.verified.labels)]
    fresh = (v for v in labels if not is_missing(v) and v not in known)
    return list(dict.fromkeys(fresh))
