"""What the doctor finds in what citizens and officials see: pages, addresses, codes, posters, and the letterhead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from collector import posters, qr
from collector.finding import BROKEN, CARE, GOOD, Finding
from collector.freeze import address
from collector.workspace import SITE_SOURCE, Workspace

SAMPLE: Final = "example"  # a part of every address that is nobody's: .example, example.org, example.go.id


def examine_pages(workspace: Workspace) -> Iterator[Finding]:
    """Yield what is found in the frozen pages, and in what office.toml says about addresses, posters and lambang."""
    yield from _pages(workspace)
    yield _addresses(workspace)
    yield _posters(workspace)
    yield _lambang(workspace)


def _pages(workspace: Workspace) -> Iterator[Finding]:
    page = workspace.site / "index.html"
    if not page.exists():
        yield Finding(BROKEN, "halaman", f"{page} tidak ada. Ketik: make site")
        return
    sources = [*(file for file in SITE_SOURCE.rglob("*") if file.is_file()), workspace.root / "office.toml"]
    newer = [file for file in sources if file.exists() and file.stat().st_mtime > page.stat().st_mtime]
    if newer:
        yield Finding(CARE, "halaman", f"lebih lama daripada {newer[0].name}. Ketik: make site")
    else:
        yield Finding(GOOD, "halaman", "sesuai dengan office.toml.")
    wrong = [
        item.id
        for item in workspace.office.layanan
        if not _leads_home(workspace, item.id, address(workspace.office, item))
    ]
    if wrong:
        text = (
            f"kode QR {', '.join(wrong)} tidak memuat alamat dalam office.toml. Ketik: make site, lalu ganti posternya."
        )
        yield Finding(BROKEN, "kode QR", text)
    else:
        yield Finding(GOOD, "kode QR", f"menuju {workspace.office.public.survei}")


def _leads_home(workspace: Workspace, layanan: str, expected: str) -> bool:
    file = workspace.site / "qr" / f"{layanan}.svg"
    return file.exists() and file.read_bytes() in (qr.svg(expected), qr.svg(expected, rehearsal=True))


def _addresses(workspace: Workspace) -> Finding:
    """Look for addresses of the example, and for a questionnaire whose answers would be refused."""
    public = workspace.office.public
    own = "://".join(urlsplit(public.survei)[:2]).lower()  # as a browser says it
    if own not in public.origins:
        text = f"{own} tidak ada pada public.origins, sehingga jawaban dari halaman itu ditolak. Tambahkan dalam"
        return Finding(BROKEN, "alamat", f"{text} office.toml, lalu jalankan ulang layanan.")
    written = {"public.survei": public.survei, "public.transparansi": public.transparansi}
    sample = [name for name, value in written.items() if _is_sample(urlsplit(value).hostname or "")]
    if any(_is_sample(word.rpartition("@")[2].rstrip(".,;")) for word in workspace.office.kop.kontak.split()):
        sample.append("kop.kontak")
    if sample:
        text = f"{', '.join(sample)} masih alamat contoh, yang tidak menuju ke mana pun. Ganti dalam office.toml, lalu"
        return Finding(CARE, "alamat", f"{text} ketik: make site")
    return Finding(GOOD, "alamat", f"kuesioner {public.survei}, hasil {public.transparansi}")


def _is_sample(host: str) -> bool:
    return SAMPLE in host.removeprefix("https://").partition("/")[0].lower().split(".")


def _posters(workspace: Workspace) -> Finding:
    """Compare what the posters say, as they were made last, with office.toml."""
    now, then = posters.said(workspace.office), posters.kept(workspace.data / posters.FOLDER)
    if then is None:
        return Finding(CARE, "poster", "belum dibuat, atau dibuat oleh program yang lebih lama. Ketik: make site")
    changed = [name for name in now if then.get(name) != now[name]]
    gone = [name for name in then if name not in now]
    if not changed and not gone:
        return Finding(GOOD, "poster", "sesuai dengan nama dan alamat dalam office.toml.")
    parts = []
    if changed:
        parts.append(f"{', '.join(changed)} memuat nama atau alamat lain. Ketik: make site, lalu cetak dan ganti.")
    if gone:
        parts.append(f"{', '.join(gone)} milik layanan yang sudah tidak ada. Turunkan, lalu ketik: make site")
    return Finding(CARE, "poster", " ".join(parts))


def _lambang(workspace: Workspace) -> Finding:
    name = workspace.office.kop.lambang
    if not name:
        text = (
            "belum ada; kop dan sampul dicetak tanpa lambang daerah. Taruh berkasnya di samping office.toml, lalu isi"
        )
        return Finding(CARE, "lambang", f"{text} kop.lambang.")
    file = workspace.root / name
    if not file.is_file():
        text = f"{file} tidak ada, sehingga dokumen tidak dapat disusun. Salin berkasnya, atau kosongkan kop.lambang."
        return Finding(BROKEN, "lambang", text)
    return Finding(GOOD, "lambang", f"{file} dicetak pada kop dan sampul.")
