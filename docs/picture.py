"""The picture on the front page: the first lines of a report in a terminal."""

from io import StringIO

from rich.console import Console
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.datasets import load_demo
from skdataquality.diagnosis import diagnose

SHOWN = "Label noise:", "  Limit:"  # from the one to before the other
# rich's own template loads fonts from the web
TEMPLATE = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" \
xmlns="http://www.w3.org/2000/svg"><style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; \
font-size: {char_height}px; line-height: {line_height}px; }}
{styles}</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" \
width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
{chrome}<g transform="translate({terminal_x}, {terminal_y})" \
clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g></g></svg>
"""


def write_picture(path):
    """Diagnose the demo's data and draw the verdicts and one lens as SVG."""
    demo = load_demo()
    report = diagnose(
        demo.X,
        demo.y,
        X_target=demo.X_target,
        sources=demo.sources,
        estimator=make_pipeline(StandardScaler(), LogisticRegression()),
    )
    console = Console(record=True, width=84, file=StringIO())
    # the last line of the picture is cut at its foot
    console.print(f"{first_lines(str(report))}\n", markup=False, highlight=False)
    path.write_text(
        console.export_svg(
            title="skdataquality demo", code_format=TEMPLATE, unique_id="report"
        ),
        "utf-8",
    )


def first_lines(text):
    """Return the verdicts at the top and what one lens found."""
    top = text.split("\n\n")[0]
    start = text.index(f"\n{SHOWN[0]}")
    end = text.index(f"\n{SHOWN[1]}", start)
    return f"{top}\n{text[start:end]}"
