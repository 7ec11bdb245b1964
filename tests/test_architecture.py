"""Data flows one way down the floors of the package."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "skdataquality"

FLOORS = {
    "__main__": 9,
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
    "active_learning": [
        "_marks",
        "_embedding",
        "_geometry",
        "_strategies",
        "_curation",
        "_simulation",
        "_displays",
        "_pool",
    ],
    "duplicates": [
        "_joins",
        "_numbers",
        "_texts",
        "_detection",
        "_remedies",
        "_leaks",
        "_entities",
        "_lens",
    ],
    "imbalance": [
        "_weights",
        "_difficulty",
        "_samplers",
        "_adjusters",
        "_slices",
        "_groups",
        "_displays",
        "_lens",
    ],
    "label_noise": [
        "_confident",
        "_flags",
        "_classes",
        "_losses",
        "_detectors",
        "_remedies",
        "_audit",
        "_warranty",
        "_displays",
        "_regression",
    ],
    "model_selection": ["_shown", "_verification", "_to_target"],
    "provenance": [
        "_rates",
        "_judgement",
        "_changes",
        "_slices",
        "_attribution",
        "_displays",
        "_lineage",
        "_trail",
        "_lens",
    ],
    "review": ["_next_step"],
    "shift": [
        "_targets",
        "_ratios",
        "_label_shift",
        "_detection",
        "_concept",
        "_performance",
        "_lens",
    ],
    "weak_supervision": [
        "_votes",
        "_label_models",
        "_functions",
        "_annotators",
        "_conduct",
    ],
}
SHIM = Path("utils", "_sklearn.py")
DUMPING_GROUNDS = {"helpers", "common", "misc", "_helpers", "_common", "_misc"}
MOST_FILES = 15  # in one folder


# ------------------------------------------------------- what a package may not hold
# Each takes the root of a package and yields one sentence for each breach.


def files_of(package):
    return sorted(package.rglob("*.py"))


def room_of(package, path):
    return path.relative_to(package).with_suffix("").parts[0]


def wing_of(package, path):
    inner = path.relative_to(package).parts[1:]
    return inner[0] if len(inner) > 1 else None


def imported_modules(package, path):
    """Every module that a file imports, also inside functions, in full."""
    here = (package.name, *path.relative_to(package).parent.parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else ()
            module = ".".join((*base, *filter(None, [node.module])))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def own_imports(package, path):
    """Imports of the package's own rooms, as the parts of their names below it."""
    for module in imported_modules(package, path):
        root, *parts = module.split(".")
        if root == package.name and parts and parts[0] in FLOORS:
            yield parts


def rooms_without_floor(package):
    rooms = {room_of(package, path) for path in files_of(package)}
    for room in sorted(rooms - {"__init__"} - set(FLOORS)):
        yield f"{room} has no floor"


def upward_imports(package):
    allowed = {("base", "lineage"), ("utils", "exceptions")}
    for path in files_of(package):
        room = room_of(package, path)
        if room not in FLOORS:
            continue
        for other in sorted({parts[0] for parts in own_imports(package, path)}):
            is_below = FLOORS[other] < FLOORS[room]
            if not is_below and other != room and (room, other) not in allowed:
                yield f"{path.relative_to(package)} imports {other}"


def breaches_of_wings(package):
    for room, wings in WINGS.items():
        folders = {p.parent.name for p in (package / room).glob("*/__init__.py")}
        if folders != set(wings):
            yield f"{room} has the folders {sorted(folders)}"
        for path in files_of(package / room):
            own = wing_of(package, path)
            below = wings[: wings.index(own)] if own in wings else wings
            for parts in own_imports(package, path):
                wing, file = (*parts[1:3], "", "")[:2]
                if parts[0] != room or wing not in wings or wing == own:
                    continue
                if wing not in below:
                    yield f"{path.relative_to(package)} imports {wing}"
                elif file.startswith("_"):
                    yield f"{path.relative_to(package)} imports {wing}.{file}"


def full_folders(package):
    for folder in sorted({path.parent for path in files_of(package)}):
        n_files = len(list(folder.glob("*.py")))
        if folder.parent == package and n_files > MOST_FILES:
            yield f"{folder.name} has {n_files} files"


def private_imports(package):
    for path in files_of(package):
        if path == package / SHIM:
            continue
        for module in imported_modules(package, path):
            root, *parts = module.split(".")
            is_private = any(part.startswith("_") for part in parts)
            is_experimental = module.startswith("sklearn.callback")
            if root in ("sklearn", "imblearn") and (is_private or is_experimental):
                yield f"{path.relative_to(package)} imports {module}"


def dumping_grounds(package):
    for path in files_of(package):
        if path.stem in DUMPING_GROUNDS:
            yield f"{path.relative_to(package)} says nothing of what it holds"


CHECKS = (
    rooms_without_floor,
    upward_imports,
    breaches_of_wings,
    full_folders,
    private_imports,
    dumping_grounds,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_package_holds_no_breach(check):
    assert files_of(PACKAGE)
    assert list(check(PACKAGE)) == []


# ------------------------------------------------------- the checks find what is there


@pytest.fixture
def sound(tmp_path):
    """Return the root of a small package that does all that a file may."""
    package = tmp_path / "skdataquality"
    files = {
        "__init__.py": "from .cli import main",
        "utils/_sklearn.py": "from sklearn.utils._tags import get_tags",
        "utils/_frames.py": "import skdataquality.exceptions",
        "base.py": "from .lineage import Lineage",
        "shift/_lens.py": "from sklearn.utils import tags\nfrom ..base import Interval",
        "cli/_app.py": "def f():\n    from skdataquality import shift, diagnosis",
        "label_noise/_lens.py": "from ._flags import rank\nfrom ._losses import f",
        "label_noise/_flags/_order.py": "from .._confident import joint",
        "label_noise/_flags/_scores.py": "from ._order import order",
    }
    files |= {
        f"{room}/{wing}/__init__.py": ""
        for room, wings in WINGS.items()
        for wing in wings
    }
    for name, code in files.items():
        plant(package, name, code)
    return package


def plant(package, name, code):
    path = package / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code)


def test_a_sound_package_holds_no_breach(sound):
    assert breaches_of(sound) == []


def breaches_of(package):
    return [breach for check in CHECKS for breach in check(package)]


@pytest.mark.parametrize(
    ("name", "code", "imported"),
    [
        ("shift/_a.py", "import skdataquality.cli._app", "cli"),
        ("shift/_a.py", "from skdataquality import diagnosis as d", "diagnosis"),
        ("shift/_a.py", "def f():\n    from .. import cli", "cli"),
        ("shift/_a.py", "from ..leakage import price", "leakage"),
        ("base.py", "from .compose._base import f", "compose"),
        ("utils/__init__.py", "from ..base import Interval", "base"),
        ("label_noise/_flags/_a.py", "from ...imbalance import g", "imbalance"),
    ],
)
def test_an_import_from_above_is_found(sound, name, code, imported):
    plant(sound, name, code)
    assert breaches_of(sound) == [f"{name} imports {imported}"]
    assert breaches_of(sound) == list(upward_imports(sound))


@pytest.mark.parametrize(
    ("name", "code", "imported"),
    [
        ("_confident/_a.py", "from .._flags import rank", "_flags"),
        ("_confident/__init__.py", "from .. import _flags", "_flags"),
        (
            "_flags/_a.py",
            "class A:\n    def f(self):\n"
            "        from skdataquality.label_noise import _audit",
            "_audit",
        ),
        (
            "_flags/_a.py",
            "from .._confident._joint import count",
            "_confident._joint",
        ),
        ("_lens.py", "from ._flags import _order", "_flags._order"),
    ],
)
def test_an_arrow_between_wings_that_may_not_be_is_found(sound, name, code, imported):
    plant(sound / "label_noise", name, code)
    found = breaches_of(sound)
    assert set(found) == {f"label_noise/{name} imports {imported}"}
    assert found == list(breaches_of_wings(sound))


@pytest.mark.parametrize(
    ("name", "code", "imported"),
    [
        (
            "shift/_a.py",
            "def f():\n    from sklearn.utils._tags import get_tags",
            "sklearn.utils._tags",
        ),
        ("cli/_a.py", "from imblearn.utils import _docs", "imblearn.utils._docs"),
        ("base.py", "import sklearn.callback", "sklearn.callback"),
        ("shift/_sklearn.py", "import sklearn._loss", "sklearn._loss"),
    ],
)
def test_a_private_import_beside_the_shim_is_found(sound, name, code, imported):
    plant(sound, name, code)
    found = breaches_of(sound)
    assert found[0] == f"{name} imports {imported}"
    assert all(breach.startswith(found[0]) for breach in found)
    assert found == list(private_imports(sound))


@pytest.mark.parametrize(
    ("check", "names", "said"),
    [
        (rooms_without_floor, ["attic/_a.py"], "attic has no floor"),
        (breaches_of_wings, ["label_noise/_new/__init__.py"], "has the folders"),
        (full_folders, [f"shift/_{i}.py" for i in range(15)], "shift has 16 files"),
        (dumping_grounds, ["shift/_helpers.py"], "shift/_helpers.py says nothing"),
    ],
)
def test_a_planted_file_is_found(sound, check, names, said):
    for name in names:
        plant(sound, name, "")
    (breach,) = breaches_of(sound)
    assert said in breach
    assert [breach] == list(check(sound))


# ----------------------------------------------------------------------- loading


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
