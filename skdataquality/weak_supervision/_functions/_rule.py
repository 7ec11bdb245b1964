"""What ready-made labelling functions have in common: :class:`Rule`."""

from dataclasses import dataclass, fields
from reprlib import repr as shortened


@dataclass(frozen=True, eq=False, repr=False)
class Rule:
    """A function of X that pickles, and shows how it was made."""

    def __repr__(self):
        shown = [f for f in fields(self) if f.metadata.get("shown", True)]
        said = [
            f"{f.name}={shortened(value)}"
            for f in shown
            if (value := getattr(self, f.name)) != f.default
        ]
        return f"{self.maker}({', '.join(said)})"

    maker = "Rule"


def slug(value):
    """Return a label or the name of a column as part of a name."""
    return "_".join(str(value).split())
