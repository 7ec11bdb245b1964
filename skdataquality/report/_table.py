"""Small tables of text cells, one way for each medium."""

from html import escape

from skdataquality.utils._printable import printable
from skdataquality.utils._shown import WIDTH, columns_of, cut, padded

GAP = "  "


def text_table(rows, *, width=WIDTH):
    """Align cells; the first column is cut to fit, the others stand to the right."""
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(columns_of, column)) for column in zip(*rows, strict=True)]
    widths[0] = min(widths[0], width - sum(widths[1:]) - len(GAP) * len(widths[1:]))
    return [
        GAP.join(
            [
                padded(cut(row[0], widths[0]), widths[0]),
                *map(_right, row[1:], widths[1:]),
            ]
        ).rstrip()
        for row in rows
    ]


def _right(cell, width):
    return " " * (width - columns_of(cell)) + cell


def html_table(head, rows, *, caption=""):
    """Write cells as HTML, each escaped; line breaks in a cell stay."""
    heads = "".join(f'<th scope="col">{_cell(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{_cell(first)}</th>'
        + "".join(f"<td>{_cell(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    caption = f"<caption>{_cell(caption)}</caption>" if caption else ""
    return (
        f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cell(text):
    return "<br>".join(map(html_text, str(text).split("\n")))


def html_text(value):
    r"""Text that HTML shows as it is, on one line.

    >>> html_text("<b>\x1b")
    '&lt;b&gt;\\x1b'
    """
    return escape(printable(value))
