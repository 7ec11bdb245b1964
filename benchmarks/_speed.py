"""Time the same call of several libraries, interleaved, beside each other."""

import timeit
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

SHORTEST = 0.02  # seconds: a quicker call is repeated within one timing


@dataclass(frozen=True)
class Problem:
    """One question to several libraries.

    Attributes
    ----------
    make : callable
        Takes the size and returns the inputs.
    libraries : dict of callables
        Each takes the inputs; the first is ours.
    agree : callable
        Raises if our answer and another library's are not the same.
    floors : dict of callables
        Timed beside them, never compared: what no answer can do without.
    """

    make: Callable
    libraries: dict[str, Callable]
    agree: Callable
    floors: dict[str, Callable] = field(default_factory=dict)


def measure(problem, size, *, n_repeats):
    """Return one row per library: seconds, ratio to ours, peak memory.

    Every repeat runs all calls once, forwards and backwards by turns; a ratio compares
    two timings of one repeat, so that a slow minute of the machine slows both.
    """
    inputs = problem.make(*size)
    check_agreement(problem, inputs)
    calls = {
        name: lambda call=call: call(*inputs)
        for name, call in {**problem.libraries, **problem.floors}.items()
    }
    numbers = {name: calls_per_timing(call) for name, call in calls.items()}
    times: dict[str, list[float]] = {name: [] for name in calls}
    for repeat in range(n_repeats):
        for name in list(calls)[:: -1 if repeat % 2 else 1]:
            times[name].append(seconds(calls[name], numbers[name]))
    ours = times[next(iter(problem.libraries))]
    largest = max(value.nbytes for value in inputs if isinstance(value, np.ndarray))
    return [
        {
            "library": name,
            **summary(times[name], ours),
            **memory(calls[name], largest),
            "repeats": n_repeats,
        }
        for name in calls
    ]


def check_agreement(problem, inputs):
    ours, *others = problem.libraries.values()
    answer = ours(*inputs)
    for other in others:
        problem.agree(answer, other(*inputs))


def calls_per_timing(call):
    return max(1, round(SHORTEST / max(seconds(call), 1e-9)))


def seconds(call, number=1):
    """Return the mean time of consecutive calls."""
    return timeit.timeit(call, number=number) / number


def summary(times, ours):
    """Return median and range of the seconds, and of the ratios repeat by repeat."""
    ratios = np.asarray(times) / np.asarray(ours)
    return {
        "seconds": float(np.median(times)),
        "seconds_min": min(times),
        "seconds_max": max(times),
        "ratio": float(np.median(ratios)),
        "ratio_min": float(ratios.min()),
        "ratio_max": float(ratios.max()),
    }


def memory(call, largest_input):
    """Return the peak of what one call allocates beside its inputs.

    numpy reports every array to tracemalloc, so the figure is exact, the same in each
    run and on each system. Buffers that C code takes for itself, as for sorting, are
    not in it: the resident set of a forked child was mostly 4 to 12 MB higher.
    """
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return {"peak_mb": peak / 1e6, "peak_share_of_input": peak / largest_input}
