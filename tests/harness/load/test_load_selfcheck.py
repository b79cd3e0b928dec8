import asyncio
import time

from harness.load import SelfCheck, SelfChecker
from harness.load.selfcheck import CPU_BOUND, LAG_BOUND_S, LATE_BOUND, assess


def test_within_bounds_there_is_no_sentence():
    check = assess([LAG_BOUND_S] * 200, CPU_BOUND, 5.0)
    assert check == SelfCheck(LAG_BOUND_S, CPU_BOUND, None, 0.0)


def test_lag_beyond_the_bound_is_told():
    check = assess([LAG_BOUND_S * 2] * 50, 0.1, 4.0)
    assert "over 20 ms late for 50% of the time" in (check.client_limited or "")
    assert "core" not in (check.client_limited or "")


def test_cpu_beyond_the_bound_is_told():
    check = assess([0.0] * 200, 0.95, 1.0)
    assert "95% of its core" in (check.client_limited or "")
    assert "late" not in (check.client_limited or "")


def test_one_hiccup_does_not_spoil_a_short_window_and_many_do():
    one = assess([0.001] * 90 + [0.021], 0.1, 0.5)
    assert one.client_limited is None
    assert one.loop_lag_p99_s == 0.021  # told all the same
    many = assess([0.001] * 90 + [0.021] * 2, 0.1, 0.5)
    assert many.late_share > LATE_BOUND
    assert many.client_limited is not None


def test_a_long_stall_in_a_quiet_window_is_seen_though_no_quantile_shows_it():
    check = assess([0.0] * 500 + [1.0], 0.1, 3.5)
    assert check.loop_lag_p99_s == 0.0
    assert "late for 29% of the time" in (check.client_limited or "")


def test_no_samples_are_no_lag():
    assert assess([], 0.0, 0.0) == SelfCheck(0.0, 0.0, None, 0.0)


def test_a_blocked_loop_is_seen():
    async def go() -> tuple[SelfCheck | None, SelfCheck | None]:
        async with SelfChecker() as blocked:
            await asyncio.sleep(0.02)
            time.sleep(0.2)  # noqa: ASYNC251  # the fault under test
            await asyncio.sleep(0.02)
        async with SelfChecker() as free:
            await asyncio.sleep(0.1)
        return blocked.result, free.result

    blocked, free = asyncio.run(go())
    assert blocked is not None
    assert free is not None
    assert blocked.loop_lag_p99_s > 0.1
    assert "late" in (blocked.client_limited or "")
    assert free.loop_lag_p99_s < blocked.loop_lag_p99_s


def test_a_block_that_lasts_until_the_end_is_seen():
    async def go() -> SelfCheck | None:
        async with SelfChecker() as checker:
            await asyncio.sleep(0.02)
            time.sleep(0.2)  # noqa: ASYNC251  # the fault under test
        return checker.result

    check = asyncio.run(go())
    assert check is not None
    assert check.loop_lag_p99_s > 0.1
    assert check.client_limited is not None


def test_a_busy_loop_is_seen():
    async def spin(cpu_s: float) -> None:
        end = time.thread_time() + cpu_s
        while time.thread_time() < end:
            pass

    async def go() -> tuple[SelfCheck | None, SelfCheck | None]:
        async with SelfChecker() as busy:
            await spin(0.2)
        async with SelfChecker() as idle:
            await asyncio.sleep(0.2)
        return busy.result, idle.result

    busy, idle = asyncio.run(go())
    assert busy is not None
    assert idle is not None
    assert busy.client_cpu_share > 2 * idle.client_cpu_share
