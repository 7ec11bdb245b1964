"""Lines of a filled sheet, held against its plan: whose they are, what they say."""

import re

from skdataquality.report._csv import unmarked
from skdataquality.report._sheets._answers import Answers
from skdataquality.report._sheets._texts import folded
from skdataquality.utils._printable import printable

ANSWER = "answer"
# a spreadsheet may have written such a label otherwise, or in another encoding
REWRITTEN = re.compile(r"\d|[^\x00-\x7f]")


def lines_of_plan(path, grid, plan):
    """Return the cells of each row of the plan by its place, from 0, in file order."""
    found: dict = {}
    for key, cells in grid.lines:
        place = key.place - 1
        known = 0 <= place < len(plan.rows) and plan.rows[place] == key.row
        if not known or plan.digests[place] != key.digest:
            raise ValueError(
                f"{path} has the key of input_row {key.row} changed: restore the "
                f"column of keys."
            )
        if place in found:
            raise ValueError(
                f"{path} holds input_row {key.row} twice: delete one of the lines."
            )
        found[place] = cells
    return found


def one_plan(path, grid):
    """Return the id of the plan that all lines are of."""
    ids = {line.key.plan for line in grid.lines}
    if len(ids) > 1:
        raise ValueError(
            f"{path} holds lines of {len(ids)} sheets: pass the answers of one."
        )
    return ids.pop()


class Columns:
    """Where a saved sheet has the answer and the given label; None if dropped."""

    def __init__(self, path, grid, plan):
        shown = {folded(str(name)) for name in plan.columns}
        self.answer = self.given = None
        for head in grid.others:
            names = [folded(unmarked(cell)) for cell in head]
            self.answer = _place(names, folded(plan.answer))
            if self.answer is None:
                own = [k for k, n in enumerate(names) if n.startswith(ANSWER)]
                own = [k for k in own if names[k] not in shown]
                self.answer = own[0] if len(own) == 1 else None
            if self.answer is not None:
                if plan.given is not None:
                    self.given = _place(names, folded(plan.given_name))
                self.head = head
                break
        if self.answer is None:
            raise ValueError(
                f"{path} has no column {plan.answer!r}: keep the first line of the "
                f"sheet as it was written."
            )
        for cells in grid.others:
            if cells is not self.head and _cell(cells, self.answer).strip():
                raise ValueError(
                    f"{path} has the answer "
                    f"{printable(_cell(cells, self.answer))!r} in a line without a "
                    f"key: delete the line, or restore its key."
                )

    def texts(self, lines):
        """Return the text of the answer by place."""
        return {place: _cell(cells, self.answer) for place, cells in lines.items()}

    def given_texts(self, lines):
        """Return the text of the given label by place, where there is one."""
        if self.given is None:
            return {}
        texts = {k: unmarked(_cell(cells, self.given)) for k, cells in lines.items()}
        return {place: text for place, text in texts.items() if text.strip()}


def shown_labels(path, given_texts, plan):
    """Return which classes each text of the given column stands for.

    Raises if a given label was changed; what a spreadsheet makes of a label is none.
    """
    answers, codes = Answers(plan.classes), plan.given_codes
    shown: dict = {}
    spellings: dict = {}
    for place, text in given_texts.items():
        shown.setdefault(text, set()).add(int(codes[place]))
        spellings.setdefault(int(codes[place]), set()).add(text)
    for place, text in given_texts.items():
        code = int(codes[place])
        own, found = answers.texts[code], answers.label(text)
        if code in found:
            continue
        row = plan.rows[place]
        if "?" in text and "?" not in own:
            raise ValueError(
                f"{path} has lost letters, such as in input_row {row}, {own!r}: save "
                f"it as CSV in UTF-8."
            )
        rewritten = REWRITTEN.search(own) and len(spellings[code]) == 1
        if found or not rewritten:
            raise ValueError(
                f"{path}, input_row {row}: the given label was changed from {own!r} to "
                f"{printable(text)!r}. Put it back, and write the right one in the "
                f"column for the answer."
            )
    return shown


def _place(names, name):
    return names.index(name) if name in names else None


def _cell(cells, place):
    return cells[place] if place < len(cells) else ""
