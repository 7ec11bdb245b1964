"""A lens seldom accuses clean data; the full run is a script in benchmarks."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "false_accusations.py"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("false_accusations", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_at_most_four_of_thirty_clean_sets_are_accused(script):
    counts, _ = script.verdicts_on_clean_data(30)
    for lens in script.LENSES:
        assert counts[lens]["found"] <= 4, f"{lens}: {counts[lens]}"
