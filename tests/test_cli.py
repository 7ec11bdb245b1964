"""The commands on good files: results, files, exit codes, streams."""

import json
import os
import re
import runpy
import signal
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from skdataquality.cli import _console
from skdataquality.cli._app import app

COMMAND = Path(sys.executable).with_name("skdataquality")
INTERRUPTED = b"interrupted: nothing was written\n"
COMMANDS = (
    *("diagnose", "compare", "fix", "audit", "gate", "consensus"),
    *("select", "query", "review"),
)


def run(*arguments):
    result = CliRunner().invoke(app, list(map(str, arguments)))
    assert "Traceback" not in result.output
    return result


def installed(*arguments, folder, **options):
    return subprocess.run(
        [str(COMMAND), *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=folder,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        **options,
    )


def made(n=120, *, wrong=8, copies=6, seed=0):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, 3)).round(4), columns=list("abc"))
    side = frame.a + frame.b + 0.3 * rng.normal(size=n) > 0
    side[:wrong] = ~side[:wrong]
    frame["label"] = np.where(side, "yes", "no")
    return pd.concat([frame, frame[20 : 20 + copies]], ignore_index=True)


@pytest.fixture
def train(tmp_path):
    made().to_csv(tmp_path / "train.csv", index=False)
    return tmp_path / "train.csv"


@pytest.fixture
def prod(tmp_path):
    rows = made(seed=1)[["c", "b", "a"]]
    (rows + [0.0, 0.0, 2.0]).to_csv(tmp_path / "prod.csv", index=False)
    return tmp_path / "prod.csv"


# ---------------------------------------------------------------- diagnose
WRITERS = {
    "csv": lambda f, p: f.to_csv(p, index=False),
    "csv.gz": lambda f, p: f.to_csv(p, index=False),
    "tsv": lambda f, p: f.to_csv(p, index=False, sep="\t"),
    "parquet": lambda f, p: f.to_parquet(p),
    "feather": lambda f, p: f.to_feather(p),
    "arrow": lambda f, p: f.to_feather(p, compression="uncompressed"),
    "jsonl": lambda f, p: f.to_json(p, orient="records", lines=True),
    "jsonl.gz": lambda f, p: f.to_json(p, orient="records", lines=True),
}


def test_every_format_gives_the_same_report(tmp_path):
    reports = {}
    for extension, write in WRITERS.items():
        path = tmp_path / f"train.{extension}"
        write(made(), path)
        result = run("diagnose", path, "--label", "label", "--json", "-")
        assert result.exit_code == 0, result.stderr
        assert result.stderr == ""
        reports[extension] = json.loads(result.stdout)
    for extension, report in reports.items():
        assert report == reports["csv"], extension
    assert reports["csv"]["lenses"]["duplicates"]["verdict"] == "found"


@pytest.fixture(scope="module")
def rich_run(tmp_path_factory):
    """Mixed types, gaps, dates, free text, with every option."""
    folder = tmp_path_factory.mktemp("rich")
    frame = made(150, copies=0)
    rng = np.random.default_rng(2)
    frame["vendor"] = np.where(np.arange(150) < 40, "ACME", "bolt")
    frame["batch"] = rng.integers(0, 3, 150)
    frame["age_band"] = rng.integers(0, 30, 150)
    frame["date"] = pd.date_range("2024-01-01", periods=150).strftime("%Y-%m-%d")
    frame["customer"] = [f"C-{k:05d}" for k in rng.permutation(150)]
    frame["note"] = [f"came by {w}" for w in rng.choice(["car", "bus"], 150)]
    frame["flag"] = rng.choice([True, False], 150)
    frame.loc[::7, "b"] = None
    frame["empty"] = None
    frame.to_csv(folder / "train.csv", index=False)
    target = frame.drop(columns=["label", "vendor", "batch", "date", "customer"])
    target = target.iloc[:, ::-1].assign(a=frame.a + 2)
    target.to_parquet(folder / "prod.parquet")
    roles = "--source vendor --source batch --group age_band --time date --id customer"
    result = run(
        *("diagnose", folder / "train.csv", "-l", "label"),
        *("--target-data", folder / "prod.parquet", *roles.split()),
        *("--json", folder / "r.json", "--markdown", folder / "r.md", "--seed", 3),
    )
    return folder, result


def test_text_markdown_and_json_say_the_same(rich_run):
    folder, result = rich_run
    assert result.exit_code == 0, result.stderr
    report = json.loads((folder / "r.json").read_text())
    markdown = (folder / "r.md").read_text()
    assert report["data"]["columns"] == 5
    assert list(report["lenses"]) == [
        "leakage", "duplicates", "entities", "imbalance", "label_noise", "shift",
        "provenance",
    ]  # fmt: skip
    words = " ".join(result.stdout.split())
    for lens in report["lenses"].values():
        assert lens["summary"] in words
        assert lens["summary"].split(":")[0] in markdown
    for step in report["plan"]:
        assert step["why"] in words
        assert step["why"] in markdown
    for note in report["data"]["notes"]:
        assert note in words
        assert note in markdown
    assert report["lenses"]["shift"]["reason_code"] == "shifted"  # in most age bands
    assert any("no value: empty" in note for note in report["data"]["notes"])


def test_the_verdict_comes_first_and_fits(rich_run):
    lines = rich_run[1].stdout.splitlines()
    assert lines[0] == "150 rows, 5 columns, 150 target rows"
    assert re.match(r"(found|suspect|cannot tell|clear) +\w", lines[1])
    assert max(map(len, lines)) <= 80
    assert "By vendor:" in rich_run[1].stdout


def test_names_in_titles_keep_their_capitals(rich_run):
    from skdataquality.report._text import as_title

    assert as_title("by ACME") == "By ACME"


def test_the_exit_code_of_diagnose_is_0_whatever_is_found(train):
    result = run("diagnose", train, "-l", "label", "--depth", "thorough")
    assert result.exit_code == 0
    assert "found " in result.stdout


def test_rows_that_models_do_not_see_are_counted(tmp_path):
    made(200, copies=0).to_csv(tmp_path / "t.csv", index=False)
    said = run("diagnose", tmp_path / "t.csv", "-l", "label", "--max-rows", 150)
    assert "models see 150 of 200 rows" in said.stdout
    said = run(
        *("compare", tmp_path / "t.csv", "-l", "label", "--max-rows", 150, "--cv", 3)
    )
    assert "models see 150 of 200 rows, drawn at random" in said.stdout


def test_rows_without_a_label_are_counted(tmp_path):
    frame = made(copies=0)
    frame.loc[::10, "label"] = None
    frame.to_csv(tmp_path / "t.csv", index=False)
    said = run("diagnose", tmp_path / "t.csv", "-l", "label").stdout
    assert "12 rows without a label are left out" in said


def test_the_same_seed_gives_the_same_bytes(train, tmp_path):
    said = [
        run("diagnose", train, "-l", "label", "--json", "-", "--seed", 5).stdout
        for _ in range(2)
    ]
    assert said[0] == said[1]


# ---------------------------------------------------------------- gate
PASS, FAIL = "duplicate_share > 0.9", "duplicate_share.lower > 0.001"
UNKNOWN = "target_auc > 0.8"


@pytest.mark.parametrize(
    ("conditions", "code"),
    [([PASS], 0), ([PASS, FAIL], 1), ([PASS, UNKNOWN], 4), ([UNKNOWN, FAIL], 1)],
)
def test_gate_exit_codes_and_files(train, tmp_path, conditions, code):
    asked = [part for text in conditions for part in ("--fail-if", text)]
    files = ("--json", tmp_path / "g.json", "--junit", tmp_path / "g.xml")
    result = run("gate", train, "-l", "label", *asked, *files)
    assert result.exit_code == code
    gates = json.loads((tmp_path / "g.json").read_text())
    assert gates["exit_code"] == code
    assert [gate["condition"] for gate in gates["gates"]] == conditions
    suite = ET.parse(tmp_path / "g.xml").getroot()[0]
    assert int(suite.get("tests")) == len(conditions)
    assert int(suite.get("failures")) == (FAIL in conditions)
    assert int(suite.get("errors")) == (UNKNOWN in conditions)


def test_gate_measures_shift(train, prod):
    asked = ("--fail-if", "target_auc > 0.8", "--target-data", prod)
    assert run("gate", train, "-l", "label", *asked).exit_code == 1


# ---------------------------------------------------------------- compare
def test_compare_names_a_winner_and_writes_a_program_that_runs(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 2)).round(4)
    frame = pd.DataFrame(x, columns=["a", "b"])
    frame["row_id"] = rng.permutation(400)
    frame["label"] = np.where(x[:, 0] + rng.normal(size=400) > 2.0, "rare", "often")
    (tmp_path / "in").mkdir()
    frame.to_csv(tmp_path / "in" / "t.tsv", index=False, sep=";")
    files = ("--output", tmp_path / "win.py", "--json", tmp_path / "c.json")
    result = run(
        *("compare", tmp_path / "in" / "t.tsv", "-l", "label", "--delimiter", ";"),
        *("--scoring", "balanced_accuracy", "--scoring", "roc_auc", "--cv", 5),
        *(*files, "--markdown", tmp_path / "c.md"),
    )
    assert result.exit_code == 0, result.stderr
    assert max(map(len, result.stdout.splitlines()[:-1])) <= 80
    comparison = json.loads((tmp_path / "c.json").read_text())["comparison"]
    best = comparison["best"]
    winner = {"balance": "ClassBalanceWeighter", "under-sample": "RandomUnderSampler"}
    assert set(comparison["tables"]) == {"balanced_accuracy", "roc_auc"}
    assert result.stdout.startswith(f"Best: {best}\n")
    assert f"Best: **{best}**" in (tmp_path / "c.md").read_text()
    assert "left out for all candidates: row_id" in result.stdout
    program = (tmp_path / "win.py").read_text()
    assert "LEFT_OUT = ['row_id']" in program
    assert winner[best] in program
    done = python(tmp_path / "win.py")
    mean = np.mean(comparison["scores"]["balanced_accuracy"][best])
    assert done.stdout == (
        f"balanced_accuracy {mean:.3f}, mean of 5 held-out folds\n"
        f"fitted on 400 rows: RemediedClassifier\n"
    ), done.stderr


def python(program, folder=None):
    return subprocess.run(
        [sys.executable, str(program)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder or Path(program).anchor,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )


@pytest.mark.slow
def test_a_program_beside_relative_paths_runs_from_anywhere(
    tmp_path, monkeypatch, capsys
):
    (tmp_path / "sub").mkdir()
    made().to_csv(tmp_path / "t.csv", index=False)
    monkeypatch.chdir(tmp_path)
    assert run("compare", "t.csv", "-l", "label", "--cv", 3, "--output", "sub/w.py")
    assert str(tmp_path) not in (tmp_path / "sub" / "w.py").read_text()
    monkeypatch.chdir("/")
    runpy.run_path(str(tmp_path / "sub" / "w.py"))
    assert "fitted on 126 rows" in capsys.readouterr().out


def test_a_program_with_target_data_and_text_runs(tmp_path, capsys):
    frame = made(copies=0)
    frame["town"] = np.random.default_rng(0).choice(["Rome", "Oslo"], 120)
    frame.to_csv(tmp_path / "t.csv", index=False, sep=";")
    shifted = frame.assign(a=frame.a + 2).drop(columns="label")
    shifted.to_parquet(tmp_path / "p.parquet")
    write_program(
        tmp_path, "weight to target", "t.csv", "label", "p.parquet", delimiter=";"
    )
    runpy.run_path(str(tmp_path / "w.py"))
    assert "ShiftWeightedClassifier" in capsys.readouterr().out


def write_program(folder, best, table, label, target=None, delimiter=None):
    """Write the program of a candidate that need not win."""
    from skdataquality.cli._compare import _program
    from skdataquality.cli._files import read_both
    from skdataquality.cli._written._text_format import TextFormat
    from skdataquality.compose import apply_remedy
    from skdataquality.compose._default import default_model
    from skdataquality.shift import ShiftWeightedClassifier, TargetData

    class Comparison:
        best_ = best

    text_format = TextFormat(delimiter)
    places = folder / table, None if target is None else folder / target
    frame, target_frame = read_both(places, text_format)
    remedy = None
    if target is not None:
        remedy = ShiftWeightedClassifier(X_target=TargetData(target_frame))
    model = default_model(frame.drop(columns=label))
    Comparison.candidates_ = {best: apply_remedy(model, remedy)}
    text = _program(
        Comparison, folder / "w.py", *places, text_format, label=label, left_out=[]
    )
    (folder / "w.py").write_text(text, encoding="utf-8")
    return text


@pytest.mark.parametrize(
    "name", ["it's", 'the "label"', "two\nlines", r"back\slash", '"""', "{x!r}", "ü漢"]
)
def test_programs_survive_any_name(tmp_path, name, capsys):
    frame = made(60, copies=0).rename(columns={"label": name, "a": f"a {name}"})
    file = f"t {name}.csv".replace("\n", " ") if os.name == "nt" else f"t {name}.csv"
    frame.to_csv(tmp_path / file, index=False)
    text = write_program(tmp_path, f"best {name}", file, name)
    assert f"LABEL = {name!r}" in text
    runpy.run_path(str(tmp_path / "w.py"))
    assert capsys.readouterr().out == "fitted on 60 rows: RemediedClassifier\n"


def test_compare_of_quantities_prunes_numbers_and_writes_a_regressor(tmp_path, capsys):
    frame = made(80, copies=0)
    frame["label"] = frame.a * 2 + frame.b
    frame.to_csv(tmp_path / "t.csv", index=False)
    out = tmp_path / "w.py"
    result = run(
        "compare", tmp_path / "t.csv", "-l", "label", "--cv", 3, "--output", out
    )
    assert result.exit_code == 0
    assert "prune numbers" in result.stdout
    assert "r2, on the given labels (3 splits" in result.stdout
    runpy.run_path(str(out))
    assert "RemediedRegressor" in capsys.readouterr().out


@pytest.mark.slow
def test_the_program_may_go_to_stdout(train):
    result = run("compare", train, "-l", "label", "--cv", 3, "--output", "-")
    compile(result.stdout, "stdout", "exec")
    assert "__file__" not in result.stdout


# ---------------------------------------------------------------- installed command
def test_streams_and_exit_codes_of_the_installed_command(tmp_path):
    frame = made(copies=0)
    frame.loc[::9, "label"] = "Yes "
    frame.to_csv(tmp_path / "t.csv", index=False)
    good = installed("diagnose", "t.csv", "-l", "label", "--json", "-", folder=tmp_path)
    assert good.returncode == 0
    assert json.loads(good.stdout)["schema"] == "skdataquality.report/1"
    warned = good.stderr.decode().splitlines()
    assert len(warned) == 1
    assert warned[0].startswith("warning: labels ['Yes ', 'yes'] look alike")
    bad = installed("gate", "no.csv", "-l", "y", "--fail-if", PASS, folder=tmp_path)
    assert (bad.returncode, bad.stdout) == (3, b"")
    assert re.fullmatch(rb"error: no\.csv does not exist[^\n]*\n", bad.stderr)
    usage = installed(
        "diagnose", "t.csv", "-l", "label", "--depth", "x", folder=tmp_path
    )
    assert (usage.returncode, usage.stdout) == (2, b"")
    assert usage.stderr == b"error: --depth x must be standard or thorough.\n"


@pytest.mark.slow
def test_an_encoding_without_the_letters_is_no_error(tmp_path):
    frame = made(copies=0).rename(columns={"a": "漢字"})
    frame["漢字 2"] = (frame.label == "yes") * 1.0
    frame.to_csv(tmp_path / "t.csv", index=False)
    env = os.environ | {"PYTHONIOENCODING": "ascii", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [str(COMMAND), "diagnose", "t.csv", "-l", "label"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env=env,
    )
    assert done.returncode == 0, done.stderr
    assert "?? 2 " in done.stdout.decode("ascii")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interrupt_is_quiet_and_writes_nothing(tmp_path):
    made(400).to_csv(tmp_path / "t.csv", index=False)
    code = (
        "import os, signal, skdataquality.cli._compare as c\n"
        "c.compare_table = lambda *a, **k: os.kill(os.getpid(), signal.SIGINT)\n"
        "from skdataquality.cli import main\nmain()"
    )
    options = (
        "compare",
        "t.csv",
        "-l",
        "label",
        "--output",
        "w.py",
        "--json",
        "c.json",
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *options],
        capture_output=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 128 + signal.SIGINT
    assert (done.stdout, done.stderr) == (b"", INTERRUPTED)
    assert os.listdir(tmp_path) == ["t.csv"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interrupt_reaches_every_process_and_one_line_is_said(
    tmp_path, tmp_path_factory
):
    """The terminal sends it to the workers too, and each has something to say."""
    noisy = tmp_path_factory.mktemp("noisy")
    (noisy / "sitecustomize.py").write_text(
        "import os, sys\n"
        "if any('popen_loky' in word for word in sys.orig_argv):\n"
        "    os.write(2, b'Traceback: noise\\n')\n"
    )
    places = os.pathsep.join([str(noisy), *filter(None, sys.path)])
    made(400).to_csv(tmp_path / "t.csv", index=False)
    code = (
        "import os, signal, time\n"
        "from joblib.externals.loky import process_executor as p\n"
        "start = p.ProcessPoolExecutor._start_executor_manager_thread\n"
        "def started(self):\n"
        "    start(self)\n"
        "    time.sleep(1)\n"
        "    os.killpg(0, signal.SIGINT)\n"
        "p.ProcessPoolExecutor._start_executor_manager_thread = started\n"
        "from skdataquality.cli import main\nmain()"
    )
    asked = ("diagnose", "t.csv", "-l", "label", "--jobs", "2", "--json", "r.json")
    done = subprocess.run(
        [sys.executable, "-c", code, *asked],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": places},
        start_new_session=True,
    )
    assert done.returncode == 128 + signal.SIGINT
    assert (done.stdout, done.stderr) == (b"", INTERRUPTED)
    assert os.listdir(tmp_path) == ["t.csv"]


@pytest.mark.slow
def test_what_workers_write_is_kept_from_the_terminal_but_for_warnings():
    code = (
        "import os, warnings\n"
        "from skdataquality.cli._console import one_line_errors\n"
        "from skdataquality.cli._workers import workers_apart\n"
        "with one_line_errors(), workers_apart():\n"
        "    os.write(2, b'Traceback: noise\\n')\n"
        "    os.write(2, b'/a b/c.py:3: UserWarning: rows [x] lost\\n  call()\\n')\n"
        "    os.write(2, b'/a b/c.py:3: FutureWarning: not for users\\n')\n"
        "    print('ours', file=__import__('sys').stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stderr.decode() == "ours\nwarning: rows [x] lost\n"


def test_warnings_alike_but_for_amounts_are_told_once(capsys):
    with _console.one_line_errors():
        for message in ("12% of 3 rows", "9% of 3.5 rows", "'12' is no 7th", "'9' is"):
            warnings.warn(message, UserWarning, stacklevel=1)
    assert capsys.readouterr().err.splitlines() == [
        "warning: 12% of 3 rows (1 more like this, in other numbers)",
        "warning: '12' is no 7th",
        "warning: '9' is",
    ]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a POSIX shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_defect(train, closed):
    line = f"{COMMAND} gate {train} -l label --fail-if '{FAIL}' {closed}"
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="pipes")
def test_a_reader_that_stops_changes_no_exit_code(train):
    asked = ["-l", "label", "--fail-if", PASS]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [str(COMMAND), "gate", str(train), *asked],
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_fits_and_explains_every_option(command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERMINAL_WIDTH", "80")
    said = run(command, "--help").stdout
    assert max(map(len, said.splitlines())) <= 80
    options = re.findall(r"^  (?:-\w, )?(--[a-z-]+)(.*)$", said, re.M)
    assert len(options) >= 10
    for name, rest in options:
        if rest.strip():
            assert re.search(r"[a-z]", rest.split("  ")[-1]), name
    assert "list[" not in said


# ---------------------------------------------------------------- console
def test_verdicts_are_coloured_and_words_of_the_data_are_not(monkeypatch, capsys):
    spans = []
    monkeypatch.setattr(
        _console.Output, "print", lambda self, text: spans.extend(text.spans)
    )
    text = "found       Leakage\nLabel noise: clear\n  It was found. Refuted: so.\n"
    _console.show(text + "  a column not found here\nCANNOT TELL  x\n")
    words = [(text + "  a column not found here\nCANNOT TELL  x")[s.start : s.end]
             for s in spans]  # fmt: skip
    assert sorted(words) == ["CANNOT TELL", "Refuted", "clear", "found"]


def test_markup_and_emoji_codes_are_shown_as_they_are(capsys):
    _console.show("[red]x[/red] :smile: \x1b[31mred")
    _console.tell("[red]y[/red] :smile: \x1b]0;title\x07 \n two")
    out, err = capsys.readouterr()
    assert out == "[red]x[/red] :smile: \\x1b[31mred\n"
    assert err == "[red]y[/red] :smile: \\x1b]0;title\\x07 two\n"


def test_a_defect_of_ours_has_its_own_exit_code(train, monkeypatch):
    import skdataquality.cli._diagnose as command

    def broken(*args, **options):
        raise RuntimeError("oops")

    monkeypatch.setattr(command, "diagnose", broken)
    result = CliRunner().invoke(app, ["diagnose", str(train), "-l", "label"])
    assert result.exit_code == 70
    assert "please report it: oops" in result.stderr
