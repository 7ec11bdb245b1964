"""Time several calls, interleaved, beside each other."""

import resource
import sys
import time
import timeit
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

SHORTEST = 0.02  # seconds: a quicker call is repeated within one timing
TIMES = "library seconds seconds_min seconds_max ratio ratio_min ratio_max repeats"
MEMORY = "peak_mb peak_share_of_input"
ALONE = "seconds input_mb peak_mb"


@dataclass(frozen=True)
class Question:
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
    compared : callable, default=nullcontext
        Returns the context in which answers are compared; they are timed outside it.
    """

    make: Callable
    libraries: dict[str, Callable]
    agree: Callable
    floors: dict[str, Callable] = field(default_factory=dict)
    compared: Callable = nullcontext


def measure(question, size, *, n_repeats):
    """Return one row per library, of the columns TIMES and MEMORY."""
    inputs = question.make(*size)
    check_agreement(question, inputs)
    calls = {
        name: lambda call=call: call(*inputs)
        for name, call in {**question.libraries, **question.floors}.items()
    }
    largest = max(value.nbytes for value in inputs if isinstance(value, np.ndarray))
    return [
        {**row, **memory(calls[row["library"]], largest)}
        for row in race(calls, n_repeats)
    ]


def check_agreement(question, inputs):
    ours, *others = question.libraries.values()
    with question.compared():
        answer = ours(*inputs)
        for other in others:
            question.agree(answer, other(*inputs))


def race(calls, n_repeats, *, shortest=SHORTEST, timer=time.perf_counter):
    """Return one row per call, of the columns TIMES: the ratio is to the first.

    Every repeat runs all calls once, forwards and backwards by turns; a ratio compares
    two timings of one repeat, so that a slow minute of the machine slows both.
    ``shortest=0`` spares the calls that find out how often one fits in a timing.
    """
    numbers = {
        name: max(1, round(shortest / max(seconds(call), 1e-9))) if shortest else 1
        for name, call in calls.items()
    }
    times: dict[str, list[float]] = {name: [] for name in calls}
    for repeat in range(n_repeats):
        for name in list(calls)[:: -1 if repeat % 2 else 1]:
            times[name].append(seconds(calls[name], numbers[name], timer))
    first = times[next(iter(calls))]
    return [
        {"library": name, **summary(times[name], first), "repeats": n_repeats}
        for name in calls
    ]


def seconds(call, number=1, timer=time.perf_counter):
    """Return the mean time of consecutive calls."""
    return timeit.timeit(call, number=number, timer=timer) / number


def summary(times, first):
    """Return median and range of the seconds, and of the ratios repeat by repeat."""
    ratios = np.asarray(times) / np.asarray(first)
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


def in_new_process(function, *arguments):
    """Call where nothing ran before, as the peak of a process never falls."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def alone(call, *inputs):
    """Return the result of one call, and the columns ALONE; for a new process."""
    before = peak_bytes()
    start = time.perf_counter()
    result = call(*inputs)
    return result, {
        "seconds": time.perf_counter() - start,
        "input_mb": inputs[0].nbytes / 1e6,
        "peak_mb": (peak_bytes() - before) / 1e6,
    }


def peak_bytes():
    """Return the largest resident set so far."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux, ru_maxrss begins with that of the parent
        line = status.read_text().split("VmHWM:")[1]
        return 1024 * int(line.split()[0])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def table(rows):
    """Return the rows with ratio and range in one column, of two digits."""
    names = [name for name in rows if name not in f"{TIMES} {MEMORY}".split()]
    frame = rows[[*names, "library", "seconds"]].copy()
    frame["times the first"] = [
        f"{ratio:.2g}" + (f" ({low:.2g} to {high:.2g})" if high == high else "")
        for ratio, low, high in zip(
            rows["ratio"], rows["ratio_min"], rows["ratio_max"], strict=True
        )
    ]
    if "peak_mb" in rows:
        frame["peak, MB"] = [f"{value:.1f}" for value in rows["peak_mb"]]
        frame["peak, % of input"] = [f"{v:.1%}" for v in rows["peak_share_of_input"]]
    return frame


def draw(rows, names):
    """Draw the ratios of some rows as bars, with their ranges."""
    rows, places = rows.iloc[::-1], np.arange(len(rows))
    spread = [rows["ratio"] - rows["ratio_min"], rows["ratio_max"] - rows["ratio"]]
    figure = Figure(figsize=(9, 1 + 0.28 * len(rows)), layout="constrained")
    axes = figure.subplots()
    axes.barh(places, rows["ratio"], color="C0")
    axes.errorbar(rows["ratio"], places, xerr=spread, fmt="none", ecolor="black")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set(yticks=places, yticklabels=names[::-1], xlabel="times as long as ours")
    return figure
