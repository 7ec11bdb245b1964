"""The guide names only figures that were measured."""

import re
import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(DOCS.glob("*.rst"))
NAME = r"\|([a-z][a-z0-9 \n]*)\|"


@pytest.fixture(scope="module")
def figures():
    text = runpy.run_path(str(DOCS / "figures.py"))["substitutions"]()
    return dict(re.findall(r"\.\. \|([^|]+)\| replace:: (.+)", text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_figure_of_a_page_is_measured(page, figures):
    named = {" ".join(name.split()) for name in re.findall(NAME, page.read_text())}
    assert named <= figures.keys()


def test_no_figure_is_empty(figures):
    assert "nan" not in " ".join(figures.values())
    assert any("|tree 60 agree|" in page.read_text() for page in PAGES)
