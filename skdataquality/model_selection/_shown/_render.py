"""A comparison as text, Markdown and HTML: a section for each metric and its labels."""

from dataclasses import dataclass

from skdataquality.model_selection._shown._words import (
    LEGEND,
    cells,
    say_labels,
    shown_columns,
    unseen,
)
from skdataquality.report._markdown import escaped, markdown_table
from skdataquality.report._table import GAP, html_table, html_text, text_table
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import WIDTH, columns_of, cut, wrapped

LONGEST_NAME = 40  # of a metric, and of a remedy in Markdown
NARROWEST = 12  # columns of a terminal that names of remedies have
MOST_LINES = 3  # of a name
INDENT = "  "


@dataclass(frozen=True)
class Section:
    """Rows of one metric on the true or the given labels, and what stands over them."""

    metric: str
    where: str
    how: str
    rows: list

    @property
    def headline(self):
        """Metric, labels, and how intervals were made, in printable text."""
        name = cut(printable(self.metric), LONGEST_NAME)
        return f"{name}, {self.where} ({self.how})" if self.how else name


def sections_of(comparison, metric=None):
    """Sections of one metric, or of all, the deciding one and true labels first."""
    metrics = [metric]
    if metric is None:
        others = [m for m in comparison.scores_ if m != comparison.metric_]
        metrics = [comparison.metric_, *others]
    return [
        _section(comparison, name, labels)
        for name in metrics
        for labels in ("true", "given")
        if labels == "given" or comparison.true_tests_.get(name)
    ]


def _section(comparison, metric, labels):
    rows = comparison.table(metric, labels=labels)
    methods = dict.fromkeys(row["method"] for row in rows if row["method"])
    how = [f"intervals: {'; '.join(methods)}"] if methods else []
    if labels == "given":
        how = [f"{comparison.n_splits_} splits", *how]
    where = say_labels(labels, comparison.verified_)
    return Section(metric, where, ", ".join(how), rows)


def as_text(sections):
    """Tables of at most 80 columns, each with its headline, and a legend at the end."""
    lines: list[str] = []
    legend: dict[str, None] = {}
    for section in sections:
        columns = _that_fit(section.rows, shown_columns(section.rows))
        legend |= dict.fromkeys(columns)
        lines += wrapped(section.headline)
        lines += _lines_of_table(cells(section.rows, columns))
        lines += [*wrapped(unseen(section.rows)), ""]
    return "\n".join([*lines, *_legend_lines(legend)])


def _legend_lines(columns):
    width = max(map(len, columns))
    return [f"{column:<{width}}{GAP}{LEGEND[column]}" for column in columns]


def _legend_paragraph(columns):
    return " ".join(f"{column}: {LEGEND[column]}." for column in columns)


def _that_fit(rows, columns):
    """Columns that leave room for names; the last ones can be missed."""
    columns = list(columns)
    for column in ("seconds", "expected_gain"):
        if _room(cells(rows, columns)) < NARROWEST and column in columns:
            columns.remove(column)
    return columns


def _room(rows):
    """Terminal columns that are left for the first column."""
    others = list(zip(*rows, strict=True))[1:]
    return WIDTH - sum(max(map(columns_of, c)) + len(GAP) for c in others)


def _lines_of_table(rows):
    """Put long names onto more lines: those of remedies often differ at the end."""
    room = _room(rows)
    broken, indents = [], []
    for name, *rest in rows:
        first, *others = _lines_of(name, room)
        broken += [[first, *rest], *([line, *[""] * len(rest)] for line in others)]
        indents += ["", *[INDENT] * len(others)]
    lines = text_table(broken)
    return [indent + line for indent, line in zip(indents, lines, strict=True)]


def _lines_of(name, room):
    """Break a name into lines; all but the first leave room for the indent."""
    lines: list[str] = []
    line = ""
    for word in name.split(" "):
        longer = f"{line} {word}" if line else word
        if line and columns_of(longer) > room - len(INDENT) * bool(lines):
            lines.append(line)
            longer = word
        line = longer
    lines.append(line)
    last = lines[MOST_LINES - 1 :]
    first, *others = [*lines[: MOST_LINES - 1], *([" ".join(last)] if last else [])]
    return [cut(first, room), *(cut(line, room - len(INDENT)) for line in others)]


def as_markdown(sections):
    """Tables, each under its headline; long names are cut."""
    parts: list[str] = []
    legend: dict[str, None] = {}
    for section in sections:
        columns = shown_columns(section.rows)
        legend |= dict.fromkeys(columns)
        header, *body = cells(section.rows, columns)
        body = [[cut(name, LONGEST_NAME), *rest] for name, *rest in body]
        parts += [f"### {escaped(section.headline)}", markdown_table(header, body)]
        parts += [escaped(said) for said in [unseen(section.rows)] if said]
    return "\n\n".join([*parts, escaped(_legend_paragraph(legend))])


def as_html(sections):
    """Tables with captions, and what the columns say, all text escaped."""
    parts: list[str] = []
    legend: dict[str, None] = {}
    for section in sections:
        columns = shown_columns(section.rows)
        legend |= dict.fromkeys(columns)
        header, *body = cells(section.rows, columns)
        parts.append(html_table(header, body, caption=section.headline))
        parts += [f"<p>{html_text(s)}</p>" for s in [unseen(section.rows)] if s]
    return f"{''.join(parts)}<p>{html_text(_legend_paragraph(legend))}</p>"
