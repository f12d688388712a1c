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
from publish.queries import PUBLIC_QUERIES
from publish.staff_db import STAFF_COLUMNS, build_staff
from publish.staff_queries import STAFF_QUERIES
from publish.staff_work import Meanings
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
# The staff's tables are downloaded whole, and what a page says about tags must not be an old copy.
STAFF_SETTINGS: Final[dict[str, bool | int]] = {**SETTINGS, "max_returned_rows": 50_000, "default_cache_ttl": 0}
DEBUG: Final = ("patterns", "allow-debug", "permissions", "messages", "threads", "versions", "plugins", "settings")
INSIDE: Final = ("config", "databases", "actor", "metadata", "jump")
TABLE_NAMES: Final = {
    "periode": "Periode dan nilai IKM",
    "layanan": "Nilai setiap layanan",
    "unsur": "Nilai setiap unsur",
    "hitung": "Jumlah jawaban menurut nilai",
    "silang": "Jumlah untuk menghitung ulang rentang nilai",
    "profil": "Profil responden",
    "waktu": "Jumlah jawaban menurut hari dan jam",
    "saluran": "Nilai menurut cara pengisian",
    "kewajaran": "Hasil pemeriksaan kewajaran",
    "pengecualian": "Jawaban yang tidak dihitung",
    "tiket": "Tiket sekali pakai",
    "saran": "Jumlah saran",
    "aduan": "Aduan dari saran dan register",
    "janji": "Janji tindak lanjut",
    "bundel": "Bundel lembar kertas",
    "lembar": "Lembar bernomor yang diterbitkan",
    "gangguan": "Gangguan pada jam layanan",
}
FACETS: Final = {
    "layanan": ["periode"],
    "unsur": ["periode", "layanan"],
    "hitung": ["periode", "layanan", "unsur"],
    "silang": ["periode", "layanan", "jumlah"],
    "profil": ["periode", "isian"],
    **{
        name: ["periode"] for name in ("saluran", "waktu", "kewajaran", "tiket", "aduan", "janji", "bundel", "gangguan")
    },
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


def staff_metadata(office: Office, office_file: Path, columns: Mapping[str, Meanings]) -> dict[str, Any]:
    """Return the same for the staff's Datasette, which only the actor "staf" may enter.

    Its pages for comments, procedure and filter read the office of `office_file`.
    """
    return {
        "title": f"Data survei {office.nama} untuk petugas",
        "description": "Hanya periode yang sudah ditutup, dan hanya jumlah dan nilai; jawaban perorangan tidak "
        "termuat. Satu jawaban tercantum pada setiap periode yang memuatnya.",
        "source": office.nama,
        "allow": {"id": "staf"},
        "allow_sql": False,
        "databases": {"staf": _database(columns, STAFF_QUERIES)},
        "plugins": {
            "datasette-auth-passwords": {
                "staf_password_hash": {"$env": PASSWORD_VARIABLE},
                "actors": {"staf": {"id": "staf"}},
            },
            "fence": {
                "closed": ["/-/password-tool", *(f"/-/{name}" for name in (*DEBUG, *INSIDE))],
                "formats": ["csv"],  # ours is guarded against formulas, Datasette's own is not
                "login": True,
            },
            "petugas": {"office": str(office_file.resolve())},
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


def prepare_staff(workspace: Workspace, office_file: Path | None = None) -> Path:
    """Build staf.db and its metadata.json; return the folder of both. Raises STORE_MISSING and KEY_* errors.

    `office_file` is the file that `workspace` was read from, by default the office.toml in its folder.
    """
    database = build_staff(workspace)
    office_file = office_file or workspace.root / "office.toml"
    _write(database.with_name(METADATA), staff_metadata(workspace.office, office_file, STAFF_COLUMNS))
    return database.parent


def public_command(workspace: Workspace, host: str, port: int) -> list[str]:
    """Return the command of the public instance. Raises NOTHING_PUBLISHED."""
    database = workspace.public / opendata.DATABASE
    if not database.exists():
        raise IkmError("NOTHING_PUBLISHED")
    # Any page may read it: it holds nothing but what is published, and knows no login and no cookie.
    return [*_command(database, SETTINGS, host, port), "--cors"]


def staff_command(workspace: Workspace, host: str, port: int, office_file: Path | None = None) -> list[str]:
    """Build the staff's database and return the command of its instance.

    The command needs the password's hash in STAF_PASSWORD_HASH. Raises PASSWORD_MISSING and STORE_MISSING.
    """
    if not os.environ.get(PASSWORD_VARIABLE):
        raise IkmError("PASSWORD_MISSING")
    return _command(prepare_staff(workspace, office_file) / staff_db.DATABASE, STAFF_SETTINGS, host, port)


def run_public(workspace: Workspace, host: str = "127.0.0.1", port: int = 8001) -> int:
    """Run the public instance until it is stopped; return its exit code. Raises NOTHING_PUBLISHED, PORT_TAKEN."""
    return _run(public_command(workspace, host, port), host, port)


def run_staff(workspace: Workspace, host: str = "127.0.0.1", port: int = 8002, office_file: Path | None = None) -> int:
    """Run the staff's instance until it is stopped; return its exit code.

    Raises PASSWORD_MISSING, STORE_MISSING, PORT_TAKEN, and KEY_* for a file of the documents that cannot be read.
    """
    return _run(staff_command(workspace, host, port, office_file), host, port)


def _command(database: Path, chosen: Mapping[str, bool | int], host: str, port: int) -> list[str]:
    settings = [("--setting", name, str(int(value))) for name, value in chosen.items()]
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
                raise IkmError("PORT_TAKEN", port=port, other=(port + 1000) % 65536) from None
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
