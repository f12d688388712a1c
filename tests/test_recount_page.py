"""The index computed again in the browser: the figures and the faults of `scoring`, and every step shown."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from check_samples import PAGES, counts_of, drawn_part, figures, opened, script, shown, sums_of
from playwright.sync_api import Browser, expect
from published_office import OCTOBER, fill, make_office, publish
from published_samples import published_copy
from scoring_samples import ALL

from collector.workspace import Workspace, load
from publish import check_pages
from publish.opendata import read_published
from scoring.counts import read_counts
from scoring.errors import IkmError
from scoring.instrument import built_in

more_in_soak = pytest.mark.parametrize("times", [60, pytest.param(240, marks=pytest.mark.soak)])
SCORED = script(
    "[packs, cases]",
    """return cases.map(({ pack, counts, sums }) => {
    const found = packs[pack];
    return found.aturan.flatMap((rule) => ["available", "zero", "complete"].map((blank) => ({
        rule: rule.id, blank,
        indexes: HitungUlang.score(found, counts, rule, blank, sums).map((index) => ({
            nilai: index.nilai, ikm: index.ikm, ikm_exact: index.ikm_exact, mutu: index.mutu, kinerja: index.kinerja,
            nilai_exact: index.nilai_exact,
            unsur: index.unsur.map(({ id, nrr, nrr_exact, bobot, nrr_tertimbang, konversi, mutu, product_exact }) =>
                ({ id, nrr, nrr_exact, bobot, nrr_tertimbang, konversi, mutu, product: product_exact }))
                .sort((a, b) => (a.id < b.id ? -1 : 1)),
        })),
    })));
});""",
)
READ = script(
    "[packs, text]",
    """try {
    return { groups: HitungUlang.read(text, packs).map((item) => ({ ...item, pack: item.pack.id })) };
} catch (error) { return { faults: error.faults }; }""",
)
COMPLETE = script(
    "[pack, counts]",
    """try {
    return HitungUlang.score(pack, counts, pack.aturan[0], "complete")[0].ikm_exact;
} catch (error) { return error.faults[0].code; }""",
)
ROUNDED = script(
    "figures", "return figures.map(([figure, places]) => HitungUlang.text(HitungUlang.parse(figure), places));"
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return published_copy(tmp_path_factory, tmp_path_factory.mktemp("kantor"))


# the arithmetic


@pytest.mark.browser
@more_in_soak
def test_the_browser_gives_the_figures_of_scoring_to_the_last_digit(browser: Browser, times: int) -> None:
    packs = {name: check_pages.pack_fields(built_in(name)) for name in ALL}
    drawn = [(built_in(ALL[seed % len(ALL)]), seed) for seed in range(100, 100 + times)]  # every letter is among them
    parts = [(pack, drawn_part(pack, seed)) for pack, seed in drawn]
    cases = [{"pack": pack.id, "counts": counts_of(part), "sums": sums_of(part)} for pack, part in parts]
    page = browser.new_page()
    found = page.evaluate(SCORED, [packs, cases])
    page.close()
    assert len(found) == times
    for (pack, part), scored in zip(parts, found, strict=True):
        assert scored == figures(pack, part), pack.id
    undefined = [case for scored in found for case in scored if case["indexes"][0]["ikm"] is None]
    letters = {case["indexes"][0]["mutu"] for scored in found for case in scored}
    assert undefined and {"A", "B", "C", "D"} <= letters


@pytest.mark.browser
def test_without_a_blank_complete_follows_from_the_counts_alone_and_with_one_it_is_refused(browser: Browser) -> None:
    pack = built_in(ALL[1])
    page = browser.new_page()
    for seed, wanted in ((4, None), (5, "COUNTS_COMPLETE")):
        part = drawn_part(pack, seed)
        exact = next(case for case in figures(pack, part) if case["blank"] == "complete")["indexes"][0]["ikm_exact"]
        found = page.evaluate(COMPLETE, [check_pages.pack_fields(pack), counts_of(part)])
        assert found == (wanted or exact)
    page.close()


@pytest.mark.browser
def test_ties_are_rounded_half_up_as_in_scoring(browser: Browser) -> None:
    page = browser.new_page()
    cases = [["165/2000", 2], ["175/2000", 2], ["0/1", 2], ["-1/200", 2], ["-1/1000", 2], ["5/2", 0], ["255/2", 1]]
    assert page.evaluate(ROUNDED, cases) == ["0.08", "0.09", "0.00", "-0.01", "0.00", "3", "127.5"]
    page.close()


# the file


def spoiled(text: str, seed: int) -> str:
    """Return a hitung.csv with one to three faults: a cell, a row, a column, or its end is another."""
    chance = random.Random(seed)
    lines = text.splitlines()
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(1, len(lines))
        cells = lines[place].split(",")
        column = chance.randrange(len(cells))
        cells[column] = chance.choice(["", "x", "9", "12", "-1", "1.5", "ktp", "waktu", "a" * 60, "1000000000"])
        choice = chance.randrange(7)
        if choice == 0:
            del lines[place:]
        elif choice == 1:
            lines.insert(place, lines[place])
        elif choice == 2:
            lines[0] = lines[0].replace(
                chance.choice(["n", "nilai", "unsur"]), chance.choice(["nilai", "jumlah", ""]), 1
            )
        elif choice == 3:
            lines[place] += ",lebih"
        else:
            lines[place] = ",".join(cells)
        if len(lines) < 2:
            break
    return "\n".join(lines) + "\n"


def sentences(found: dict[str, Any], file: str) -> list[str]:
    """Return the sentences that the page makes of the faults of a file."""
    words = check_pages.read_words("id")["hitung"]
    said = []
    for fault in found["faults"]:
        known = fault.get("known", "")
        low, _, high = known.partition(" ")
        expected = words["skrip"]["harap"][fault["expected"]] if "expected" in fault else ""
        values = {**fault["values"], "expected": expected.format(known=known, low=low, high=high)}
        said.append(words["galat"][fault["code"]].format(file=file, **values))
    return said


@pytest.mark.browser
@more_in_soak
def test_the_browser_reads_hitung_csv_as_scoring_does_and_names_the_same_faults(
    office: Workspace, browser: Browser, times: int
) -> None:
    packs = [check_pages.pack_fields(built_in(name)) for name in sorted(ALL)]
    page = browser.new_page()
    text = (office.public / "hitung.csv").read_text("utf-8")
    for good in (text, "\ufeff" + text.replace(",", ";"), text.replace("\n", "\r\n"), text.replace("ktp", '"ktp"')):
        groups = page.evaluate(READ, [packs, good])["groups"]
        read = read_counts("hitung.csv", good)
        assert [(item["periode"], item["layanan"], item["pack"], item["n"], item["counts"]) for item in groups] == [
            (item.periode, item.layanan, item.pack.id, item.part.n, counts_of(item.part)) for item in read
        ]
    october = (office.public / "periode" / "2026-10" / "hitung.csv").read_text("utf-8")
    refused = 0
    for seed in range(times):
        wrong = spoiled(october, seed)
        found = page.evaluate(READ, [packs, wrong])
        try:
            read_counts("hitung.csv", wrong)
        except IkmError as error:
            refused += 1
            assert sentences(found, "hitung.csv") == [fault.text for fault in error.remarks] or [str(error)], seed
        else:
            assert "groups" in found, seed
    page.close()
    assert refused > times * 2 // 3


@pytest.mark.browser
@pytest.mark.parametrize("periode_id", ["2026-08", "2026-09"])  # fourteen unsur; nine, one layanan withheld
def test_one_click_computes_the_published_index_of_a_periode_and_of_each_layanan(
    office: Workspace, periode_id: str, browser: Browser
) -> None:
    public = json.loads((office.public / "periode" / periode_id / "hasil.json").read_text("utf-8"))
    with opened(browser) as (page, faults):
        page.goto((office.public / PAGES[2]).as_uri())
        page.click(f'[data-periode="{periode_id}"]')
        assert f"IKM {public['ikm'].replace('.', ',')}, mutu {public['mutu']}" in shown(page)
        assert "Sama dengan nilai yang diterbitkan" in shown(page)
        assert page.locator("#langkah h3").count() >= 7
        assert public["ikm_exact"] in page.locator("#langkah").inner_text()
        for entry in public["layanan"]:
            if entry["withheld"] is None:
                page.select_option("#layanan", entry["id"])
                assert f"IKM {entry['ikm'].replace('.', ',')}" in shown(page) and "Sama dengan" in shown(page)
        assert page.locator("#layanan option").count() == 1 + sum(
            item["withheld"] is None for item in public["layanan"]
        )
        assert not faults


@pytest.mark.browser
def test_another_rule_changes_the_figure_and_says_which_one_was_published(office: Workspace, browser: Browser) -> None:
    with opened(browser) as (page, faults):
        page.goto((office.public / PAGES[2]).as_uri())
        page.click('[data-periode="2026-10"]')
        page.select_option("#aturan", "0.11")
        assert "memakai aturan exact dan jawaban kosong: tidak dihitung" in shown(page)
        assert "--rule 0.11 --blank available" in page.locator("#ketik").inner_text()
        assert not faults


@pytest.mark.browser
def test_a_chosen_file_is_computed_and_a_changed_one_is_not_taken_for_the_published(
    office: Workspace, tmp_path: Path, browser: Browser
) -> None:
    text = (office.public / "hitung.csv").read_text("utf-8")
    other, wrong, binary = tmp_path / "lain.csv", tmp_path / "salah.csv", tmp_path / "gambar.csv"
    row = next(line for line in text.splitlines() if line.startswith("2026-10,*,waktu,waktu,3,"))
    more = next(line for line in text.splitlines() if line.startswith("2026-10,*,waktu,waktu,4,"))
    fewer, moved = (
        f"{line.rpartition(',')[0]},{int(line.rpartition(',')[2]) + step}" for line, step in ((row, -1), (more, 1))
    )
    other.write_text(text.replace(row, fewer).replace(more, moved), "utf-8")
    wrong.write_text(text.replace(row, row.rpartition(",")[0] + ",banyak"), "utf-8")
    binary.write_bytes(b"\xff\xfe\x00")
    with opened(browser) as (page, faults):
        page.goto((office.public / PAGES[2]).as_uri())
        page.set_input_files("#berkas", str(office.public / "hitung.csv"))
        expect(page.locator("#kabar")).to_contain_text("Sama dengan nilai yang diterbitkan: IKM 83,92")
        page.set_input_files("#berkas", str(other))
        expect(page.locator("#kabar")).to_contain_text("berbeda dari yang diterbitkan di sini (IKM 83,92, mutu B)")
        page.set_input_files("#berkas", str(wrong))
        line = text.splitlines().index(row) + 1
        expect(page.locator("#kabar")).to_contain_text(
            f'salah.csv, baris {line}, kolom n: "banyak" tidak sah; isi bilangan bulat.'
        )
        assert page.locator("#langkah h3").count() == 0 and not page.locator("#pilihan").is_visible()
        page.set_input_files("#berkas", str(binary))
        expect(page.locator("#kabar")).to_contain_text("bukan teks UTF-8")
        assert not faults


@pytest.mark.browser
def test_under_complete_the_published_sums_give_the_published_index(tmp_path: Path, browser: Browser) -> None:
    workspace = make_office(tmp_path)
    file = workspace.root / "office.toml"
    head, _, tail = file.read_text("utf-8").partition("from = 2026-08-25\n")
    file.write_text(f'{head}from = 2026-08-25\nblank = "complete"\n{tail}', "utf-8")
    workspace = load(file)
    fill(workspace, "2026-10", OCTOBER, gaps=4)
    publish(workspace, "2026-10")
    public = read_published(workspace.public)[0]
    assert public["n_complete"] < public["n_responden"]
    with opened(browser) as (page, faults):
        page.goto((workspace.public / PAGES[2]).as_uri())
        page.click('[data-periode="2026-10"]')
        assert f"Sama dengan nilai yang diterbitkan: IKM {public['ikm'].replace('.', ',')}" in shown(page)
        assert not faults
