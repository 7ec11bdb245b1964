"""Data flows one way down the floors of the package."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "skdataquality"

FLOORS = {
    "cli": 7,
    "diagnosis": 6,
    "report": 5,
    "model_selection": 4,
    "review": 4,
    "estimator_checks": 4,
    "label_noise": 3,
    "imbalance": 3,
    "shift": 3,
    "duplicates": 3,
    "leakage": 3,
    "provenance": 3,
    "weak_supervision": 3,
    "active_learning": 3,
    "compose": 2,
    "datasets": 2,
    "summary": 2,
    "base": 1,
    "lineage": 1,
    "exceptions": 0,
    "utils": 0,
}
SHIM = PACKAGE / "utils" / "_sklearn.py"
FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def imported_modules(path):
    """Every module that a file imports, also inside functions, in full."""
    package = ("skdataquality", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *filter(None, [node.module])))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def own_rooms(path):
    for module in imported_modules(path):
        parts = module.split(".")
        if parts[0] == "skdataquality" and len(parts) > 1 and parts[1] in FLOORS:
            yield parts[1]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_only_from_floors_below(path):
    room = room_of(path)
    if room == "__init__":
        return
    above = {
        other
        for other in own_rooms(path)
        if other != room and FLOORS[other] >= FLOORS[room]
    }
    allowed = {("base", "lineage"), ("utils", "exceptions")}
    above = {other for other in above if (room, other) not in allowed}
    assert not above, f"{room} (floor {FLOORS[room]}) imports {sorted(above)}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_the_shim_imports_private_or_experimental_names(path):
    if path == SHIM:
        return
    private = [
        module
        for module in imported_modules(path)
        if module.split(".")[0] in ("sklearn", "imblearn")
        and (
            any(part.startswith("_") for part in module.split("."))
            or module.startswith("sklearn.callback")
        )
    ]
    assert not private, f"import these through {SHIM.name}: {private}"


def test_every_room_has_a_floor():
    assert {room_of(path) for path in FILES} - {"__init__"} <= set(FLOORS)


def test_a_breach_would_be_found(tmp_path):
    code = tmp_path / "sample.py"
    code.write_text(
        "def f():\n    from sklearn.utils._tags import get_tags\n    return get_tags\n"
    )
    modules = [
        alias
        for node in ast.walk(ast.parse(code.read_text()))
        if isinstance(node, ast.ImportFrom)
        for alias in [node.module]
    ]
    assert modules == ["sklearn.utils._tags"]


def test_no_dumping_grounds():
    names = {path.stem for path in FILES}
    assert not names & {"helpers", "common", "misc", "_helpers", "_common", "_misc"}


def test_the_diagnosis_loads_no_library_beside_its_core_ones():
    program = (
        "import sys, imblearn, narwhals, sklearn.linear_model\n"
        "before = {name.split('.')[0] for name in sys.modules}\n"
        "from skdataquality import diagnose\n"
        "after = {name.split('.')[0] for name in sys.modules}\n"
        "print(*sorted(after - before - sys.stdlib_module_names))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["skdataquality"]
