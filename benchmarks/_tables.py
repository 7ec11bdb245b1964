"""Show the rows of a problem: as text, and as a page of the documentation."""

from itertools import chain
from pathlib import Path

import pandas as pd

from benchmarks._harness import parts_of, problem_names, results_of, text_of
from benchmarks._results import cell

DIGITS = 4


def as_they_are(rows):
    return rows


def side_by_side(case, by, values):
    """Return a function that makes one line per case, with what `by` names in columns.

    Parameters
    ----------
    case, values : str
        Names of columns, with blanks between them.
    by : str
        A column; each value of it gets a column for each of the values.
    """
    case, values = case.split(), values.split()

    def make(rows):
        lines: dict[tuple, dict] = {}
        for row in rows.to_dict("records"):
            name = {key: row[key] for key in case}
            line = lines.setdefault(tuple(name.values()), name)
            which = cell(row[by])
            for value in values:
                line[which if len(values) == 1 else f"{value}, {which}"] = row[value]
        return pd.DataFrame(lines.values())

    return make


def columns(names):
    """Return a function that shows some of the columns."""
    return lambda rows: rows[names.split()]


def title_of(name):
    return name.replace("_", " ").capitalize()


def frames_of(name, results):
    """Yield part, caption and frame of text of each table that has a row."""
    for part, rows in results.items():
        for caption, make in parts_of(name)[part].tables.items():
            frame = make(rows).map(cell, digits=DIGITS)
            if len(frame):
                yield part, caption, frame


def as_text(name, results, targets=()):
    """Return Markdown: what was measured, and what it should be."""
    blocks = [f"# {title_of(name)}"]
    for _, caption, frame in frames_of(name, results):
        blocks += [caption, markdown(frame)]
    if targets:
        blocks += ["Targets", markdown(targets_frame(targets))]
    if not results:
        blocks += [f"no results: python -m benchmarks run {name}"]
    return "\n\n".join(blocks) + "\n"


def targets_frame(targets):
    frame = pd.DataFrame(targets)
    frame["at_most"] = frame["at_most"].map({True: "at most", False: "at least"})
    frame["met"] = ["yes" if target.is_met else "no" for target in targets]
    return frame[["figure", "measured", "at_most", "bound", "met"]].map(
        cell, digits=DIGITS
    )


def markdown(frame):
    lines = [list(frame), *frame.to_numpy().tolist()]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(
        f"| {' | '.join(map(str.ljust, line, widths))} |".rstrip() for line in lines
    )


def write_pages(folder):
    """Write ``benchmarks_NAME.rst`` of every problem, from the CSV files here."""
    for name in problem_names():
        path = Path(folder) / f"benchmarks_{name}.rst"
        path.write_text(page(name, results_of(name), folder), "utf-8")


def page(name, results, folder):
    """Return the page of one problem; its figures are saved in the folder."""
    blocks = [heading(title_of(name) + ": measured", "="), text_of(name)]
    blocks.append(f"``python -m benchmarks run {name}`` measures again.")
    last = None
    for part, caption, frame in frames_of(name, results):
        if part not in (last, name):
            blocks.append(heading(title_of(part), "-"))
        last = part
        blocks += [caption, csv_table(frame)]
    blocks += figure_blocks(name, results, folder)
    made_with = chain.from_iterable(
        rows.attrs["made_with"] for rows in results.values()
    )
    known = "; ".join(dict.fromkeys(made_with)) or "not measured yet"
    return "\n\n".join([*blocks, f"Measured with: {known}."]) + "\n"


def figure_blocks(name, results, folder):
    for part, rows in results.items():
        figures = parts_of(name)[part].figures.items()
        for i, (caption, draw) in enumerate(figures, start=1):
            file = f"benchmarks_{name}_{part}_{i}.svg"
            draw(rows).savefig(Path(folder) / file)
            yield f".. figure:: {file}\n\n   {caption}"


def heading(text, character):
    return f"{text}\n{character * len(text)}"


def csv_table(frame):
    lines = frame.to_csv(index=False).splitlines()
    return "\n".join(
        [".. csv-table::", "   :header-rows: 1", "", *(f"   {line}" for line in lines)]
    )
