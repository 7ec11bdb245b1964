"""What is known of each kind of shift before a verdict: :class:`Part`."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Part:
    """The test of one kind of shift.

    ``p_value`` is None where the kind was not tested; ``p_relevant`` is that of effects
    which are large enough to matter, 1 if there are none. ``numbers``, ``evidence`` and
    ``limits`` go into the result as they are.
    """

    p_value: float | None = None
    p_relevant: float = 1.0
    numbers: dict = field(default_factory=dict)
    evidence: dict = field(default_factory=dict)
    limits: tuple = ()
