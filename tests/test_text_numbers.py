"""Numbers that are written as text, in the style of the whole column."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skdataquality.utils._frames import numbers_in_text


def _read(*texts):
    numbers = numbers_in_text(np.array(texts, dtype=object))
    return None if numbers is None else numbers.tolist()


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["$1,234.56", "$2", "$ .5"], [1234.56, 2, 0.5]),
        (["12 %", "3.5%"], [12, 3.5]),
        (["1.234,5", "12,25"], [1234.5, 12.25]),
        (["(1,200)", "35", "($7.50)", "-$2"], [-1200, 35, -7.5, -2]),
        (["3.5e6", "1E-3"], [3.5e6, 1e-3]),
        (["1 234,5 EUR", "7 EUR", "1\u202f000 EUR"], [1234.5, 7, 1000]),
        (["1'234.5", "1\u2019000"], [1234.5, 1000]),
        (["\u22125", "+3"], [-5, 3]),
    ],
)
def test_what_people_write(texts, expected):
    assert _read(*texts) == pytest.approx(expected)


def test_the_column_decides_what_a_comma_means():
    assert _read("1,234", "2,500") == [1234, 2500]
    assert _read("1,234", "2,5") == [1.234, 2.5]
    assert _read("1.234", "2.500") == [1.234, 2.5]
    assert _read("1.234", "2,5") == [1234, 2.5]


@pytest.mark.parametrize(
    "texts",
    [
        ["A12", "B7"],
        ["PAL0708", "PAL0809", "PAL0910"],
        ["KLM 1023", "KLM 887"],
        ["2020-01-01"],
        ["1.2.3"],
        ["$1", "€2"],
        ["5", "x"],
        ["12 34"],
        ["(1", "2"],
        [""],
        ["12:30"],
        [1.5, 2.5],
    ],
)
def test_what_is_no_number(texts):
    assert _read(*texts) is None


def test_a_few_other_cells_are_missing():
    numbers = _read(*map(str, range(30)), "n/a", None)
    assert numbers[:30] == list(range(30))
    assert np.isnan(numbers[30:]).all()


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=20),
    st.sampled_from(["{:,.2f}", "$ {:,.2f}", "{:.2f} %", "{:.3e}", "{:,.2f} CHF"]),
    st.booleans(),
)
def test_what_python_writes_is_read(cents, written, is_continental):
    values = [c / 100 for c in cents]
    texts = [written.format(v) for v in values]
    expected = [float(f"{v:.3e}") for v in values] if "e}" in written else values
    if is_continental:
        texts = [t.translate(str.maketrans(",.", ".,")) for t in texts]
        if "," not in written and "e}" in written:
            return  # 1,234e+05 alone may be either
    assert _read(*texts) == pytest.approx(expected)
