"""Two Datasette instances: the public one on publik.db, the staff's on staf.db behind a password.

They never share a process, so that a mistake in one's permissions cannot open the other's data.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from collector.workspace import Workspace
from publish import opendata, staff_db
from publish.queries import PUBLIC_QUERIES, STAFF_QUERIES
from publish.staff_db import STAFF_COLUMNS, Meanings, build_staff
from scoring.errors import IkmError
from scoring.office import Office

METADATA: Final = "metadata.json"
PLUGINS: Final = Path(__file__).parent / "datasette_plugins"
TEMPLATES: Final = Path(__file__).parent / "datasette_templates"
PASSWORD_VARIABLE: Final = "STAF_PASSWORD_HASH"  # noqa: S105  # a name, not a password
# No free SQL, no download of the file, a second and a thousand rows a query.
SETTINGS: Final[dict[str, bool | int]] = {
    "default_allow_sql": False,
    "allow_download": False,
    "sql_time_limit_ms": 1000,
    "max_returned_rows": 1000,
    "allow_csv_stream": False,
    "suggest_facets": False,
}
TABLE_NAMES: Final = {
    "periode": "Periode dan nilai IKM",
    "layanan": "Nilai setiap layanan",
    "unsur": "Nilai setiap unsur",
    "hitung": "Jumlah jawaban menurut nilai",
    "silang": "Jumlah untuk menghitung ulang rentang nilai",
    "profil": "Profil responden",
    "waktu": "Jumlah jawaban menurut hari dan jam",
}
FACETS: Final = {
    "layanan": ["periode"],
    "unsur": ["periode", "layanan"],
    "hitung": ["periode", "layanan", "unsur"],
    "silang": ["periode", "layanan", "jumlah"],
    "profil": ["periode", "isian"],
}


def public_metadata(office: Office, *, rehearsal: bool) -> dict[str, Any]:
    """Return what the public Datasette says about the data, and its ready questions."""
    state = "Data uji coba. " if rehearsal else ""
    return {
        "title": f"Hasil Survei Kepuasan Masyarakat {office.nama}",
        "description": f"{state}Nilai IKM, nilai unsur, dan jumlah jawaban setiap periode yang sudah terbit. "
        "Jawaban perorangan tidak diterbitkan. Nilai IKM berskala 25 sampai 100, NRR 1 sampai 4, jumlah dalam orang.",
        "license": "CC BY 4.0",
        "license_url": "https://creativecommons.org/licenses/by/4.0/deed.id",
        "source": office.nama,
        "source_url": office.public.transparansi,
        "allow_sql": False,
        "databases": {"publik": _database(opendata.COLUMNS, PUBLIC_QUERIES)},
        "plugins": {"fence": {"closed": ["/-/login", "/-/password-tool"]}},
    }


def staff_metadata(office: Office, columns: Mapping[str, Meanings]) -> dict[str, Any]:
    """Return the same for the staff's Datasette, which only the actor "staf" may enter."""
    return {
        "title": f"Data survei {office.nama} untuk petugas",
        "description": "Hanya periode yang sudah ditutup. Satu jawaban tercantum pada setiap periode yang memuatnya.",
        "source": office.nama,
        "allow": {"id": "staf"},
        "allow_sql": False,
        "databases": {"staf": _database(columns, STAFF_QUERIES)},
        "plugins": {
            "datasette-auth-passwords": {
                "staf_password_hash": {"$env": PASSWORD_VARIABLE},
                "actors": {"staf": {"id": "staf"}},
            },
            "fence": {"closed": ["/-/password-tool"], "login": True},
        },
    }


def _database(columns: Mapping[str, Meanings], queries: Mapping[str, Any]) -> dict[str, Any]:
    tables: dict[str, dict[str, Any]] = {}
    for name, meanings in columns.items():
        tables[name] = {"title": TABLE_NAMES[name], "columns": {key: text for key, (_, text) in meanings.items()}}
        if name in FACETS:
            tables[name]["facets"] = FACETS[name]
    return {"allow_sql": False, "tables": tables, "queries": dict(queries)}


def write_public_metadata(office: Office, folder: Path, *, rehearsal: bool) -> Path:
    """Write metadata.json of the public instance beside publik.db; return its path."""
    return _write(folder / METADATA, public_metadata(office, rehearsal=rehearsal))


def prepare_staff(workspace: Workspace) -> Path:
    """Build staf.db and its metadata.json; return the folder of both. Raises STORE_MISSING."""
    database = build_staff(workspace)
    _write(database.with_name(METADATA), staff_metadata(workspace.office, STAFF_COLUMNS))
    return database.parent


def public_command(workspace: Workspace, host: str, port: int) -> list[str]:
    """Return the command of the public instance. Raises NOTHING_PUBLISHED."""
    database = workspace.public / opendata.DATABASE
    if not database.exists():
        raise IkmError("NOTHING_PUBLISHED")
    # Any page may read it: it holds nothing but what is published, and knows no login and no cookie.
    return [*_command(database, host, port), "--cors"]


def staff_command(workspace: Workspace, host: str, port: int) -> list[str]:
    """Build the staff's database and return the command of its instance.

    The command needs the password's hash in STAF_PASSWORD_HASH. Raises PASSWORD_MISSING and STORE_MISSING.
    """
    if not os.environ.get(PASSWORD_VARIABLE):
        raise IkmError("PASSWORD_MISSING")
    return _command(prepare_staff(workspace) / staff_db.DATABASE, host, port)


def run_public(workspace: Workspace, host: str = "127.0.0.1", port: int = 8001) -> int:
    """Run the public instance until it is stopped; return its exit code. Raises NOTHING_PUBLISHED, PORT_TAKEN."""
    return _run(public_command(workspace, host, port), host, port)


def run_staff(workspace: Workspace, host: str = "127.0.0.1", port: int = 8002) -> int:
    """Run the staff's instance until it is stopped; return its exit code.

    Raises PASSWORD_MISSING, STORE_MISSING, PORT_TAKEN.
    """
    return _run(staff_command(workspace, host, port), host, port)


def _command(database: Path, host: str, port: int) -> list[str]:
    settings = [("--setting", name, str(int(value))) for name, value in SETTINGS.items()]
    return [
        *(sys.executable, "-m", "datasette", "serve", "-i", str(database)),
        *("--metadata", str(database.with_name(METADATA)), "--template-dir", str(TEMPLATES)),
        *("--plugins-dir", str(PLUGINS), "--host", host, "--port", str(port)),
        *(part for setting in settings for part in setting),
    ]


def _run(command: Sequence[str], host: str, port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise IkmError("PORT_TAKEN", port=port) from None
            raise
    signal.signal(signal.SIGTERM, _stop)
    # Its log of requests, on standard output, would keep the addresses of readers; faults go to standard error.
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait()


def _stop(*_: object) -> None:
    """End as Ctrl-C does, so that the server ends with the command that started it."""
    raise KeyboardInterrupt


def _write(file: Path, value: Mapping[str, Any]) -> Path:
    file.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return file
