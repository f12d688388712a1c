"""The rate limit: generous to an office's shared address, a wall to a flood, and no address is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from http_samples import JAWABAN, JSON_TYPE, collector, count, json_bytes

from collector.rate import BURST, MOST_ADDRESSES, Rate

NEXT_DAY = date(2026, 10, 6)
TODAY = date(2026, 10, 5)


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_let_in_and_then_one_post_a_second() -> None:
    seconds = Seconds()
    rate = Rate(seconds)
    assert [rate.allows("198.51.100.7", TODAY) for _ in range(BURST + 2)] == [True] * BURST + [False] * 2
    assert rate.allows("198.51.100.8", TODAY)
    seconds.now += 2
    assert [rate.allows("198.51.100.7", TODAY) for _ in range(3)] == [True, True, False]
    seconds.now += 10_000
    assert [rate.allows("198.51.100.7", TODAY) for _ in range(BURST + 1)] == [True] * BURST + [False]


def test_a_proxy_on_the_same_machine_is_not_limited() -> None:
    rate = Rate(Seconds())
    for address in ("127.0.0.1", "127.8.8.8", "::1", ""):
        assert all(rate.allows(address, TODAY) for _ in range(BURST * 3))


def test_no_address_is_kept_and_a_new_day_has_a_new_key() -> None:
    rate = Rate(Seconds())
    rate.allows("198.51.100.7", TODAY)
    key, marks = rate._key, list(rate._buckets)
    assert b"198.51.100.7" not in b"".join(marks)
    rate.allows("198.51.100.7", NEXT_DAY)
    assert rate._key != key
    assert list(rate._buckets) != marks
    assert len(rate._buckets) == 1


def test_memory_is_bounded_however_many_addresses_come() -> None:
    rate = Rate(Seconds())
    for number in range(MOST_ADDRESSES + 500):
        rate.allows(f"2001:db8::{number:x}", TODAY)
    assert len(rate._buckets) == MOST_ADDRESSES


def test_a_flood_from_one_address_gets_429_and_stores_nothing_more(tmp_path: Path) -> None:
    with collector(tmp_path) as here:

        def post(number: int, address: str) -> int:
            told = {"REMOTE_ADDR": address}
            reply = here.client.post(JAWABAN, data=json_bytes(number), content_type=JSON_TYPE, environ_overrides=told)
            assert (reply.status_code == 429) == ("Retry-After" in reply.headers)
            return reply.status_code

        found = [post(number, "198.51.100.7") for number in range(BURST + 10)]
        assert found[:BURST] == [201] * BURST
        assert 429 in found[BURST:]
        assert post(999, "198.51.100.8") == 201
        assert count(here.workspace) == found.count(201) + 1
