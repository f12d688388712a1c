"""The transparency pages: static notices made of what is published in the folder of each periode, and of nothing else.

Each periode has a page in Indonesian, one in English (`en/` below it) and one for each published layanan
(`layanan/<id>/`); the newest is the first page as well. No clock and no store is read, so the same published files give
the same pages. What lies in the folder is looked at again first: a periode without its signed files has no page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from collector.outage import Outages
from collector.pages import lean, still_policy
from collector.workspace import SITE_SOURCE
from publish import analysis, certainty, dokumen, english_page, gangguan, page_sections, promises, questions
from publish.notice import answer_list, fact_list, link_text, profil_tables
from publish.page_sections import Named
from publish.promises import Promise
from publish.words import angka, bulat, nama_periode, rentang, tanggal
from scoring.instrument import built_in
from scoring.office import Office

# Written beside the pages by other modules; the pages name them.
FEED: Final = "umpan.xml"
MACHINES: Final = {"katalog.jsonld": "application/ld+json", "datapackage.json": "application/json"}

Public = Mapping[str, Any]
Words = Mapping[str, Any]


@dataclass(frozen=True)
class Site:
    """What the pages of one office are made of: every published periode, oldest first, and what lies beside each."""

    office: Office
    published: Sequence[Public]
    documents: Mapping[str, Mapping[str, Any]]
    promises: Mapping[str, Sequence[Promise]]
    outages: Mapping[str, Outages | None]
    periods: Sequence[tuple[str, str]]  # every one, as page_sections.others takes them
    database: bool = True


def build(office: Office, folder: Path, published: Sequence[Public], *, database: bool = True) -> list[Path]:
    """Write the pages of `published`, oldest first, under `folder`, the newest also as index.html; return them.

    Without `database` they do not name the SQLite file.

    Raises PUBLISHED_FILE, naming the file, where a signed file of a periode is not there or is not what was published.
    """
    periods = [public["periode"] for public in published]
    site = Site(
        office,
        published,
        {periode: dokumen.read(folder, periode) for periode in periods},
        promises.standing(folder, published),
        {periode: gangguan.read(folder, periode) for periode in periods},
        page_sections.listed(published, words()),
        database,
    )
    pages: dict[str, str] = {}
    values = _values(published)
    for place_in_time, public in enumerate(published):
        here, last = f"periode/{public['periode']}/", public is published[-1]
        context = contents(site, public, periods[:place_in_time])
        record = site.documents[public["periode"]]
        foreign = english_page.contents(office, public, site.outages[public["periode"]], record)
        for place in (here, "") if last else (here,):
            root = "../" * place.count("/")
            pages[place] = page(site, public, context, root, place)
            around = frame(site, public, f"{place}en/", "en")
            pages[f"{place}en/"] = english_page.page(public, foreign, record, around, database=database)
        pages |= {
            f"{here}layanan/{entry['id']}/": layanan_page(site, public, context, entry, values[entry["id"]])
            for entry in _shown(public)
        }
    written = []
    for place, text in pages.items():
        home = folder / place
        home.mkdir(parents=True, exist_ok=True)
        written.append(home / "index.html")
        written[-1].write_bytes(text.encode())
    return written


def _shown(public: Public) -> list[Public]:
    return [entry for entry in public["layanan"] if entry["withheld"] is None]


@cache
def words() -> Words:
    """Return every fixed word of the Indonesian pages."""
    return Named(tomllib.loads((SITE_SOURCE / "locale" / "transparansi.id.toml").read_text("utf-8")))


@cache
def style() -> tuple[str, str]:
    """Return the style of the pages and the policy that allows it and nothing else."""
    css = lean("css", (SITE_SOURCE / "assets" / "transparansi.css").read_text("utf-8"))
    return css, still_policy(css)


def frame(site: Site, public: Public, place: str, lang: str = "id") -> dict[str, Any]:
    """Return what every page has around its content; `place` is its address below the public root, "" or with a /."""
    css, policy = style()
    root, here = "../" * place.count("/"), f"periode/{public['periode']}/"
    address = site.office.public.transparansi
    main = place in ("", "en/", here, f"{here}en/")
    return {
        "office": site.office,
        "lang": lang,
        "css": css,
        "csp": policy,
        "rehearsal": public["rehearsal"],
        "canonical": address + (f"{here}en/" if main and lang == "en" else here if main else place),
        "versions": {"id": f"{address}{here}", "en": f"{address}{here}en/"} if main else {},
        "feed": f"{root}{FEED}",
        "machines": {f"{root}{name}": kind for name, kind in MACHINES.items()},
        "root": root,
        "here": f"{root}{here}",
        "newest": public is site.published[-1],
    }


def contents(site: Site, public: Public, earlier: Sequence[str]) -> dict[str, Any]:
    """Return what the page of a periode shows wherever it stands: all but its links, with every chart drawn once.

    `earlier` are the periode published before it, oldest first.
    """
    word, pack, scored = words(), built_in(public["instrument"]), public["withheld"] is None
    periode, rules = public["periode"], certainty.rules(public) if scored else ""
    promised = promises.shown(site.promises, periode, earlier)
    return {
        "words": word,
        "periode": nama_periode(periode),
        "ditahan": None if scored else word["ditahan"][public["withheld"]],
        "ringkas": analysis.summary(public) if scored else word["ditahan"][public["withheld"]],
        "kalimat": questions.marked(analysis.summary(public), questions.marks(public)) if scored else "",
        "rentang": _interval(public, word) if scored else "",
        **{name: angka(public[name]) for name in ("ikm", "mutu", "kinerja")},
        "aturan": rules,
        "fakta": fact_list(facts(site, public, rules, word)),
        "unsur": page_sections.unsur(public, pack, word) if scored else None,
        "tren": page_sections.trend(site.office, public, site.published, word) if scored else None,
        "janji": page_sections.promises(promised, periode, word) if scored or promised else None,
        "profil": profil_tables(public, word),
        "kewajaran": page_sections.checks(public) if scored else None,
        "tanpa_dokumen": scored and not public["detail"],
        "membaca": page_sections.reading(site.office, public, pack, word),
    }


def _interval(group: Public, word: Words) -> str:
    """Return the interval that stands below the large figure, or nothing where there is none."""
    found = group["interval"]
    ends = {name: angka(found[name]) for name in ("low", "high")}
    return str(word["rentang"].format(**ends)) if found["margin"] else ""


def page(site: Site, public: Public, context: Mapping[str, Any], root: str, place: str) -> str:
    """Return the page of one periode at `place`; `root` leads from there to the public root."""
    word, pack, scored = words(), built_in(public["instrument"]), public["withheld"] is None
    record, here = site.documents[public["periode"]], f"{root}periode/{public['periode']}/"
    return page_sections.page_templates().get_template("transparansi.html").render(
        **context,
        **frame(site, public, place),
        lima=answer_list(questions.answers(public, record, context, word, root)) if scored else "",
        layanan=page_sections.layanan(public, pack, word, here) if scored else None,
        dokumen=page_sections.documents(record, here, word),
        data=page_sections.data(public, pack, word, root, database=site.database),
        periods=page_sections.others(public["periode"], site.periods, root),
    )  # fmt: skip


def facts(site: Site, public: Public, rules: str, word: Words) -> list[tuple[str, str, bool]]:
    """Return name, value and whether the value is a warning, of what a reader must know about the survey.

    `rules` says what other rules would give.
    """
    fact, withheld, sample = word["fakta"], public["withheld"], public["sample"]
    of = fact["dari"].format(populasi=bulat(sample["population"])) if sample["population"] else fact["tanpa_populasi"]
    edition = [item["nomor"] for item in site.documents[public["periode"]]["edisi"]][-1:]
    number = fact["edisi"].format(nomor=edition[0]) if edition and not withheld else ""
    more = " ".join(filter(None, (rules, certainty.without_cost(public)))) if not withheld else ""
    counts = [  # the questions say it where there is an index; of the sample without the sentence that speaks of it
        (fact["responden"], f"{bulat(public['n_responden'])} {of}", False),
        (fact["sampel"], f"{analysis.sample(public).partition('. ')[0].rstrip('.')}.", sample["reached"] is False),
        (fact["cara"], questions.ways(public).capitalize(), False),
    ]
    found = [
        (fact["masa"], rentang(public["mulai"], public["selesai"]), False),
        *(counts if withheld else ()),
        (fact["metode"], analysis.method(public), False),
        (fact["aturan"], more, False),
        (fact["dikeluarkan"], "" if withheld else certainty.excluded(public), False),
        (fact["gangguan"], certainty.outages(site.outages[public["periode"]]), False),
        (fact["terbit"], f"{tanggal(public['published'])}{number}", False),
    ]
    return [item for item in found if item[1]]


def _values(published: Sequence[Public]) -> dict[str, list[tuple[str, str]]]:
    """Return for each layanan the periode in which it has a value, newest first, as page_sections.others takes them."""
    found: dict[str, list[tuple[str, str]]] = {}
    for public in reversed(published):
        for entry in _shown(public):
            text = link_text(nama_periode(public["periode"]), page_sections.in_short(entry))
            found.setdefault(entry["id"], []).append((public["periode"], text))
    return found


def layanan_page(
    site: Site, public: Public, context: Mapping[str, Any], entry: Public, values: Sequence[tuple[str, str]]
) -> str:
    """Return the page of one published layanan of a periode; nothing on it but what its entry in hasil.json holds.

    `context` is that of the periode, `values` are those of every periode, this one too.
    """
    word, pack, periode = words(), built_in(public["instrument"]), public["periode"]
    place = f"periode/{periode}/layanan/{entry['id']}/"
    root, office = "../" * place.count("/"), site.office
    named = {**entry, "mulai": public["mulai"], "selesai": public["selesai"], "periode": periode}
    cited = {"kantor": f"{office.nama}, {entry['nama']}", "periode": nama_periode(periode), "ikm": angka(entry["ikm"])}
    cited |= {"n": bulat(entry["n_responden"]), "alamat": f"{office.public.transparansi}{place}"}
    cite = word["membaca"]["sumber"]
    known = {
        "n": bulat(entry["n_responden"]),
        "layanan": entry["nama"],
        "rentang": rentang(public["mulai"], public["selesai"]),
    }
    return page_sections.page_templates().get_template("transparansi_layanan.html").render(
        **frame(site, public, place),
        words=word,
        nama=entry["nama"],
        periode=nama_periode(periode),
        kalimat=word["per_layanan"]["kalimat"].format(**known),
        dari=questions.served(named, word),
        pasti=certainty.margin(entry),
        rentang=_interval(entry, word),
        **{name: angka(entry[name]) for name in ("ikm", "mutu", "kinerja")},
        unsur=page_sections.chart(entry, pack, word),
        metode=analysis.method(public),
        membaca={**context["membaca"], "kutip": cite.format(**cited)},
        periods=page_sections.others(periode, values, root, f"layanan/{entry['id']}/"),
    )  # fmt: skip
