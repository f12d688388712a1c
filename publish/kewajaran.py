"""The integrity panel in words: for every check a name, a state and a sentence that follows from its figures alone.

It reads what `public_checks` lets through. It accuses nobody, and says that nothing was removed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from publish.public_checks import FEW, MOST
from publish.words import CHANNEL_NAMES, angka, bulat, daftar, persen, tanggal, terbilang
from scoring.integrity import ASSISTED_SHARE, FAMILY_SHARE, FAST_SHARE, STRAIGHT_USUAL, THIN_SHARE

Entry = Mapping[str, Any]
Names = Mapping[str, str]
STATES: Final = {"ok": "Tidak ada yang mencolok", "seen": "Perlu dilihat", "unknown": "Belum dapat dinilai"}
MISSING: Final = "Belum tersedia"  # the input does not exist yet, or not in this periode
CLOSED: Final = "Jumlahnya tidak ditampilkan agar jawaban kelompok kecil tidak dapat dihitung mundur."
CAUTION: Final = "Perlu dilihat tidak berarti ada kesalahan: sebabnya dapat wajar."
NOTHING_REMOVED: Final = (
    "Pemeriksaan ini membaca jumlah, bukan orang, dan tidak ada jawaban yang dihapus secara otomatis karenanya."
)
TICKET_FAULTS: Final = {
    "answers": "Jumlah jawaban dengan tiket tidak sama dengan jumlah tiket yang dipakai.",
    "issued": "Tiket lebih banyak daripada orang yang dilayani.",
    "redeemed": "Tiket yang dipakai lebih banyak daripada tiket yang ada.",
    "without": "Ada jawaban tanpa tiket pada layanan yang mewajibkannya.",
}
TOO_FEW: Final = "Hasil pemeriksaan tidak ditampilkan karena responden kurang dari sepuluh orang."
MOST_BURSTS: Final = 3  # named in one sentence


@dataclass(frozen=True)
class Check:
    """One check in words; `seen` asks somebody to look."""

    name: str
    state: str
    sentence: str
    seen: bool


def checks(panel: Sequence[Entry], layanan: Names) -> list[Check]:
    """Return every check of a publishable panel in words, in its own order; `layanan` are printed names by id."""
    found = []
    for entry in panel:
        name, sentence = WORDS[entry["id"]]
        missing = entry["state"] == "unknown" and _is_missing(entry)
        state = MISSING if missing else STATES[entry["state"]]
        found.append(Check(name, state, sentence(entry, layanan), entry["state"] == "seen"))
    return found


def summary(found: Sequence[Check]) -> str:
    """Return how many checks ask for a look, how many say nothing, and what that means."""
    if not found:
        return TOO_FEW
    seen = sum(check.seen for check in found)
    unsaid = sum(check.state in (MISSING, STATES["unknown"]) for check in found)
    count = terbilang(seen) if seen else "tidak ada yang"
    text = f"Dari {bulat(len(found))} pemeriksaan, {count} perlu dilihat."
    if unsaid:
        text += f" {terbilang(unsaid).capitalize()} pemeriksaan belum tersedia atau belum dapat dinilai."
    return " ".join((text, *((CAUTION,) if seen else ()), NOTHING_REMOVED))


def _is_missing(entry: Entry) -> bool:
    """Say whether there is nothing to look at, rather than too little."""
    if entry["id"] in ("tickets", "served"):
        return True
    return entry["id"] in ("outside", "fast", "honeypot") or (entry["id"] == "bursts" and not entry["days"])


def _share(share: Fraction) -> str:
    return f"{int(share * 100)} persen"


def _some(entry: Entry, key: str, what: str) -> str:
    """Return "12 dari 312 jawaban (3,8%)" as far as it may be said, at the start of a sentence."""
    whole = f"{bulat(entry['of'])} {what}"
    if entry["about"] == FEW:
        return f"Kurang dari lima dari {whole}"
    if entry["about"] == MOST:
        return f"Hampir semua dari {whole}"
    if entry["about"]:
        return f"Sejumlah dari {whole}" if entry["state"] == "seen" else ""
    if not entry[key]:
        return f"Tidak satu pun dari {whole}"
    return f"{bulat(entry[key])} dari {whole} ({persen(entry['persen'])})"


def _counted(entry: Entry, key: str, what: str, rest: str) -> str:
    """Return the sentence on a count with a trait, or that it is not shown."""
    some = _some(entry, key, what)
    if not some:
        return CLOSED
    return f"{some} {rest}" + ("" if entry["about"] in (None, FEW, MOST) else f" {CLOSED}")


def _assisted(entry: Entry, _: Names) -> str:
    half = "setengah" if Fraction(1, 2) == ASSISTED_SHARE else _share(ASSISTED_SHARE)
    some = _some({**entry, "about": None}, "n", "jawaban")
    return f"{some} diisi dengan pendampingan petugas. Yang perlu dilihat: lebih dari {half}."


def _mode(entry: Entry, _: Names) -> str:
    if entry["about"]:
        differ = "berbeda lebih dari" if entry["state"] == "seen" else "tidak berbeda lebih dari"
        text = f"Nilai antarcara pengisian {differ} yang dapat terjadi karena kebetulan. "
        return (text if entry["state"] != "unknown" else "") + CLOSED.replace("Jumlahnya", "Nilainya")
    if not entry["differences"]:
        return "Belum ada dua cara pengisian dengan paling sedikit tiga puluh jawaban masing-masing."
    groups = {channel["id"]: channel for channel in entry["channels"]}
    base = groups[entry["differences"][0]["base"]]
    return (
        f"IKM {_group(base)}. {' '.join(_difference(pair, groups[pair['channel']]) for pair in entry['differences'])}"
    )


def _group(channel: Entry) -> str:
    return f"{CHANNEL_NAMES[channel['id']]} {angka(channel['ikm'])} ({bulat(channel['n'])} jawaban)"


def _difference(pair: Entry, channel: Entry) -> str:
    text = f"{_group(channel)[0].upper()}{_group(channel)[1:]}, "
    change = Fraction(pair["difference"])
    if change:
        text += f"{angka(pair['difference'].lstrip('-'))} lebih {'tinggi' if change > 0 else 'rendah'}"
    else:
        text += "tidak berselisih"
    if pair["low"] is None:
        return f"{text}; kepastiannya tidak dapat dihitung."
    ends = " sampai ".join(angka(pair[end]) for end in ("low", "high"))
    word = "lebih dari sekadar" if pair["distinct"] else "belum dapat dibedakan dari"
    return f"{text} (rentang 95 persen selisih itu {ends}), {word} kebetulan."


def _bursts(entry: Entry, layanan: Names) -> str:
    if not entry["days"]:
        return "Tidak ada jawaban dari ponsel atau anjungan; hanya keduanya yang dicatat jamnya per kode QR."
    if entry["state"] == "unknown":
        return "Jawaban hanya dari satu hari, sehingga tidak ada hari lain sebagai pembanding."
    looked = f"{bulat(entry['hours'])} jam berisi jawaban (per kode QR, selama {bulat(entry['days'])} hari)"
    if not entry["count"]:
        return f"Dari {looked}, tidak ada yang jauh di atas biasanya."
    listed = [_burst(burst, layanan) for burst in entry["bursts"][:MOST_BURSTS]]
    rest = entry["count"] - len(listed)
    text = f"Dari {looked}, {terbilang(entry['count'])} jauh di atas biasanya"
    if not listed:
        return f"{text}. Rinciannya tidak ditampilkan."
    more = f"; {terbilang(rest)} jam lain tidak dirinci" if rest else ""
    return f"{text}: {'; '.join(listed)}{more}."


def _burst(burst: Entry, layanan: Names) -> str:
    hour = int(burst["hour"])
    when = f"{tanggal(burst['day'])} pukul {hour:02d}.00–{hour + 1:02d}.00"
    return (
        f"{layanan[burst['layanan']]}, {when}, {bulat(burst['n'])} jawaban (biasanya sekitar {bulat(burst['usual'])})"
    )


def _repeats(entry: Entry, layanan: Names) -> str:
    if entry["state"] == "unknown":
        return "Belum ada layanan dengan paling sedikit tiga puluh jawaban melalui satu cara pengisian."
    text = _counted(entry, "repeats", "jawaban", "sama persis dengan jawaban sebelumnya.")
    if entry["usual"] is not None:
        chance = f"Karena kebetulan saja kira-kira {terbilang(entry['usual'])}"
        text += f" {chance}, ditambah keluarga yang menjawab sama, lazimnya sampai {_share(FAMILY_SHARE)}."
    if entry["layanan"]:
        text += f" Paling menonjol pada {daftar([layanan[name] for name in entry['layanan']])}."
    return text


def _straight(entry: Entry, _: Names) -> str:
    if entry["state"] == "unknown":
        return "Kuesioner yang terisi lengkap kurang dari tiga puluh."
    text = _counted(entry, "n", "kuesioner lengkap", "berisi satu nilai untuk semua pertanyaan.")
    rows = [f"nilai {row['value']} sebanyak {bulat(row['n'])}" for row in entry["values"] if row["n"]]
    if rows and entry["about"] is None:
        hidden = any(row["n"] is None for row in entry["values"])
        text = f"{text[:-1]}: {daftar(rows)}{'; jumlah lain tidak ditampilkan' if hidden else ''}."
    return f"{text} Yang lazim sampai {_share(STRAIGHT_USUAL)} untuk satu nilai; nilai terbaik tidak dipersoalkan."


def _outside(entry: Entry, _: Names) -> str:
    if entry["state"] == "unknown":
        return "Jam pengisian tidak dicatat, misalnya karena semuanya formulir kertas."
    hours = f"sebelum pukul {entry['opens']:02d}.00 atau mulai pukul {entry['closes']:02d}.00"
    return _counted(
        entry,
        "n",
        "jawaban yang dicatat jamnya",
        f"masuk {hours}.{' Biasanya tidak ada.' if entry['state'] == 'seen' else ''}",
    )


def _fast(entry: Entry, _: Names) -> str:
    if entry["state"] == "unknown":
        return "Tidak ada jawaban melalui halaman kuesioner; lama pengisian formulir kertas tidak diketahui."
    rest = f"diisi lebih cepat daripada waktu untuk membacanya. Yang perlu dilihat: lebih dari {_share(FAST_SHARE)}."
    return _counted(entry, "n", "jawaban melalui halaman kuesioner", rest)


def _honeypot(entry: Entry, _: Names) -> str:
    if entry["state"] == "unknown":
        return "Tidak ada jawaban melalui halaman kuesioner; isian tersembunyi hanya ada di sana."
    rest = "memuat isian tersembunyi, yang biasanya hanya diisi program komputer."
    return _counted(entry, "n", "jawaban melalui halaman kuesioner", rest)


def _tickets(entry: Entry, layanan: Names) -> str:
    if entry["state"] == "unknown":
        return "Tiket belum dipakai, sehingga jawaban tidak dicocokkan dengan kedatangan."
    served = "tidak dicatat" if entry["population"] is None else bulat(entry["population"])
    text = f"Layanan : tiket : jawaban = {served} : {bulat(entry['issued'])} : {bulat(entry['of'])}."
    text += f" {_counted(entry, 'n', 'jawaban', 'memakai tiket sekali pakai.')}"
    rows = [_ticket_row(row, layanan) for row in entry["layanan"] if row["layanan"] in layanan]
    if rows:
        text += f" Menurut layanan: {'; '.join(rows)}."
    if any(row["mode"] == "optional" for row in entry["layanan"]):
        text += " Bila tiket boleh tidak disertakan, jawaban dengan dan tanpa tiket sama-sama dihitung."
    return " ".join((text, *(TICKET_FAULTS[fault] for fault in entry["faults"])))


def _ticket_row(row: Entry, layanan: Names) -> str:
    served = "tidak dicatat" if row["population"] is None else bulat(row["population"])
    used = "" if row["n"] is None else f", {bulat(row['n'])} di antaranya dengan tiket"
    return f"{layanan[row['layanan']]} {served} : {bulat(row['issued'])} : {bulat(row['of'])}{used}"


def _served(entry: Entry, layanan: Names) -> str:
    if entry["state"] == "unknown":
        return "Jumlah orang yang dilayani belum dicatat."
    part = f" pada {bulat(entry['known'])} dari {bulat(entry['of'])} layanan" if entry["known"] < entry["of"] else ""
    text = f"{bulat(entry['n'])} jawaban dari {bulat(entry['population'])} orang yang dilayani{part}."
    if not entry["count"]:
        return f"{text} Tidak ada layanan dengan jawaban lebih banyak daripada orang yang dilayani."
    rows = [f"{layanan[row['layanan']]} ({bulat(row['n'])} dari {bulat(row['population'])})" for row in entry["over"]]
    where = daftar(rows) if rows else f"{terbilang(entry['count'])} layanan"
    return f"{text} Jawaban lebih banyak daripada orang yang dilayani pada {where}."


def _kstar(entry: Entry, _: Names) -> str:
    if entry["mutu"] is None:
        return "Tidak ada huruf mutu yang dapat diperiksa."
    best = "yang semua jawabannya bernilai terbaik"
    if entry["k"] is None:
        return f"Huruf {entry['mutu']} tidak turun walaupun semua formulir {best} tidak dihitung."
    below = f"turun menjadi {entry['below']}" if entry["below"] else "tidak ada lagi"
    return (
        f"Huruf {entry['mutu']} {below} bila {bulat(entry['k'])} formulir ({persen(entry['persen'])}) {best} tidak "
        f"dihitung. Yang perlu dilihat: paling banyak {_share(THIN_SHARE)}."
    )


WORDS: Final[dict[str, tuple[str, Callable[[Entry, Names], str]]]] = {
    "assisted": ("Bantuan petugas", _assisted),
    "mode": ("Nilai menurut cara pengisian", _mode),
    "bursts": ("Lonjakan dalam satu jam", _bursts),
    "repeats": ("Jawaban sama berturut-turut", _repeats),
    "straight": ("Satu nilai untuk semua", _straight),
    "outside": ("Di luar jam layanan", _outside),
    "fast": ("Pengisian terlalu cepat", _fast),
    "honeypot": ("Isian tersembunyi", _honeypot),
    "tickets": ("Tiket sekali pakai", _tickets),
    "served": ("Jawaban dibanding orang dilayani", _served),
    "kstar": ("Ketahanan huruf mutu", _kstar),
}
