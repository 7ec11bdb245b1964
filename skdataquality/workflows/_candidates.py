"""Which remedies to compare after a diagnosis, and the winner as a program."""

from imblearn.under_sampling import RandomUnderSampler

from skdataquality.compose import RemedyChain
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.label_noise import LabelErrorDetector, NoisePruningClassifier
from skdataquality.shift import ShiftWeightedClassifier, ShiftWeightedRegressor
from skdataquality.utils._code import as_code

BAD = ("found", "suspect")
REGRESSION = "cannot tell: regression"


def candidate_remedies(report, *, estimator=None, random_state=0):
    """Name the remedies that a diagnosis suggests, and the usual ones.

    Parameters
    ----------
    report : DataQualityReport
    estimator : classifier, default=None
        What judges labels, in one round; None is :class:`LabelErrorDetector` with its
        three families of models, which take several times as long.
    random_state : int, default=0
        For the remedies that draw.

    Returns
    -------
    remedies : dict of str to remedy
        For :func:`~skdataquality.model_selection.compare_remedies`.
    """
    detector = LabelErrorDetector(
        estimator, n_rounds=2 if estimator is None else 1, random_state=random_state
    )
    verdicts = {name: lens.verdict for name, lens in report.lenses.items()}
    regression = report.lenses["imbalance"].summary == REGRESSION
    remedies = {}
    repeated = verdicts["duplicates"] in BAD
    if repeated:
        remedies["deduplicate"] = Deduplicator()
    if not regression:
        remedies |= {
            "balance": ClassBalanceWeighter(),
            "under-sample": RandomUnderSampler(random_state=random_state),
            "prune labels": NoisePruningClassifier(detector=detector),
        }
        if verdicts["label_noise"] in BAD:
            remedies["reweight labels"] = NoisePruningClassifier(
                strategy="reweight", detector=detector
            )
        if repeated:
            remedies["deduplicate, balance"] = RemedyChain(
                [Deduplicator(), ClassBalanceWeighter()]
            )
    if verdicts.get("shift") in BAD and report.lenses["shift"].remedies:
        weighted = ShiftWeightedRegressor if regression else ShiftWeightedClassifier
        remedies["weight to target"] = weighted(random_state=random_state)
    return remedies


def program_for(
    estimator,
    *,
    table,
    label,
    left_out=(),
    target=None,
    reading=None,
    reading_target=None,
    beside=True,
    why="",
):
    """Write a Python program that reads a table and fits an estimator on it.

    Every name from outside is written as a Python literal.

    Parameters
    ----------
    estimator : estimator
    table : str
        Path of the training table.
    label : str
    left_out : collection of str
        Columns that are no features.
    target : str, default=None
        Path of the target data, for an estimator that holds them.
    reading, reading_target : dict, default=None
        Options of :func:`~skdataquality.tables.read_table` for either file.
    beside : bool, default=True
        Whether paths start from the folder of the program, wherever it is run.
    why : str
        One line for the head of the program.

    Returns
    -------
    program : str
    """
    code = as_code(estimator)
    imports = {*code["imports"], "from skdataquality.tables import read_table"}
    if beside:
        imports.add("from pathlib import Path")
    lines = [
        f'"""{_harmless(why)}"""',
        "",
        *sorted(imports, key=lambda line: (line.split()[1].split(".")[0], line)),
        "",
        *(["HERE = Path(__file__).resolve().parent"] if beside else []),
        f"LABEL = {label!r}",
        f"LEFT_OUT = {list(left_out)!r}",
        "",
        f"table = {_reads(table, reading, beside)}.dropna(subset=[LABEL])",
        "y = table[LABEL]",
        "X = table.drop(columns=[LABEL, *LEFT_OUT])",
    ]
    if target is not None and "X_target" in code["expression"]:
        read = _reads(target, reading_target, beside)
        lines.append(f"X_target = {read}[list(X.columns)]")
    lines += [
        "",
        f"estimator = {code['expression']}",
        "estimator.fit(X, y)",
        'print(f"fitted on {len(X)} rows:", type(estimator).__name__)',
    ]
    return "\n".join(lines) + "\n"


def _reads(path, reading, beside):
    options = "".join(f", {k}={v!r}" for k, v in (reading or {}).items())
    return f"read_table({'HERE / ' if beside else ''}{str(path)!r}{options})"


def _harmless(text):
    """Text for a docstring: printable, on one line, without quotes to end it."""
    one_line = "".join(c if c.isprintable() else "?" for c in text)
    return one_line.replace("\\", "/").replace('"', "'")
