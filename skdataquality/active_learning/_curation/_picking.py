"""Picks under a balance of classes: :func:`pick_rows`."""


def pick_rows(greedy, n, balance, *, first=None):
    """Pick up to n rows, exact copies last.

    Where the classes that lack rows have no candidate left, others get their quota;
    copies of picked rows are taken when no class that is wanted has another row.
    """
    if first is not None:
        _take(greedy, balance, first)
    while len(greedy.picks) < n:
        row = greedy.best(balance.value)
        if row is not None:
            _take(greedy, balance, row)
        elif not balance.close():
            break
    if len(greedy.picks) < n:
        balance.reopen(greedy.n_open(balance.value.size))
    while len(greedy.picks) < n:
        row = greedy.best_copy(balance.value)
        if row is not None:
            _take(greedy, balance, row)
        elif not balance.close():
            break


def _take(greedy, balance, row):
    greedy.add(row)
    balance.add(greedy.codes[row])
