"""Python expressions in lines that fit: :func:`wrapped_code`."""

import ast
import builtins
import io
import re
import tokenize
from dataclasses import dataclass
from itertools import pairwise

from skdataquality.utils._code import literal
from skdataquality.utils._printable import without_controls
from skdataquality.utils._shown import WIDTH, columns_of, wrapped

STEP = "    "
CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass
class _Group:
    """What stands in a pair of brackets: items, each of texts and groups."""

    opening: str
    items: list
    ends_in_comma: bool = False


def wrapped_code(expression, head="", *, width=WIDTH, by_step=False, cut_texts=True):
    """Break a Python expression into lines that can be pasted.

    What does not fit one line is broken like black does: the content of a bracket on a
    line of its own, or each item on one.

    Parameters
    ----------
    expression : str
        On one line. What is no Python is wrapped as words.
    head : str, default=""
        Blanks, and what stands before the expression.
    width : int, default=80
        Columns of a terminal.
    by_step : bool, default=False
        Break also what would fit where a bracket holds several calls, so that each
        step of a pipeline has a line.
    cut_texts : bool, default=True
        A text too long for a line becomes several in a row, which Python joins inside
        of brackets.

    Returns
    -------
    lines : list of str
    """
    expression = without_controls(expression)  # in the texts that it holds
    try:
        ast.parse(expression, mode="eval")
    except (SyntaxError, ValueError):  # a parameter that shows as no code
        return wrapped(expression, head)
    indent = head[: len(head) - len(head.lstrip())]
    item = _parse(expression)
    lines = _Layout(width, by_step, cut_texts).item(item, indent, head.lstrip())
    return [line.rstrip() for line in lines]


def runnable(code):
    """Lines of a program that makes a suggested estimator."""
    return [
        *code["imports"],
        "",
        *wrapped_code(code["expression"], "estimator = ", width=88, cut_texts=False),
    ]


def _parse(expression):
    """Return texts and groups of an expression, in their order."""
    # a group for the whole, which is never closed
    stack, start = [_Group("", [[]])], 0
    for token in tokenize.generate_tokens(io.StringIO(expression).readline):
        text, (_, first), (_, end) = token.string, token.start, token.end
        if token.type != tokenize.OP or text not in "()[]{},":
            continue
        group = stack[-1]
        if first > start:
            group.items[-1].append(expression[start:first].lstrip(" "))
        start = end
        if text in CLOSING:
            stack.append(_Group(text, [[]]))
        elif text == "," and len(stack) > 1:
            group.items.append([])
        elif text == ",":
            group.items[-1].append(", ")
        else:
            stack.pop()
            if not group.items[-1]:
                group.items.pop()
                group.ends_in_comma = bool(group.items)
            stack[-1].items[-1].append(group)
    if start < len(expression):
        stack[0].items[-1].append(expression[start:])
    return stack[0].items[0]


class _Layout:
    """Lines of at most so many columns."""

    def __init__(self, width, by_step, cut_texts):
        self.width, self.by_step, self.cut_texts = width, by_step, cut_texts

    def item(self, item, indent, head="", tail="", *, is_inside=False):
        """Lines of texts and groups behind a head, before a tail such as a comma."""
        flat = indent + head + _flat(item) + tail
        if self.fits(flat) and not (self.by_step and _has_steps(item)):
            return [flat]
        broken = [k for k, part in enumerate(item) if _has_content(part)]
        if not broken:
            return self.text(_flat(item), indent, head, tail, is_inside)
        before, group, after = item[: broken[-1]], item[broken[-1]], item[broken[-1] :]
        return [
            indent + head + _flat(before) + group.opening,
            *self.content(group, indent + STEP),
            indent + CLOSING[group.opening] + _flat(after[1:]) + tail,
        ]

    def content(self, group, indent):
        """Lines of the items of a group: one, or at least one for each item."""
        flat = indent + _inside(group)
        if self.fits(flat) and not (self.by_step and _has_steps([group])):
            return [flat]
        comma = "," if len(group.items) > 1 or group.ends_in_comma else ""
        lines = []
        for item in group.items:
            lines += self.item(item, indent, tail=comma, is_inside=True)
        return lines

    def text(self, text, indent, head, tail, is_inside):
        """Lines of what holds no bracket: texts too long for a line in parts."""
        room = self.width - columns_of(indent + STEP) - len(tail)
        pieces = _pieces(text, room) if self.cut_texts else [text]
        if len(pieces) == 1:
            return [indent + head + text + tail]
        if not is_inside:  # there Python would not join the parts
            inner = (indent + STEP + piece for piece in pieces)
            return [f"{indent}{head}(", *inner, f"{indent}){tail}"]
        lines, line = [], indent + head
        for piece in pieces:
            if line.strip() and not self.fits(line + piece.rstrip() + tail):
                lines.append(line)
                line, piece = indent + STEP, piece.lstrip()
            line += piece
        return [*lines, line.rstrip() + tail]

    def fits(self, line):
        """Whether a line has at most the columns allowed."""
        return columns_of(line) <= self.width


def _inside(group):
    comma = "," if group.ends_in_comma and len(group.items) == 1 else ""
    return ", ".join(map(_flat, group.items)) + comma


def _flat(item):
    return "".join(
        part
        if isinstance(part, str)
        else part.opening + _inside(part) + CLOSING[part.opening]
        for part in item
    )


def _has_content(part):
    return isinstance(part, _Group) and bool(part.items)


def _has_steps(item):
    """Whether some bracket holds several calls."""
    groups = [part for part in item if isinstance(part, _Group)]
    return any(
        sum(map(_has_call, group.items)) > 1 or any(map(_has_steps, group.items))
        for group in groups
    )


def _has_call(item):
    """Whether something other than a value of Python itself is made in an item."""
    return any(
        _is_call(before, group) or any(map(_has_call, group.items))
        for before, group in pairwise(["", *item])
        if isinstance(group, _Group)
    )


def _is_call(before, group):
    name = re.search(r"\w+$", before) if isinstance(before, str) else None
    if name is None or group.opening != "(":
        return False
    return not hasattr(builtins, name[0])


def _pieces(text, width):
    """Parts of a text that holds no bracket: literals that are too long are cut."""
    pieces, start = [""], 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        first, end = token.start[1], token.end[1]
        if token.type == tokenize.STRING and columns_of(token.string) > width:
            pieces[-1] += text[start:first]
            pieces += [f"{p} " for p in _parts(ast.literal_eval(token.string), width)]
            start = end
    pieces.append(text[start:])
    return [piece for piece in pieces if piece]


def _parts(value, width):
    """Literals of a text in pieces, each of at most so many columns."""
    parts, start, taken = [], 0, 2
    for place, character in enumerate(value):
        # a quotation mark may need a backslash
        own = 2 if character == "'" else columns_of(literal(character)) - 2
        if taken + own > width:
            parts.append(literal(value[start:place]))
            start, taken = place, 2
        taken += own
    return [*parts, literal(value[start:])]
