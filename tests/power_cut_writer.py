"""What the power-cut simulation records: our store taking answers, each said to be stored only after `add` returned.

python tests/power_cut_writer.py FILE SYNCHRONOUS AUTOCHECKPOINT FIRST MIDDLE LAST
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from store_writers import ARRIVAL, OFFICE, response

from collector.store import open_store

THREADS = 4  # wait for the disk at the same time and share a commit


def main(file: str, synchronous: str, autocheckpoint: str, *places: str) -> None:
    """Store the answers from FIRST on to before LAST; at MIDDLE the store is closed and opened again."""
    first, middle, last = (int(place) for place in places)
    for numbers in filter(None, (range(first, middle), range(middle, last))):
        store = open_store(Path(file), OFFICE)
        if synchronous != "FULL":  # what we open with; others are the controls
            store._connection.execute(f"PRAGMA synchronous={synchronous}")
        store._connection.execute(f"PRAGMA wal_autocheckpoint={int(autocheckpoint)}")
        rest, turn = iter(numbers), threading.Lock()

        def work(rest: Iterator[int] = rest, turn: threading.Lock = turn, store=store) -> None:
            while True:
                with turn:
                    number = next(rest, None)
                if number is None:
                    return
                store.add(response(number, "x" * (number % 300)), ARRIVAL)
                os.write(1, b"ACK %d\n" % number)

        threads = [threading.Thread(target=work) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if numbers.stop != last:
            store.close()  # writes the log back and removes it
    os._exit(0)  # no clean end: the log stays


if __name__ == "__main__":
    main(*sys.argv[1:])
