"""The same answers from several programs at once: each is one row, and every reply for it is the same to the byte."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from campaign_server import Service
from publish_samples import office
from retrying_client import Client, judge

PROCESSES, THREADS = 4, 8
MOST_TIMES = 10  # that one answer is sent


def send(port: int, numbers: Sequence[int]) -> tuple[Counter[int], dict[int, set[bytes]]]:
    """Send the answers over several lines at once; return the statuses and the replies for each."""

    def work(part: Sequence[int]) -> Client:
        client = Client(port)
        for number in part:
            client.send(number)
        client.hang_up()
        return client

    with ThreadPoolExecutor(THREADS) as threads:
        clients = list(threads.map(work, [numbers[place::THREADS] for place in range(THREADS)]))
    receipts: dict[int, set[bytes]] = {}
    for client in clients:
        for number, replies in client.receipts.items():
            receipts.setdefault(number, set()).update(replies)
    return sum((client.statuses for client in clients), Counter()), receipts


@pytest.mark.parametrize("answers", [100, pytest.param(20_000, marks=pytest.mark.soak)])
def test_each_answer_sent_up_to_ten_times_by_four_programs_at_once_is_one_row_with_one_receipt(
    tmp_path: Path, answers: int, capsys: pytest.CaptureFixture[str]
) -> None:
    people, service = random.Random(answers), Service(office(tmp_path))
    sendings = [number for number in range(answers) for _ in range(people.randint(1, MOST_TIMES))]
    parts: list[list[int]] = [[] for _ in range(PROCESSES)]
    for number in sendings:  # the same answer comes from several programs at about the same moment
        people.choice(parts).append(number)
    context = multiprocessing.get_context("spawn")
    with service.running(), ProcessPoolExecutor(PROCESSES, mp_context=context) as programs:
        results = list(programs.map(send, [service.port] * PROCESSES, parts))
    receipts: dict[int, set[bytes]] = {}
    for _, found in results:
        for number, replies in found.items():
            receipts.setdefault(number, set()).update(replies)
    statuses = sum((found for found, _ in results), Counter())
    verdict = judge(service.workspace, range(answers), receipts)
    with capsys.disabled():
        print(f"\n{len(sendings)} sendings of {answers} answers: {verdict}, replies {dict(statuses)}")
    assert verdict.good and verdict.stored == verdict.acknowledged == answers
    assert {len(replies) for replies in receipts.values()} == {1}
    assert statuses[201] == answers and statuses[200] == len(sendings) - answers
    assert set(statuses) <= {200, 201, 503}
