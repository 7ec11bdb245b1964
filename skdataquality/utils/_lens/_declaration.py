"""What a lens declares, so that nothing above has to know it by name."""

from collections.abc import Callable
from dataclasses import dataclass, field

from skdataquality.utils._lens._result import LensResult

GIVEN = {
    "target": "target data",
    "sources": "sources",
    "votes": "votes",
    "who": "sources or votes",
    "pool": "rows of a pool",
}
NO_ESTIMATOR = "no estimator mends it: act on the finding"


def _nothing(*args, **kwargs):
    return {}


@dataclass(frozen=True, kw_only=True)
class Lens:
    """A lens, as the diagnosis, the plan, gates and comparisons see it.

    Attributes
    ----------
    result : type of LensResult
        Says name, title, reasons and units.
    examine : callable
        ``examine(inputs, known) -> result, learned``: `Inputs` and `Known` in; the
        result, and a dict of the fields of `Known` that it adds, out.
    measured, acts : float
        Place in the order of measuring, and in that of acting.
    label_kinds : tuple of str
        Kinds of label that it is asked about: "classes", "numbers".
    given : tuple of str
        Fields of `Inputs`, keys of `GIVEN`, without which it is not asked.
    known : tuple of str
        Fields of `Known` without which it cannot tell.
    why : callable
        ``why(result) -> str``: why its step stands where it does in the plan.
    expect : callable
        ``expect(result) -> str or None``: what acting on the finding should change.
    price : callable or None
        ``price(result, labels, with_columns, without_columns) -> result``: adds what
        columns are worth, by predictions of one model on the same splits.
    again : callable or None
        ``again(result, inputs, known) -> result``: a second look, when all lenses have
        been asked.
    candidates : callable
        ``candidates(result, *, estimator, label_kind, random_state, scoring, folds) ->
        dict`` of the remedies to compare; ``folds`` is a splitter for what is tuned.
    chained : str or None
        The candidate that joins a chain with those of other lenses.
    aliases : dict of str to str
        Short names of its numbers in the conditions of gates.
    counts_clusters : bool
        Whether its intervals and tests count rows that depend on each other as fewer.
    """

    result: type[LensResult]
    examine: Callable
    measured: float
    acts: float
    label_kinds: tuple[str, ...] = ("classes", "numbers")
    given: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    why: Callable = lambda result: NO_ESTIMATOR
    expect: Callable = lambda result: None
    price: Callable | None = None
    again: Callable | None = None
    candidates: Callable = _nothing
    chained: str | None = None
    aliases: dict[str, str] = field(default_factory=dict)
    counts_clusters: bool = False

    @property
    def name(self):
        """The key of the lens."""
        return self.result.name

    @property
    def title(self):
        """The word for people."""
        return self.result.title

    def lacks(self, known):
        """Return the reason why it cannot tell, or None if all it needs is known."""
        missing = [need for need in self.known if getattr(known, need) is None]
        return known.lacking.get(missing[0], "not_judged") if missing else None
