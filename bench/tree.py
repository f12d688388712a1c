"""What many offices cost as one static tree: the first time, with nothing changed, and after one publication.

The source: FEW offices of three layanan with 24 periode, each scored from made-up answers of its own, so that no two
have their figures in common; beyond them each office is a copy of one of these under its own id and name, because
scoring, which is not measured here, would take minutes. Every periode promises improvements and answers those of the
one before. There are no PDF: the tree links to them as they are, and only reads each once for its digest.

The alternative renders as many pages from the same hasil.json with Jinja2 alone, in a process a core: the figures as
plain tables, without charts, sentences, open data, catalogue or pages to check.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from jinja2 import Environment

from bench.bars import against, save
from bench.documents import ENVIRONMENT, family, resident
from collector.workspace import load
from publish import opendata
from publish.withheld import public_part
from scoring import result
from scoring.instrument import Instrument
from scoring.office import Office
from scoring.periode import Periode, before
from scoring.tally import Part, Tally, count_rows

ROOT = Path(__file__).parent.parent
OFFICES, LARGE, FEW = 50, 1000, 200
PERIODS, LAST = 24, "2026-10"
PAUSE = 0.2
BARS = {"office_ms": ("<=", 120), "unchanged_office_ms": ("<=", 5)}  # on two cores: a thousand in 120 s, and in 5 s
PLAIN = """<!doctype html>
<html lang="id"><meta charset="utf-8"><title>{{ nama }} {{ p.periode }}</title><style>{{ css }}</style>
<h1>{{ nama }} {{ p.periode }}</h1>
<p>IKM {{ g.ikm }} {{ g.mutu }} {{ g.n_responden }} {{ g.interval.low }} {{ g.interval.high }}</p>
<table>{% for u in g.unsur %}
<tr><td>{{ u.number }}</td><td>{{ u.nama }}</td><td>{{ u.n }}</td><td>{{ u.nrr }}</td><td>{{ u.konversi }}</td></tr>
{% endfor %}</table>
<table>{% for l in p.layanan %}
<tr><td>{{ l.nama }}</td><td>{{ l.n_responden }}</td><td>{{ l.ikm }}</td></tr>
{% endfor %}</table>
<ul>{% for other in all %}
<li><a href="../{{ other.periode }}/">{{ other.periode }}</a> {{ other.ikm }}</li>
{% endfor %}</ul>
"""


def part(pack: Instrument, layanan: str, people: random.Random, likes: tuple[int, ...]) -> Part:
    """Return the answers of 60 to 140 people to one layanan, with what they say of themselves."""
    n = people.randint(60, 140)
    rows = [people.choices((1, 2, 3, 4, None), (*likes, 1), k=len(pack.questions)) for _ in range(n)]
    counted = count_rows(rows, [question.id for question in pack.questions], pack.low, pack.high, layanan)
    said = {field.id: dict.fromkeys((code for code, _ in field.options), 0) for field in pack.profil}
    for counts in said.values():
        for code in people.choices([*counts], k=n):
            counts[code] += 1
    return replace(counted, channel="phone", profil=said)


def tally(office: Office, periode: Periode, people: random.Random, likes: tuple[int, ...]) -> Tally:
    """Return the counts of one periode, of the first three layanan."""
    survey, layanan = office.survey_of(periode), {item.id: item.nama for item in office.layanan[:3]}
    parts = tuple(part(survey.instrument, name, people, likes) for name in layanan)
    how = survey.instrument.id, survey.instrument.form, survey.rule, survey.blank
    days = periode.mulai.isoformat(), periode.selesai.isoformat()
    return Tally(office.id, office.nama, periode.id, *days, *how, False, layanan, {}, parts)


def scored(folder: Path, number: int) -> None:
    """Write an office with 24 published periode."""
    people, place = random.Random(number), folder / f"k{number:04d}"
    rename(place, number)
    workspace = load(place / "office.toml")
    office, names = workspace.office, [workspace.office.periode(LAST)]
    while len(names) < PERIODS:
        names.insert(0, before(names[0], office.report_day))
    likes = (people.randint(0, 4), people.randint(5, 20), people.randint(30, 60), people.randint(20, 60))
    published: list[dict[str, Any]] = []
    for periode in names:
        counts, day = tally(office, periode, people, likes), periode.selesai + timedelta(days=4)
        public = public_part(result.score(counts), counts, published, day)
        write(workspace.public / "periode" / periode.id, public, counts, published[-1:], day)
        published.append(public)


def write(folder: Path, public: dict[str, Any], counts: Tally, earlier: list[dict[str, Any]], day: date) -> None:
    """Write what `make publish` keeps of a periode, without documents; `earlier` is the one before, if any."""
    folder.mkdir(parents=True)
    names = {entry["id"]: entry["nama"] for entry in public["unsur"]}
    promise = {"waktu": ["TW I"], "jatuh_tempo": (day + timedelta(days=90)).isoformat(), "penanggung_jawab": "Camat"}
    promise |= {
        "indikator": "Waktu tunggu",
        "bukti": "Foto",
        "status": "berjalan",
        "hasil": "",
        "kegiatan": "Menata loket",
    }
    rtl = [{**promise, "id": name, "unsur": names[name]} for name in public["lowest"]["unsur"][:3]]
    said = [{"id": name, "status": "sudah", "uraian": "Sudah ditata."} for name in names]
    edition = {"nomor": 1, "tanggal": day.isoformat(), "alasan": "", "perbedaan": ""}
    known = {"periode": public["periode"]}
    texts = {
        opendata.HASIL: opendata.hasil_json(public),
        opendata.HITUNG: opendata.hitung_csv(opendata.hitung_rows(public, counts)),
        opendata.SILANG: opendata.silang_csv(opendata.silang_rows(public, counts)),
        "rtl.json": json.dumps({"format": "rtl/1", **known, "rtl": rtl}),
        "dokumen.json": json.dumps({"format": "dokumen/1", **known, "dokumen": [], "edisi": [edition]}),
    }
    for item in earlier:
        fields = {"format": "tindak-lanjut/1", **known, "atas": item["periode"], "tindak_lanjut": said}
        texts["tindak-lanjut.json"] = json.dumps(fields)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")


def rename(place: Path, number: int) -> None:
    """Give the office in `place` an id and a name of its own."""
    text = (ROOT / "office.example.toml").read_text("utf-8")
    text = text.replace('id = "kecamatan-teladan"', f'id = "kecamatan-{number:04d}"', 1)
    place.mkdir(parents=True, exist_ok=True)
    (place / "office.toml").write_text(text.replace("Kecamatan Teladan", f"Kecamatan Contoh {number}", 1), "utf-8")


def source(folder: Path, offices: int) -> None:
    """Write all offices."""
    few = min(FEW, offices)
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool:
        list(pool.map(partial(scored, folder), range(few)))
    for number in range(few, offices):
        shutil.copytree(folder / f"k{number % few:04d}", folder / f"k{number:04d}")
        rename(folder / f"k{number:04d}", number)
        for file in (folder / f"k{number:04d}").glob("data/public/periode/*/hasil.json"):
            text = file.read_text("utf-8").replace(f'Contoh {number % few}"', f'Contoh {number}"')
            file.write_text(text.replace(f"kecamatan-{number % few:04d}", f"kecamatan-{number:04d}"), "utf-8")


def measured(arguments: list[str]) -> dict[str, float]:
    """Return seconds, processor seconds and the most memory (MB) of a process and its children together."""
    began, before_it, most = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN), 0
    process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    while True:
        try:
            process.wait(PAUSE)
            break
        except subprocess.TimeoutExpired:
            most = max(most, sum(resident(pid) for pid in family(process.pid)))
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise SystemExit(process.returncode)
    cpu = after.ru_utime + after.ru_stime - before_it.ru_utime - before_it.ru_stime
    return {"s": took, "cpu_s": cpu, "MB": most / 1024}


def plain(place: Path, to: Path) -> int:
    """Render the pages of one office with Jinja2 alone; return how many."""
    template = Environment(autoescape=True).from_string(PLAIN)
    css = (ROOT / "site" / "assets" / "transparansi.css").read_text("utf-8")
    published = opendata.read_published(place / "data" / "public")
    count = 0
    for public in published:
        groups = {"": public, "en": public} | {entry["id"]: entry for entry in public["layanan"]}
        for name, group in groups.items():
            file = to / place.name / public["periode"] / name / "index.html"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(template.render(nama=place.name, p=public, g=group, all=published, css=css), "utf-8")
            count += 1
    return count


def alone(folder: Path, to: Path) -> None:
    """Render the pages of all offices with Jinja2 alone, on all cores."""
    with ProcessPoolExecutor(mp_context=get_context("fork")) as pool:
        list(pool.map(partial(plain, to=to), sorted(folder.iterdir())))


def figures(folder: Path, offices: int) -> dict[str, float]:
    """Return every figure."""
    kantor, to = folder / "kantor", folder / "pohon"
    source(kantor, offices)
    command = [sys.executable, "-m", "publish", "tree", "--offices", str(kantor), "--to", str(to)]
    found: dict[str, float] = {"offices": offices, "periods": PERIODS}
    found |= {f"first_{name}": value for name, value in measured(command).items()}
    found |= {f"unchanged_{name}": value for name, value in measured(command).items()}
    rename(kantor / "k0000", offices)
    (kantor / "k0000" / "office.toml").touch()
    found |= {f"one_{name}": value for name, value in measured(command).items()}
    files = [Path(place) / name for place, _, names in os.walk(to) for name in names]
    pages = sum(file.suffix == ".html" for file in files)
    found |= {"files": len(files), "pages": pages, "tree_MB": sum(file.stat().st_size for file in files) / 1e6}
    found |= {
        "office_ms": found["first_s"] / offices * 1000,
        "unchanged_office_ms": found["unchanged_s"] / offices * 1000,
        "office_cpu_ms": found["first_cpu_s"] / offices * 1000,
        "page_cpu_ms": found["first_cpu_s"] / pages * 1000,
    }
    bare = measured([sys.executable, "-m", "bench.tree", "--plain", str(kantor), str(folder / "polos")])
    count = sum(name == "index.html" for _, _, names in os.walk(folder / "polos") for name in names)
    found |= {f"plain_{name}": value for name, value in bare.items()}
    return found | {"plain_pages": count, "plain_page_cpu_ms": bare["cpu_s"] / count * 1000}


def main() -> int:
    """Print the table, write bench/results/tree.json; return 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=OFFICES)
    parser.add_argument("--large", action="store_true", help=f"{LARGE} offices")
    parser.add_argument("--folder", type=Path, help="where to work, with room for 8 MB an office; by default /tmp")
    parser.add_argument("--plain", type=Path, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plain:
        alone(*options.plain)
        return 0
    with tempfile.TemporaryDirectory(prefix="ikm-bench-", dir=options.folder) as folder:
        found = figures(Path(folder), LARGE if options.large else options.offices)
    return save("tree", against(found, BARS))


if __name__ == "__main__":
    sys.exit(main())
