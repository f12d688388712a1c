"""What every measurement ends with: its figures against their bars, on screen and in results/."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def against(found: Mapping[str, float], bars: Mapping[str, tuple[str, float]]) -> list[dict[str, Any]]:
    """Print each figure with its bar, a sign and a limit; return them as results/ holds them."""
    rows = []
    for name, value in found.items():
        sign, limit = bars.get(name, ("", 0.0))
        ok = value >= limit if sign == ">=" else not sign or value <= limit
        bar = f"{sign} {limit:g}".strip() if sign else None
        rows.append({"figure": name, "value": round(value, 3), "bar": bar, "ok": ok})
        print(f"{name:<26} {value:>12.2f}  {f'bar {bar:<10} ' + ('ok' if ok else 'MISSED') if bar else ''}".rstrip())
    return rows


def save(name: str, rows: Sequence[Mapping[str, Any]], **more: object) -> int:
    """Write results/<name>.json with the machine and whatever `more` is known; return 1 when a bar is missed."""
    machine = f"{os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}"
    RESULTS.mkdir(exist_ok=True)
    made = {"machine": machine, "figures": rows, **more}
    (RESULTS / f"{name}.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    return 0 if all(row["ok"] is not False for row in rows) else 1
