"""The mutants of the core: every one is a program, and its tests are there."""

import ast

import pytest

from benchmarks import _mutation

SOURCE = b'''
def f(x, top=2, sure=True):
    """1 < 2."""
    if x < top and sure:
        raise ValueError(f"{x + 1} is above 3")
    return x[1:] * 0.5
'''


@pytest.mark.parametrize("file", _mutation.CORE)
def test_every_mutant_is_another_program_and_is_judged_by_tests(file):
    assert all((_mutation.ROOT / test).exists() for test in _mutation.CORE[file])
    source = (_mutation.ROOT / "skdataquality" / file).read_bytes()
    found = _mutation.mutants_of(file, source)
    assert found
    sound = ast.dump(ast.parse(source))
    for mutant in found:
        assert ast.dump(ast.parse(mutant.apply(source))) != sound


def test_only_the_mathematics_is_changed():
    changed = {
        (mutant.kind, mutant.diff(SOURCE)[1])
        for mutant in _mutation.mutants_of("f.py", SOURCE)
    }
    assert changed == {
        ("constant", "def f(x, top=3, sure=True):"),
        ("constant", "def f(x, top=2, sure=False):"),
        ("opposite", "if x >= top and sure:"),
        ("at equality", "if x <= top and sure:"),
        ("negation", "if not (x < top and sure):"),
        ("slice", "return x[1 + 1:] * 0.5"),
        ("constant", "return x[2:] * 0.5"),
        ("operator", "return x[1:] / 0.5"),
        ("constant", "return x[1:] * 1.0"),
    }


def test_a_seed_draws_the_same_mutants_of_every_kind():
    drawn = _mutation.draw(50, 1)
    assert drawn == _mutation.draw(50, 1) != _mutation.draw(50, 2)
    assert len(set(drawn)) == 50
    assert len({mutant.kind for mutant in drawn}) == 6
