"""A server whose clock jumps or passes midnight: no answer is lost, and each is counted in the day the server had.

libfaketime turns the clock of the server alone, while it runs and answers come in.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from campaign_server import Service
from http_samples import OFFICE, stored
from publish_samples import office
from retrying_client import APART, Client, id_of, judge

from collector.store import create
from collector.workspace import load
from scoring.office import ZONES
from scoring.periode import containing

CLIENTS = 4
PASSING = 0.3  # seconds of answers before and after an hour strikes
AFTER_JUMP = 0.2  # seconds of answers after a jump
# In the office's own time: an ordinary midnight, the cut-off between two periode, and the end of a year.
STRIKES = [datetime(2026, 10, 2), datetime(2026, 10, 25), datetime(2027, 1, 1)]  # noqa: DTZ001
JUMPS = [timedelta(days=-3), timedelta(days=368), timedelta(days=-365), timedelta(seconds=-90)]
ENDS = ("WIB", "WIT")  # the most western and the most eastern zone
LONG = [pytest.param(15, zona, marks=pytest.mark.soak) for zona in ZONES]
LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


class TurnedClock:
    """The clock of one server, that much ahead of the true one; turned while the server runs."""

    def __init__(self, file: Path, zone: ZoneInfo) -> None:
        self.file, self.zone = file, zone
        self.ahead: tuple[float, ...] = ()  # in seconds; both while it is being turned
        self.turn(0.0)

    def turn(self, ahead: float) -> None:
        """Set the clock ahead of the true time by this many seconds, at once."""
        self.ahead = (*self.ahead[-1:], ahead)
        new = self.file.with_suffix(".new")
        new.write_text(f"{ahead:+.3f}\n", "ascii")
        new.replace(self.file)
        self.ahead = (ahead,)

    def turn_to(self, moment: datetime) -> None:
        """Set it to a moment of the office's own time."""
        self.turn(moment.replace(tzinfo=self.zone).timestamp() - time.time())

    def jump(self, by: timedelta) -> None:
        """Turn it by so much."""
        self.turn(self.ahead[0] + by.total_seconds())

    def days(self, moments: tuple[float, float], ahead: tuple[float, ...]) -> set[date]:
        """Return the days that the server can have had between two true moments."""
        shown = (datetime.fromtimestamp(moment + more, UTC) for moment in moments for more in ahead)
        return {moment.astimezone(self.zone).date() for moment in shown}

    @property
    def environment(self) -> dict[str, str]:
        """Return what makes a program see this clock; timeouts go by the true one, as on a real machine."""
        return {
            "LD_PRELOAD": str(LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


class Watchers:
    """Clients that note on which days the server can have stored each answer."""

    def __init__(self, service: Service, clock: TurnedClock) -> None:
        self.clock = clock
        self.clients = [Client(service.port) for _ in range(CLIENTS)]
        self.days: defaultdict[int, set[date]] = defaultdict(set)

    def send_for(self, seconds: float) -> None:
        """Let all send new answers, each until it is stored, for so long, and then one more each."""
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=self._work, args=(place, end)) for place in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self, place: int, end: float) -> None:
        client = self.clients[place]
        over = False
        while not over:
            over = time.monotonic() >= end
            number, done = place * APART + len(client.sent), False
            while not done:
                began, ahead = time.time(), self.clock.ahead
                done = client.try_once(number)
                self.days[number] |= self.clock.days((began, time.time()), (*ahead, *self.clock.ahead))

    @property
    def sent(self) -> set[int]:
        """Return the numbers of all answers, every one of them acknowledged."""
        return {number for client in self.clients for number in client.sent}


@pytest.mark.parametrize(("rounds", "zona"), [*((1, zona) for zona in ENDS), *LONG])
def test_a_clock_that_jumps_or_passes_a_cut_off_day_loses_nothing_and_puts_nothing_in_another_periode(
    tmp_path: Path, zona: str, rounds: int, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path, {'zona = "WIB"': f'zona = "{zona}"'})
    workspace.store.unlink()
    create(workspace.store, OFFICE, "real").close()
    workspace = load(tmp_path / "office.toml")
    clock = TurnedClock(tmp_path / "jam", ZoneInfo(ZONES[zona]))
    service = Service(workspace, environment=clock.environment, rehearsal=False)
    watchers = Watchers(service, clock)
    with service.running():
        for _ in range(rounds):
            for strike in STRIKES:
                clock.turn_to(strike - timedelta(seconds=PASSING))
                watchers.send_for(2 * PASSING)
            for jump in JUMPS:  # in the middle of the answers
                turning = threading.Timer(AFTER_JUMP / 2, clock.jump, (jump,))
                turning.start()
                watchers.send_for(AFTER_JUMP)
                turning.join()
    verdict = judge(workspace, watchers.sent, watchers.sent, any_day=True)
    found = {row["id"]: date.fromisoformat(row["day"]) for row in stored(workspace)}
    cut, report_day = workspace.office.cut, workspace.office.report_day
    wrong = 0
    for number, days in watchers.days.items():
        periode = {containing(day, cut, report_day) for day in days}
        wrong += containing(found[id_of(number)], cut, report_day) not in periode or found[id_of(number)] not in days
    with capsys.disabled():
        print(f"\n{zona}: {verdict}, {len(set(found.values()))} days, {wrong} in a wrong day or periode")
    assert verdict.good and wrong == 0
    assert len({containing(day, cut, report_day) for day in found.values()}) >= 4
