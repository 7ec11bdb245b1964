"""The README agrees with the package's metadata and keeps its promises of form."""

import re
import tomllib
from pathlib import Path

import pytest
from imblearn.under_sampling import RandomUnderSampler
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_the_support_matrix_is_that_of_the_metadata():
    for requirement in PROJECT["dependencies"]:
        name, bound = re.match(r"([a-z-]+)(.*)", requirement).groups()
        assert f"| {name} | {bound} |" in README
    supported = [
        c.rsplit(" ", 1)[1]
        for c in PROJECT["classifiers"]
        if c.startswith("Programming Language :: Python ::")
    ]
    assert f"| Python | {', '.join(supported)} |" in README


def test_the_example_has_at_most_twelve_lines():
    example = README.split("```python\n")[1].split("```")[0]
    assert sum(line.startswith((">>>", "...")) for line in example.splitlines()) <= 12


def test_the_trap_quotes_the_real_error():
    pipe = make_pipeline(RandomUnderSampler(), LogisticRegression())
    with pytest.raises(TypeError) as caught:
        pipe.fit([[0.0], [1.0]], [0, 1])
    quoted = " ".join(
        re.search(r"\*(All intermediate.*?) \.\.\.", README, re.DOTALL)
        .group(1)
        .replace("> ", "")
        .split()
    )
    assert quoted in " ".join(str(caught.value).split())


def test_every_estimator_of_the_table_exists():
    import skdataquality

    rooms = [getattr(skdataquality, room) for room in skdataquality._ROOMS]
    public = {name for room in rooms for name in room.__all__}
    table = README.split("## Which problem")[1].split("## When")[0]
    named = set(re.findall(r"`([A-Za-z_]+)[`(]", table)) - {"GridSearchCV"}
    assert named - {"diagnose"} <= public
