"""The lists one after the other, as far as the verdicts reach.

A list is a number of rows from the top of the ranking. `turn` is the place of each row
of the ranking in one random order of all; restricted to a list it is a random order of
that list, so that longer lists use again what was verified for shorter ones.
"""

from dataclasses import dataclass

import numpy as np

from skdataquality.label_noise._warranty._rule import allowed, rule_for

GOOD, GOOD_WITHOUT, NOT_SHOWN, OPEN = "good", "good without", "not shown", "open"


@dataclass
class Step:
    """What is known of one list.

    Attributes
    ----------
    size : int
        Rows of the list.
    verified : int
        Rows of it that were verified, in their random order, up to where it ended.
    not_wrong : int
        How many of these are not wrong.
    outcome : {"good", "good without", "not shown", "open"}
        Good; good without the rows found not wrong; neither can be shown any more;
        verdicts are missing.
    """

    size: int
    verified: int
    not_wrong: int
    outcome: str

    @property
    def is_good(self):
        return self.outcome in (GOOD, GOOD_WITHOUT)

    @property
    def taken_out(self):
        """Rows found not wrong without which alone the list is good."""
        return self.not_wrong if self.outcome == GOOD_WITHOUT else 0

    def to_dict(self):
        return {
            "rows": self.size,
            "verified": self.verified,
            "not_wrong": self.not_wrong,
            "outcome": self.outcome,
        }


def go_through(plan, verdicts, ask=lambda position: None):
    """Yield a Step for each list in its turn, until one is not good.

    Parameters
    ----------
    plan : WarrantyPlan
    verdicts : dict
        By position in the ranking, whether the label is wrong; `ask` may add to it.
    ask : callable
        Takes a position without a verdict; returns one, or None.
    """

    def is_wrong(position):
        verdict = verdicts.get(position)
        return ask(position) if verdict is None else verdict

    for size in plan.cuts.tolist():
        rule = rule_for(size, plan.n_rows, plan.share, plan.level)
        step = judge(size, rule, in_turn(plan.turn, size), is_wrong)
        if step.is_good and _is_contradicted(step, verdicts, plan.share):
            step.outcome = NOT_SHOWN
        yield step
        if step.outcome != GOOD:
            return


def _is_contradicted(step, verdicts, share):
    """Whether verdicts that the rule did not count show that the list is not good."""
    found = sum(not wrong for at, wrong in verdicts.items() if at < step.size)
    return found > allowed(step.size, share, step.taken_out)


def in_turn(turn, size):
    """Positions of the first rows of the ranking in the order to verify them."""
    return np.argsort(turn[:size], kind="stable").tolist()


def judge(size, rule, order, is_wrong):
    """Compare the verdicts on one list with its rule."""
    not_wrong = 0
    for verified in range(rule.last_look + 1):
        if not_wrong <= rule.looks.get(verified, -1):
            return Step(size, verified, not_wrong, GOOD)
        if verified == rule.last_look and not_wrong <= rule.without_them:
            return Step(size, verified, not_wrong, GOOD_WITHOUT)
        if not _can_still_hold(rule, verified, not_wrong):
            return Step(size, verified, not_wrong, NOT_SHOWN)
        verdict = is_wrong(order[verified])
        if verdict is None:
            return Step(size, verified, not_wrong, OPEN)
        not_wrong += not verdict
    raise AssertionError("the last look decides")


def _can_still_hold(rule, verified, not_wrong):
    later = [most for t, most in rule.looks.items() if t > verified]
    if verified < rule.last_look:
        later.append(rule.without_them)
    return not_wrong <= max(later, default=-1)


def rows_to_ask(plan, verdicts):
    """Positions to verify next if nothing more turns out to be not wrong.

    At first those for the shortest list alone; once it is good, those for longer lists
    as far as ``plan.n_rows`` verdicts reach. Rows that would not bring a list to its
    next look are left out, and those that would only end in a list with every row
    verified, unless the ranking is so short that this was the plan.
    """
    left = plan.n_rows - len(verdicts)
    supposed, asked = dict(verdicts), list[int]()

    def hope(position):
        if len(asked) >= left:
            return None
        asked.append(position)
        supposed[position] = True
        return True

    useful = 0
    for step in go_through(plan, supposed, hope):
        is_whole = step.verified == step.size < plan.ranking.size
        if step.outcome == GOOD or (step.outcome == GOOD_WITHOUT and not is_whole):
            useful = len(asked)
        if asked and step.size == plan.cuts[0]:
            break
    return asked[:useful]
