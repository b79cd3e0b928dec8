"""Budgets of thoughts: what is forced and when, in every decoder, and what neighbours see of it."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_server.engine.decoder import BatchDecoder
from reference_server.engine.hashes import hashed
from reference_server.engine.slots import SlotDecoder
from reference_server.engine.thinking import Spending, ThinkingBudget
from tests.reference_server.engine.engine_rig import endless, prompt_of, run_all, serving, watched
from tests.reference_server.engine.test_engine_invariance import decoder_of, run

OPEN, CLOSE, BLANK, WORD = 900, 901, 902, 903
FORCED = (BLANK, CLOSE, WORD + 50)
MARKS = {"opening": (OPEN,), "closings": frozenset({CLOSE}), "forced": FORCED}
ONCE = {**MARKS, "blank": frozenset({BLANK})}
CHANNEL = {**MARKS, "opening": (OPEN, WORD + 1)}


def spoken(budget, wishes, *, ahead):
    """The answer of a model that would say ``wishes``, and how often its last token was waited for.

    ``ahead``: the last token is not known yet, as in the decoders.
    """
    spending, said, waits = Spending(budget), [], 0

    def last():
        nonlocal waits
        waits += 1
        return said[-1]

    for position, wish in enumerate(wishes):
        known = said[:-1] if ahead else said
        forced = spending.forced(position, list(known), last if ahead and said else None)
        free = WORD + 99 if wish == spending.forbidden else wish
        said.append(free if forced is None else forced)
    return said, waits


def words(count):
    return [WORD + 100 + at for at in range(count)]


@pytest.mark.parametrize("ahead", [True, False])
@pytest.mark.parametrize(
    ("budget", "wishes", "said"),
    [
        ({**ONCE, "limit": 2}, [OPEN, *words(6)], [OPEN, *words(2), *FORCED, words(6)[-1]]),
        ({**ONCE, "limit": 0}, [OPEN, *words(4)], [OPEN, *FORCED, words(4)[-1]]),
        ({**ONCE, "limit": 0, "opened": True}, words(4), [*FORCED, words(4)[-1]]),
        ({**ONCE, "limit": 3}, [OPEN, *words(2), CLOSE, *words(3)], None),
        ({**ONCE, "limit": 9}, [OPEN, *words(5)], None),
        ({**ONCE, "limit": 0}, words(5), None),
        ({**ONCE, "limit": 0}, [words(1)[0], OPEN, *words(4)], None),
        ({**ONCE, "limit": 1}, [BLANK, OPEN, *words(4)], [BLANK, OPEN, *words(1), *FORCED]),
        ({**ONCE, "limit": 2}, [OPEN, 1, CLOSE, 9, OPEN, 2, 3, 4], None),
        ({**ONCE, "limit": 2}, [OPEN, 1, CLOSE, OPEN, 2, 3], [OPEN, 1, CLOSE, OPEN, 2, BLANK]),
        ({**ONCE, "limit": 3, "lead": 1}, [OPEN, *words(5)], [OPEN, *words(2), *FORCED]),
        ({**ONCE, "limit": 1, "lead": 1}, [OPEN, *words(3)], [OPEN, *FORCED]),
        ({**ONCE, "limit": 0, "lead": 1}, [OPEN, *words(2)], [OPEN, *FORCED[1:]]),
        ({**MARKS, "limit": 0}, [OPEN, *words(3), OPEN, 5], [OPEN, *FORCED, WORD + 99, 5]),
        ({**MARKS, "limit": 2}, [OPEN, 1, CLOSE, OPEN, 2, 3], [OPEN, 1, CLOSE, OPEN, 2, BLANK]),
        ({**CHANNEL, "limit": 0}, [OPEN, OPEN, WORD + 1, 1, 2, 3], [OPEN, OPEN, WORD + 1, *FORCED]),
        ({**CHANNEL, "limit": 0}, [OPEN, WORD, 1, 2, 3], None),
    ],
)  # fmt: skip
def test_what_is_forced(budget, wishes, said, ahead):
    found, _ = spoken(ThinkingBudget(**budget), wishes, ahead=ahead)
    assert found == (wishes if said is None else said)


def test_it_waits_for_a_token_only_where_that_decides():
    wishes = [OPEN, *words(20)]
    assert spoken(ThinkingBudget(**ONCE, limit=8), wishes, ahead=True)[1] == 1
    assert spoken(ThinkingBudget(**ONCE, limit=30), wishes, ahead=True)[1] == 0
    assert spoken(ThinkingBudget(**CHANNEL, limit=0), words(20), ahead=True)[1] == 0


TOKENS = st.sampled_from([OPEN, CLOSE, BLANK, WORD, WORD + 1, 5])


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([ONCE, MARKS, CHANNEL]),
    st.integers(0, 4),
    st.booleans(),
    st.lists(TOKENS, max_size=20),
    st.integers(0, 20),
)
def test_what_is_forced_follows_from_the_tokens_alone(marks, limit, opened, wishes, again):
    """Read late or at once, or anew from the middle on as after a fault: the same tokens."""
    budget = ThinkingBudget(**marks, limit=limit, opened=opened)
    said, _ = spoken(budget, wishes, ahead=True)
    assert spoken(budget, said, ahead=False)[0] == said
    fresh = Spending(budget)
    for position in range(min(again, len(said)), len(said)):
        assert fresh.forced(position, said[:position], None) in (None, said[position])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 5), st.integers(0, 1), st.booleans(), st.lists(TOKENS, max_size=30))
def test_no_answer_thinks_more_than_its_budget(limit, lead, opened, wishes):
    forced = FORCED if lead else FORCED[1:]
    budget = ThinkingBudget(
        limit, (OPEN,), frozenset({CLOSE}), forced, lead, opened, frozenset({BLANK})
    )
    said, _ = spoken(budget, wishes, ahead=True)
    inside, spent = opened, 0
    for token in said:
        if inside:
            inside = token != CLOSE
            spent += inside
        elif token == OPEN:
            inside = True
        elif token != BLANK:
            break
    assert spent <= limit


# -- in the decoders ----------------------------------------------------------------------------


def plain(**sampling):
    """The endless model's own answers, to build budgets on: each opens with its first token."""

    async def go():
        with serving() as engine:
            return await run_all(engine, [watched(prompt_of(9), 24, **sampling)])

    return asyncio.run(go())[0]


def budget_on(tokens, limit):
    """A budget for an answer that begins with ``tokens``, as if its first one opened a thought."""
    return ThinkingBudget(limit, (tokens[0],), frozenset({CLOSE}), FORCED, blank=frozenset())


SEEDED = {"temperature": 1.0, "seed": 7}


@pytest.mark.parametrize("slots", [True, False], ids=["slots", "batch"])
@pytest.mark.parametrize("width", [1, 8])
@pytest.mark.parametrize("sampling", [{}, SEEDED], ids=["greedy", "drawn"])
@pytest.mark.parametrize("limit", [0, 3])
def test_every_decoder_closes_a_thought(slots, width, sampling, limit):
    free = plain(**sampling)

    async def go():
        bound = {**sampling, "thinking": budget_on(free, limit), "logprobs": 0}
        with serving(slots=slots, max_batch=width) as engine:
            beside = [watched(prompt_of(20 + at, 400 + at), 24) for at in range(3)]
            mine, loose = watched(prompt_of(9), 24, **bound), watched(prompt_of(9), 24, **sampling)
            cut, same, *_ = await run_all(engine, [mine, loose, *beside])
        assert cut[: 1 + limit] == free[: 1 + limit]
        assert tuple(cut[1 + limit : 1 + limit + len(FORCED)]) == FORCED
        assert len(cut) == 24
        assert same == free
        shares = [event.logprobs.chosen for event in mine.events if event.logprobs]
        assert len(shares) == 24
        # What was forced has the model's own probability, which is not 1.
        assert all(share < -1 for share in shares[1 + limit : 1 + limit + len(FORCED)])

    asyncio.run(go())


@pytest.mark.parametrize("slots", [True, False], ids=["slots", "batch"])
@pytest.mark.parametrize("sampling", [{}, SEEDED], ids=["greedy", "drawn"])
def test_a_thought_that_was_cut_is_not_begun_anew(slots, sampling):
    blank = frozenset({FORCED[-1]})
    budget = ThinkingBudget(2, (OPEN,), frozenset({CLOSE}), FORCED, blank=blank)

    async def go():
        more = {**sampling, "logit_bias": ((OPEN, 100.0),)}
        with serving(slots=slots) as engine:
            boxes = [watched(prompt_of(9), 16, **more, thinking=one) for one in (budget, None)]
            cut, free = await run_all(engine, boxes)
        assert free == [OPEN] * 16
        assert cut[:6] == [*[OPEN] * 3, *FORCED]
        assert cut[6] != OPEN
        assert cut[8:] == [OPEN] * 8  # in the answer the mark is a word

    asyncio.run(go())


def test_a_step_that_is_repeated_after_a_fault_goes_on_inside_what_is_forced():
    free = plain()

    def decoded(decoder, sequence, steps):
        decoder.add(sequence)
        for _ in range(steps):
            decoder.step()

    def go():
        model = endless()
        for made in (
            lambda: SlotDecoder(model.model, model.end_tokens, max_batch=2),
            lambda: BatchDecoder(model.model, model.end_tokens, max_batch=2),
        ):
            whole = watched(prompt_of(9), 16, thinking=budget_on(free, 3)).sequence
            decoded(made(), whole, 20)
            for steps in range(4, 9):
                one = watched(prompt_of(9), 16, thinking=budget_on(free, 3)).sequence
                decoder = made()
                decoded(decoder, one, steps)
                decoder.reset()
                decoded(decoder, one, 20)
                assert one.generated == whole.generated

    run(go)


def test_a_budget_changes_no_bits_of_neighbours():
    """Invariant mode: hashes of all logits, mine beside a row that is cut or is not."""
    free = plain()

    def go():
        found = []
        for budget in (None, budget_on(free, 4)):
            decoder = decoder_of("invariant", watch=hashed)
            others = [watched(prompt_of(30 + at, 320 + at), 40).sequence for at in range(3)]
            mine = watched(prompt_of(9), 40, thinking=budget).sequence
            for sequence in (others[0], mine, *others[1:]):
                decoder.add(sequence)
            while any(len(one.generated) < 40 for one in (*others, mine)):
                decoder.step()
            found.append(([one.logits_hashes for one in others], mine.logits_hashes))
        (calm, loose), (beside, cut) = found
        assert calm == beside
        # The row's own logits are the same up to those that the first forced token came after.
        same = [one == other for one, other in zip(loose, cut, strict=True)]
        assert all(same[:6])
        assert not any(same[6:])

    run(go)
