"""How the prompts that are entering share a step."""

from __future__ import annotations

from collections.abc import Sequence


def shares(missing: Sequence[int], budget: int) -> list[int]:
    """Tokens that each prompt may enter in this step, ``budget`` in all; ``missing`` by age.

    Half of the budget goes to the prompts in the order in which they came, the rest to the shortest
    first. So the oldest always goes on, by half of the budget at least, and a prompt of up to half
    of the budget enters in its first step, however long the one before it is, unless shorter ones
    take that half.
    """
    given = [0] * len(missing)
    left = budget - _hand_out(range(len(missing)), missing, given, budget // 2)
    _hand_out(sorted(range(len(missing)), key=missing.__getitem__), missing, given, left)
    return given


def alike(lengths: Sequence[int]) -> list[list[int]]:
    """Places of lengths above 0 in groups that can enter together, padded to the longest.

    No length is below three quarters of its group's longest: the padding costs less than what the
    group saves.
    """
    groups: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if lengths[place] == 0:
            break
        if groups and 4 * lengths[place] >= 3 * lengths[groups[-1][0]]:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _hand_out(order: Sequence[int], missing: Sequence[int], given: list[int], budget: int) -> int:
    """Give in this order what is missing until the budget is spent; how much that was."""
    spent = 0
    for place in order:
        more = min(missing[place] - given[place], budget - spent)
        given[place] += more
        spent += more
    return spent
