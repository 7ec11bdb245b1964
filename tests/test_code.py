"""Estimators as code: what comes from the data is never more than a constant."""

import ast
import functools
import math
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import make_pipeline as make_imblearn_pipeline
from scipy.special import expit
from sklearn.base import BaseEstimator
from sklearn.compose import (
    ColumnTransformer,
    make_column_selector,
    make_column_transformer,
)
from sklearn.ensemble import VotingClassifier
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.gaussian_process.kernels import RBF, WhiteKernel
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import make_scorer
from sklearn.model_selection import (
    GridSearchCV,
    PredefinedSplit,
    RepeatedStratifiedKFold,
    StratifiedKFold,
)
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    StandardScaler,
    normalize,
)
from sklearn.utils._response import _process_predict_proba

from skdataquality.duplicates import DuplicateGroupKFold
from skdataquality.report import render
from skdataquality.report._code_lines import wrapped_code
from skdataquality.utils._code import (
    UnwritableError,
    as_code,
    code_or_reason,
    literal,
)
from skdataquality.workflows._program import program_for

CALL = "__import__('os').system('touch PWNED')"
PAYLOADS = [
    f"a']) if {CALL} else Index(['b",
    f'a"]) if {CALL} else Index(["b',
    f"']; {CALL}; ['",
    f'"; {CALL}; "',
    f"'+{CALL}+'",
    f'"""\n{CALL}\n"""',
    f"'''\n{CALL}\n'''",
    f"\\'; {CALL} #",
    f"\\\\'; {CALL} #",
    "\\",
    "a\\",
    f"\n{CALL}\n",
    f"\r{CALL}\r",
    f"\r\n{CALL}",
    f"\u2028{CALL}\u2029",
    f"\x85{CALL}",
    f"\x0b{CALL}\x0c",
    f"\x1c{CALL}\x1d\x1e",
    "```\n# heading",
    "\u2028```\u2028[x](javascript:y)",
    "~~~",
    f"{{{CALL}}}",
    "{x!r} {0} %s %(x)s $x ${x}",
    f"\\N{{DIGIT ONE}} \\x27 {CALL}",
    "\x00",
    "\x1b[31m\x9b31m",
    "\u202e\u2066\u200b\ufeff",
    "\udc80\ud800",
    "\U000e0041\U000e0100",
    "\u3164\u115f\ufe0f\u034f",
    "# coding: utf-7",
    "'" * 3 + '"' * 3,
    "x" * 500,
    "漢" * 300 + "'",
    "X_target",
    "",
    "é e\u0301 ﬁ ｅ",
]
quick = settings(max_examples=150, deadline=None, derandomize=True)


class Holder(BaseEstimator):
    """An estimator with one parameter of any kind."""

    def __init__(self, value=None):
        self.value = value


def expression(value):
    return as_code(value)["expression"]


def built(estimator):
    """Build an estimator of its own code."""
    code = as_code(estimator)
    scope: dict = {}
    exec("\n".join(code["imports"]), scope)
    return eval(code["expression"], scope)


def without_constants(source):
    """The syntax tree with every text and number replaced by the same."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float):
            node.value = "constant"
    return ast.dump(tree)


def constants(source):
    return [n.value for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant)]


# ---------------------------------------------------------------- payloads
def model_of(name):
    """A model that holds a name in every way in which it may come from data."""
    index = pd.Index([name, "b"], dtype=object)
    return make_pipeline(
        ColumnTransformer(
            [
                (f"t {name}", StandardScaler(), index),
                ("list", StandardScaler(), [name]),
                (
                    "array",
                    OneHotEncoder(categories=[np.array([name, "c"], object)]),
                    index,
                ),
                ("object", "drop", np.array([name], dtype=object)),
                ("selector", "drop", make_column_selector(pattern=name)),
            ]
        ),
        Holder(value={name: (name, {name}, pd.Series([name], dtype=object), "b")}),
        GridSearchCV(
            LogisticRegression(class_weight={name: 1.0}),
            [{"class_weight": [{name: np.float64(2)}]}],
            cv=StratifiedKFold(3),
        ),
    )


def program_of(name):
    return program_for(
        model_of(name),
        table=f"folder/{name}.csv",
        label=name,
        left_out=[name, f"a {name}"],
        reading={"delimiter": name, "text_columns": [name]},
        why=f"Chosen: {name}.",
    )


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_is_only_a_constant_of_the_program(name):
    source = program_of(name)
    assert without_constants(source) == without_constants(program_of("harmless"))
    assert name in constants(source)
    if name:  # an empty text may stand elsewhere
        assert constants(source).count(name) == constants(program_of("q")).count("q")


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_program_holds_only_what_is_seen(name):
    source = program_of(name)
    assert all(c == "\n" or c.isprintable() for c in source)
    source.encode("utf-8")
    for unseen in "\u2028\u202e\u200b\ufeff\u3164\ufe0f\u034f\U000e0041\U000e0100":
        assert unseen not in source


@pytest.mark.parametrize("name", PAYLOADS)
def test_code_of_a_report_stays_in_its_fence(name):
    code = as_code(model_of(name))
    step = {"step": 1, "title": "t", "why": "w", "expect": None, "code": code}
    report = {
        "data": {"rows": 1, "columns": 1, "target_rows": None},
        "lenses": {},
        "plan": [step],
    }
    lines = render(report, "markdown").split("\n")
    (first,) = (i for i, line in enumerate(lines) if line.endswith("`python"))
    last = first + 1 + lines[first + 1 :].index(lines[first].removesuffix("python"))
    assert "".join(lines[last + 1 :]) == ""
    inside = "\n".join(line.removeprefix("   ") for line in lines[first + 1 : last])
    assert without_constants(inside) == without_constants(
        "\n".join([*code["imports"], f"estimator = {code['expression']}"])
    )


def test_running_a_program_of_payloads_runs_nothing_of_them(tmp_path):
    # Parquet holds neither NUL nor halves of pairs in a name
    names = [name for name in PAYLOADS if name and name[0] not in "\0\udc80"]
    table = pd.DataFrame({name: [1.0, 2.0] for name in names} | {"label": [0, 1]})
    table.to_parquet(tmp_path / "t.parquet")
    model = make_column_transformer((StandardScaler(), pd.Index(names, dtype=object)))
    source = program_for(model, table="t.parquet", label="label")
    (tmp_path / "w.py").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "w.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "fitted on 2 rows: ColumnTransformer\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.parquet", "w.py"]


@given(st.text(st.characters(), max_size=60))
@example("\ud800'\\")
@quick
def test_any_text_is_the_literal_of_itself(text):
    for kind in (text, np.str_(text)):
        written = expression(Holder(kind))
        assert ast.literal_eval(written.removeprefix("Holder(value=")[:-1]) == text
        assert all(c.isprintable() for c in written)


plain_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.binary(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(plain_values)
@quick
def test_plain_values_are_literals_that_equal_them(value):
    assert ast.literal_eval(literal(value)) == value


# ---------------------------------------------------------------- what can be written
class Misleading(str):
    """Text that shows as code."""

    __slots__ = ()

    def __repr__(self):
        return CALL

    __str__ = __repr__


class MisleadingInt(int):
    """A number that shows as code."""

    __slots__ = ()
    __repr__ = Misleading.__repr__


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (np.float32(0.5), "0.5"),
        (np.int64(3), "3"),
        (np.bool_(True), "True"),
        (np.str_("a'b"), '"a\'b"'),
        (np.array(3), "3"),
        (np.arange(4).reshape(2, 2), "[[0, 1], [2, 3]]"),
        (pd.Index(["a", "b"]), "['a', 'b']"),
        (pd.MultiIndex.from_tuples([("a", 1)]), "[('a', 1)]"),
        (pd.RangeIndex(2), "[0, 1]"),
        (pd.Series([1.5], index=["x"]), "[1.5]"),
        (pd.Series([1, 2], index=["get_params", "split"]), "[1, 2]"),
        (pd.Series(["a"], dtype="category"), "['a']"),
        (pl.Series([1, None]), "[1, None]"),
        (float("nan"), 'float("nan")'),
        (-np.inf, 'float("-inf")'),
        (-0.0, "-0.0"),
        (slice(1, None), "slice(1, None, None)"),
        (range(3), "range(0, 3, 1)"),
        ({"b", "a"}, "{'a', 'b'}"),
        (set(), "set()"),
        (frozenset({1}), "frozenset({1})"),
        ((1,), "(1,)"),
        (b"x'", 'b"x\'"'),
        (1 - 2j, "complex(1.0, -2.0)"),
        (Misleading("hi"), "'hi'"),
        (MisleadingInt(3), "3"),
        ([LogisticRegression(C=2)], "[LogisticRegression(C=2)]"),
        ({"a": (LogisticRegression(),)}, "{'a': (LogisticRegression(),)}"),
        (float, "float"),
        (np.number, "number"),
        (chi2, "chi2"),
    ],
)
def test_written_as(value, written):
    assert expression(Holder(value)) == f"Holder(value={written})"
    made = built(Holder(value)).value
    if isinstance(value, set | frozenset):  # repr is in no order
        assert made == value
    else:
        same = repr(made) == repr(value)
        assert made is value or type(made) is not type(value) or same


@pytest.mark.parametrize(
    "estimator",
    [
        GridSearchCV(
            Pipeline([("clf", LogisticRegression())]),
            {"clf__C": np.logspace(-1, 1, 3)},
            cv=RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=0),
        ),
        GridSearchCV(LogisticRegression(), {}, cv=PredefinedSplit([0, 1, 1])),
        GridSearchCV(LogisticRegression(), {}, cv=DuplicateGroupKFold(3)),
        FunctionTransformer(normalize, kw_args={"norm": "l1"}),
        SelectKBest(chi2, k=np.int64(3)),
        Holder(RBF(2.0) + WhiteKernel()),
        ColumnTransformer([("n", "drop", make_column_selector(dtype_include=float))]),
        Pipeline([("a", StandardScaler()), ("b", "passthrough")], memory="x"),
    ],
)
def test_code_builds_the_same(estimator):
    assert expression(built(estimator)) == expression(estimator)
    assert type(built(estimator)) is type(estimator)


def test_names_of_steps_stay_where_they_are_spoken_of():
    named = Pipeline([("clf", LogisticRegression())])
    assert expression(named) == "Pipeline(steps=[('clf', LogisticRegression())])"
    usual = make_pipeline(LogisticRegression())
    assert expression(usual) == "make_pipeline(LogisticRegression())"


def test_two_classes_of_one_name_are_two_imports():
    theirs = make_imblearn_pipeline(SMOTE(), LogisticRegression())
    ours = Pipeline([("clf", LogisticRegression())])
    made = built(VotingClassifier([("a", theirs), ("b", ours)]))
    assert [type(part) for _, part in made.estimators] == [type(theirs), type(ours)]


def test_no_import_takes_a_name_of_the_program():
    code = as_code(StandardScaler(), taken=["StandardScaler"])
    assert code["expression"] == "StandardScaler_2()"
    assert code["imports"] == [
        "from sklearn.preprocessing import StandardScaler as StandardScaler_2"
    ]


# ---------------------------------------------------------------- what cannot
class Own(LogisticRegression):
    """A class whose name in its module is another's."""


Renamed = Own
Own = None
ENDLESS: list = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (lambda x: x, "<lambda>"),
        (np.log1p, "ufunc 'log1p'"),
        (expit, "ufunc 'expit'"),
        (open, "builtin"),
        (math.log1p, "builtin"),
        (np.mean, "'mean'"),
        (_process_predict_proba, "_process_predict_proba"),
        pytest.param(10**5000, "number of thousands of digits", id="digits"),
        (np.add.reduce, "reduce"),
        (np.frompyfunc(len, 1, 1), "len"),
        (functools.partial(len), "partial"),
        ([1].append, "append"),
        (pd.DataFrame.mean, "mean"),
        (np.random.RandomState(0), "RandomState"),
        (np.random.default_rng(0), "Generator"),
        (np.random, "module"),
        (make_scorer(lambda y, said: 0.0), "<lambda>"),
        (pd.DataFrame({"a": [1]}), "DataFrame"),
        (pd.Timestamp("2020-01-01"), "Timestamp"),
        (np.array(["2020-01-01"], "M8[ns]"), "datetime64"),
        (np.longdouble(1), "longdouble"),
        (np.ma.masked_array([1], [True]), "MaskedArray"),
        (np.array([(1, 2)], "i,i"), "void"),
        (pd.NA, "NAType"),
        (object(), "object"),
        (ENDLESS, "nested too deeply"),
        (Renamed(), "Own"),
        (sys.stdout, ""),
        (functools.OrderedDict if hasattr(functools, "OrderedDict") else iter(()), ""),
    ],
)
@pytest.mark.parametrize("wrap", [lambda v: v, lambda v: [v], lambda v: {"k": (v,)}])
def test_refused_by_the_name_of_its_parameter(value, said, wrap):
    with pytest.raises(UnwritableError, match=r"Holder\.value") as caught:
        as_code(make_pipeline(StandardScaler(), Holder(wrap(value))))
    assert said in str(caught.value)
    assert "pass plain values" in str(caught.value)
    code, reason = code_or_reason(Holder(value))
    assert code is None
    assert "Holder.value" in reason


def test_a_default_that_is_equal_is_left_out():
    assert expression(LogisticRegression(C=1.0)) == "LogisticRegression()"
    assert expression(LogisticRegression(C=True)) == "LogisticRegression(C=True)"
    assert math.isnan(built(Holder(np.nan)).value)


# ---------------------------------------------------------------- layout
CODE = [
    "make_pipeline(A(), B(C=1))",
    f"F(a={{{'k y ' * 60!r}: {'漢' * 90!r}, 'u': [1, 2]}}, b=(1,), c=())",
    f"f({'x' * 300!r})",
    repr("x y" * 100),
    "f(slice(0, None), float('nan'), c=[], d={}, e=-1.5)",
    f"P(steps=[('a', A(x={'y' * 70!r})), ('b', B(C={[1.5] * 40}))], n=-1)",
    "()",
]


@pytest.mark.parametrize("code", CODE)
@pytest.mark.parametrize("width", [60, 80, 88])
@pytest.mark.parametrize("by_step", [True, False])
@pytest.mark.parametrize("head", ["", "   ", "estimator = "])
def test_lines_of_code_are_the_same_code(code, width, by_step, head):
    lines = wrapped_code(code, head, width=width, by_step=by_step)
    value = ast.parse("\n".join(lines).strip()).body[0].value
    assert ast.dump(value) == ast.dump(ast.parse(code).body[0].value)
    assert all(line == line.rstrip() for line in lines)
    assert max(map(len, lines)) <= width


def test_each_step_has_a_line():
    code = "W(estimator=make_pipeline(A(), B(x=1)), columns=['a', 'b'])"
    assert wrapped_code(code, "e = ", by_step=True) == [
        "e = W(",
        "    estimator=make_pipeline(",
        "        A(),",
        "        B(x=1),",
        "    ),",
        "    columns=['a', 'b'],",
        ")",
    ]
    assert wrapped_code(code, "e = ") == ["e = " + code]


def test_a_text_may_stay_whole():
    code = f"f(a={'x y' * 60!r}, b=[1, 2])"
    lines = wrapped_code(code, "e = ", width=88, cut_texts=False)
    assert lines == ["e = f(", f"    a={'x y' * 60!r},", "    b=[1, 2],", ")"]
    assert wrapped_code(repr("x" * 90), "e = ", cut_texts=False) == [
        f"e = {'x' * 90!r}"
    ]
