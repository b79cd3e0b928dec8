"""One request at a time or a batch: the rules, and options that exclude each other."""

from __future__ import annotations

import itertools

import pytest

from reference_server.engine.runtime import (
    RULES,
    Asked,
    Contradiction,
    RuntimeFacts,
    decided,
    settled,
)

MODES = ("auto", "simple", "batched")
BATCHINGS = (None, "adaptive", "invariant", "serial")


@pytest.mark.parametrize(
    ("facts", "mode", "reason", "warns"),
    [
        (RuntimeFacts("auto", "adaptive", 8), "batched", "by rounding at most", False),
        (RuntimeFacts("auto", "invariant", 8), "batched", "by rounding at most", False),
        (RuntimeFacts("auto", "adaptive", 8, 0.4), "simple", "its logits by 40%", True),
        (RuntimeFacts("batched", "adaptive", 8, 0.4), "batched", "asked for, though in a", True),
        (RuntimeFacts("batched", "adaptive", 8), "batched", "as asked for", False),
        (RuntimeFacts("simple", "serial", 8, 0.4), "simple", "as asked for", False),
        (RuntimeFacts("auto", "adaptive", 1, 0.4), "simple", "--max-batch leaves one", False),
    ],
)
def test_the_first_rule_that_holds_decides(facts, mode, reason, warns):
    found = decided(facts)
    assert (found.mode, found.warns) == (mode, warns)
    assert reason in found.reason


def test_every_rule_decides_something_and_something_is_always_decided():
    facts = [
        RuntimeFacts(mode, batching, rows, differs)
        for mode in MODES
        for batching in BATCHINGS[1:]
        for rows in (1, 8)
        for differs in (0.0, 0.4)
    ]
    reasons = {decided(one).reason for one in facts}
    assert len(reasons) == len({rule.reason for rule in RULES})


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (Asked("simple", "adaptive"), "--runtime-mode simple and --batching adaptive contradict"),
        (Asked("simple", "invariant"), "--runtime-mode simple and --batching invariant contra"),
        (Asked("simple", deterministic=True), "--runtime-mode simple and --deterministic contra"),
        (Asked("batched", "serial"), "--runtime-mode batched and --batching serial contradict"),
        (Asked("batched", max_batch=1), "--runtime-mode batched and --max-batch 1 contradict"),
        (Asked("auto", "serial", True), "--deterministic and --batching serial contradict"),
        (Asked("auto", "adaptive", True), "--deterministic and --batching adaptive contradict"),
    ],
)
def test_options_that_exclude_each_other_are_refused_by_name(asked, sentence):
    with pytest.raises(Contradiction, match=sentence):
        settled(asked)


def test_all_others_go_together_and_simple_is_serial():
    found = {}
    for mode, batching, fixed in itertools.product(MODES, BATCHINGS, (False, True)):
        try:
            found[mode, batching, fixed] = settled(Asked(mode, batching, fixed))
        except Contradiction:
            continue
    assert found == {
        ("auto", None, False): "adaptive",
        ("auto", "adaptive", False): "adaptive",
        ("auto", "invariant", False): "invariant",
        ("auto", "serial", False): "serial",
        ("auto", None, True): "invariant",
        ("auto", "invariant", True): "invariant",
        ("simple", None, False): "serial",
        ("simple", "serial", False): "serial",
        ("batched", None, False): "adaptive",
        ("batched", "adaptive", False): "adaptive",
        ("batched", "invariant", False): "invariant",
        ("batched", None, True): "invariant",
        ("batched", "invariant", True): "invariant",
    }
