"""What commands write: never over a file, all or nothing, for no more eyes."""

import errno
import os
import stat
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from skdataquality.cli import _demo
from skdataquality.cli._app import app
from skdataquality.tables._atomic import all_or_nothing

OUTPUTS = {
    "diagnose": ["--json", "--markdown"],
    "compare": ["--json", "--markdown", "--output"],
    "gate": ["--json", "--junit"],
    "fix": ["--output", "--lineage", "--review"],
}
EXTRA = {"compare": ("--cv", "2"), "gate": ("--fail-if", "duplicate_share > 0.9")}
EACH = [(command, option) for command, some in OUTPUTS.items() for option in some]
no_modes = pytest.mark.skipif(os.name == "nt", reason="POSIX modes")


def run(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert "Traceback" not in result.output
    return result


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(60, 3)).round(3), columns=list("abc"))
    frame["y"] = np.where(frame.a + 0.3 * rng.normal(size=60) > 0, "p", "q")
    frame.to_csv("t.csv", index=False)
    frame.to_csv("p.csv", index=False)
    return tmp_path


def asked(command, options=None):
    """Every output of a command, or the named ones, as out0.csv, out1.csv, ..."""
    named = OUTPUTS[command] if options is None else options
    files = [part for k, o in enumerate(named) for part in (o, f"out{k}.csv")]
    return [command, "t.csv", "-l", "y", *EXTRA.get(command, ()), *files]


# ---------------------------------------------------------------- existing files
@pytest.mark.parametrize(("command", "option"), EACH)
def test_a_file_that_exists_is_refused_before_any_work(
    folder, command, option, monkeypatch
):
    def no_work(*args, **options):
        raise AssertionError("work was begun")

    monkeypatch.setattr("skdataquality.cli._files.read_table", no_work)
    Path("out0.csv").write_text("mine")
    result = run(*asked(command, [option]))
    said = "error: out0.csv exists: choose another name, or pass --overwrite.\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said)
    assert Path("out0.csv").read_text() == "mine"
    assert sorted(os.listdir()) == ["out0.csv", "p.csv", "t.csv"]


@pytest.mark.parametrize("command", OUTPUTS)
def test_files_are_replaced_when_asked(folder, command):
    for k in range(3):
        Path(f"out{k}.csv").write_text("mine")
    assert run(*asked(command), "--overwrite").exit_code == 0
    for k, _ in enumerate(OUTPUTS[command]):
        assert Path(f"out{k}.csv").read_text() != "mine"
    assert not [name for name in os.listdir() if name.startswith(".")]


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"

    def write():
        with all_or_nothing() as place:
            place(first).write_text("ours")
            place(second).write_text("ours")
            second.write_text("theirs")

    with pytest.raises(FileExistsError, match="second exists"):
        write()
    assert second.read_text() == "theirs"
    assert os.listdir(tmp_path) == ["second"]


# ---------------------------------------------------------------- the demo
@pytest.fixture
def quick_demo(folder, monkeypatch):
    """The demo's writing, without its work."""

    class Said:
        verdict_ = "nothing gains"
        lenses: dict = {}

        def to_dict(self):
            return {"number": 0.1, "text": "é"}

        def to_markdown(self):
            return "# Report"

    monkeypatch.setattr(_demo, "diagnose", lambda *a, **k: Said())
    monkeypatch.setattr(_demo, "compare_on_given", lambda *a: Said())
    monkeypatch.setattr(_demo, "_prove", lambda *a: Said())
    monkeypatch.setattr(_demo, "_verdict_table", lambda *a: "")
    return folder


def test_the_demo_replaces_what_an_earlier_demo_left(quick_demo):
    assert [run("demo").exit_code for _ in range(3)] == [0, 0, 0]
    os.remove("report.md")
    assert run("demo").exit_code == 0


@pytest.mark.parametrize("name", ["report.json", "report.md"])
@pytest.mark.parametrize("before", ["", "mine", "{}", "[1]", '{"demo": 1}', None])
def test_the_demo_replaces_nothing_else(quick_demo, name, before):
    if before is None:  # a person has added to the demo's report
        assert run("demo").exit_code == 0
        before = Path(name).read_text().replace("0.1", "0.2").replace("# ", "## ")
    Path(name).write_text(before)
    result = run("demo")
    assert result.exit_code == 2
    assert result.stderr == (
        f"error: {name} exists: choose another name, or pass --overwrite.\n"
    )
    assert Path(name).read_text() == before
    assert run("demo", "--overwrite").exit_code == 0
    assert run("demo").exit_code == 0


# ---------------------------------------------------------------- rights
def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


@no_modes
@pytest.mark.parametrize("command", OUTPUTS)
@pytest.mark.parametrize(
    ("table", "target", "expected"),
    [(0o600, 0o644, 0o600), (0o644, 0o600, 0o600), (0o640, 0o664, 0o640)],
)
def test_outputs_are_for_no_more_eyes_than_inputs(
    folder, command, table, target, expected
):
    os.chmod("t.csv", table)
    os.chmod("p.csv", target)
    result = run(*asked(command), "--target-data", "p.csv", *fits(command))
    assert result.exit_code == 0, result.stderr
    for k, _ in enumerate(OUTPUTS[command]):
        assert mode(f"out{k}.csv") == expected


def fits(command):
    """Target data that are no copy of the training data, where that matters."""
    if command == "fix":
        frame = pd.read_csv("p.csv")
        frame.assign(a=frame.a + 9).to_csv("p.csv", index=False)
    return ()


@no_modes
def test_a_draft_is_for_its_owner_only(tmp_path):
    with all_or_nothing() as place:
        assert mode(place(tmp_path / "t")) == 0o600
    plain = tmp_path / "plain"
    plain.touch()
    assert mode(tmp_path / "t") == mode(plain)


@no_modes
def test_a_replaced_file_keeps_its_own_rights_where_they_are_stricter(tmp_path):
    for before, read, after in [
        (0o600, 0o644, 0o600),
        (0o644, 0o600, 0o600),
        (0o755, 0o644, 0o755),
        (0o644, 0o444, 0o644 & ~0o022),
    ]:
        old, source = tmp_path / "old", tmp_path / "source"
        for path, rights in ((old, before), (source, read)):
            path.touch()
            os.chmod(path, rights)
        with all_or_nothing(overwrite=True, read=[source]) as place:
            place(old).write_text("new")
        assert mode(old) == after


# ---------------------------------------------------------------- together
@pytest.mark.parametrize("fails", [OSError(errno.EIO, "broken"), KeyboardInterrupt()])
@pytest.mark.parametrize("overwrite", [False, True])
def test_files_appear_together_or_not_at_all(folder, monkeypatch, fails, overwrite):
    """The last of three files cannot be put in place."""
    names = ["t.lineage.csv", "r.csv", "t.fixed.csv"]
    if overwrite:
        for name in names:
            Path(name).write_text(f"old {name}")
    before = sorted(os.listdir())
    from skdataquality.tables import _atomic

    real = _atomic._move

    def broken(draft, target, overwrite):
        if target.name == "t.fixed.csv":
            raise fails
        real(draft, target, overwrite)

    monkeypatch.setattr(_atomic, "_move", broken)
    options = ["--overwrite"] if overwrite else []
    result = run("fix", "t.csv", "-l", "y", "--review", "r.csv", *options)
    assert result.exit_code == (3 if isinstance(fails, OSError) else 130)
    assert result.stderr.count("\n") <= 1
    assert sorted(os.listdir()) == before
    if overwrite:
        assert [Path(name).read_text() for name in names] == [
            f"old {name}" for name in names
        ]


def test_the_table_is_the_last_to_appear(folder, monkeypatch):
    from skdataquality.tables import _atomic

    order = []
    real = _atomic._move
    monkeypatch.setattr(
        _atomic, "_move", lambda d, t, o: (order.append(t.name), real(d, t, o))
    )
    assert run("fix", "t.csv", "-l", "y", "--review", "r.csv").exit_code == 0
    assert order == ["t.lineage.csv", "r.csv", "t.fixed.csv"]


@pytest.mark.skipif(os.name == "nt", reason="devices")
@pytest.mark.parametrize(("command", "option"), EACH)
def test_what_is_no_file_is_refused(folder, command, option):
    import socket

    os.mkfifo("pipe.csv")
    with socket.socket(socket.AF_UNIX) as at:
        at.bind("s.csv")
        read, write = os.pipe()
        for name in ("pipe.csv", "s.csv", f"/dev/fd/{write}"):
            place = ["t.csv", "-l", "y", *EXTRA.get(command, ()), option, name]
            result = run(command, *place, "--overwrite")
            assert result.exit_code == 3
            assert "no regular file" in result.stderr
        os.close(read)
        os.close(write)


@pytest.mark.skipif(os.name == "nt", reason="pipes")
def test_the_demo_reads_no_pipe(quick_demo):
    os.mkfifo("report.json")
    result = run("demo")
    assert result.exit_code == 3
    assert "no regular file" in result.stderr


@pytest.mark.skipif(os.name == "nt", reason="other limits")
@pytest.mark.parametrize("name", ["x" * 300, "loop"])
def test_a_name_that_no_file_can_have_is_refused_before_any_work(folder, name):
    os.symlink("loop", "loop")
    result = run("diagnose", "missing.csv", "-l", "y", "--json", name)
    assert result.exit_code == 3
    assert result.stderr.startswith(f"error: {name} cannot be written: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_full_disk_is_one_sentence(tmp_path, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    with (
        pytest.raises(OSError, match=r"t cannot be written: No space left"),
        all_or_nothing() as place,
    ):
        place(tmp_path / "t").write_text("x")
    assert os.listdir(tmp_path) == []
