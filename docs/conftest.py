"""The page that runs every command from end to end is slow."""

import pytest

SLOW = "from_a_file_to_a_decision.rst"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.name == SLOW:
            item.add_marker(pytest.mark.slow)
