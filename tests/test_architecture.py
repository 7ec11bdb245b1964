"""Data flows one way down the floors of the package."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "skdataquality"

FLOORS = {
    "cli": 8,
    "workflows": 7,
    "diagnosis": 6,
    "model_selection": 5,
    "review": 5,
    "estimator_checks": 5,
    "label_noise": 4,
    "imbalance": 4,
    "shift": 4,
    "duplicates": 4,
    "leakage": 4,
    "provenance": 4,
    "weak_supervision": 4,
    "active_learning": 4,
    "report": 3,
    "compose": 2,
    "datasets": 2,
    "tables": 2,
    "summary": 2,
    "base": 1,
    "lineage": 1,
    "verified": 1,
    "exceptions": 0,
    "utils": 0,
}
# a wing is a folder of a room; it imports from wings named before it, and from the
# folder, whose `__init__.py` names what the others may use
WINGS = {
    "label_noise": [
        "_confident",
        "_flags",
        "_classes",
        "_losses",
        "_detectors",
        "_remedies",
        "_audit",
        "_displays",
        "_regression",
    ],
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


def wing_of(path):
    room, *inner = path.relative_to(PACKAGE).with_suffix("").parts
    is_in_a_wing = len(inner) > 1 and (PACKAGE / room / inner[0]).is_dir()
    return inner[0] if is_in_a_wing else None


def foreign_wings(path, wings):
    """Pairs of a wing and the file inside it, or None, that another part imports."""
    room, own = room_of(path), wing_of(path)
    for module in imported_modules(path):
        parts = module.split(".")
        if parts[:2] != ["skdataquality", room] or len(parts) < 3:
            continue
        if parts[2] in wings and parts[2] != own:
            is_file = len(parts) > 3 and parts[3].startswith("_")
            yield parts[2], parts[3] if is_file else None


@pytest.mark.parametrize("room", WINGS)
def test_arrows_between_wings_run_one_way(room):
    wings = WINGS[room]
    folders = {
        p.name for p in (PACKAGE / room).iterdir() if (p / "__init__.py").exists()
    }
    assert folders == set(wings)
    for path in sorted((PACKAGE / room).rglob("*.py")):
        own = wing_of(path)
        below = wings if own is None else wings[: wings.index(own)]
        for wing, file in foreign_wings(path, wings):
            assert wing in below, f"{path.relative_to(PACKAGE)} imports {wing}"
            assert file is None, f"{path.relative_to(PACKAGE)} imports {wing}.{file}"


def test_a_room_of_many_files_has_wings():
    for room in sorted({room_of(path) for path in FILES} & set(FLOORS)):
        flat = list((PACKAGE / room).glob("*.py"))
        assert len(flat) <= 15, f"{room} has {len(flat)} files in one folder"


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
