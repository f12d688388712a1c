"""A server that is killed at any moment loses no acknowledged answer, stores none twice and invents none."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from campaign_server import Service
from publish_samples import office
from retrying_client import Crowd, integrity, judge

CLIENTS = 8
IN_THE_START = 0.25  # of the kills come while the server starts, when it reads the log of what was stored


@pytest.mark.parametrize(("kills", "answers"), [(4, 120), pytest.param(1000, 100_000, marks=pytest.mark.soak)])
def test_kills_at_random_moments_under_eight_clients_lose_nothing(
    tmp_path: Path, kills: int, answers: int, capsys: pytest.CaptureFixture[str]
) -> None:
    people, service = random.Random(kills), Service(office(tmp_path))
    crowd, done = Crowd(service.port, CLIENTS), 0
    with crowd.at_work():
        while done < kills or len(crowd.acknowledged) < answers:
            service.start()
            if people.random() < IN_THE_START:
                time.sleep(people.uniform(0, 0.5))
            else:
                service.await_health()
                time.sleep(people.uniform(0, 0.5))
            service.kill()
            done += 1
            if done % 25 == 0:
                assert integrity(service.workspace) == "ok"
    verdict = judge(service.workspace, crowd.sent, crowd.acknowledged)
    with capsys.disabled():
        print(f"\n{done} kills: {verdict}, replies {dict(crowd.statuses)}")
    assert verdict.good
    assert set(crowd.statuses) <= {0, 200, 201, 503}
    assert all(len(receipts) == 1 for client in crowd.clients for receipts in client.receipts.values())
