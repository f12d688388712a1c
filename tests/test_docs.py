"""The documentation is true: commands, keys, errors and folders that it names exist, and the other way round."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from scoring import toml_table
from scoring.errors import SENTENCES
from scoring.office import parse_office

ROOT = Path(__file__).parent.parent
MANUAL = (ROOT / "docs" / "petunjuk.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
pytestmark = pytest.mark.docs


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):.*## ", makefile, re.MULTILINE))


def pages() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("*/README.md"))]


def test_make_alone_lists_every_target() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert targets() == set(re.findall(r"^  make ([a-z-]+)", listed, re.MULTILINE))


def test_every_target_of_the_periode_is_in_the_manual() -> None:
    for target in ("site", "serve", "paper-form", "import", "close", "report", "publish", "tally", "datasette", "demo"):
        assert re.search(rf"`make {target}\b", MANUAL), target


def test_every_make_command_in_the_documentation_exists() -> None:
    for page in pages():
        for target in re.findall(r"(?:`|\$ )make ([a-z][a-z-]*)", page.read_text("utf-8")):
            assert target in targets(), f"{page.name}: make {target}"


def test_every_error_stands_in_the_list_of_errors_word_for_word() -> None:
    listed = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*) \|$", (ROOT / "docs" / "galat.md").read_text("utf-8"), re.M))
    assert {code: sentence.replace("|", "\\|") for code, sentence in SENTENCES.items()} == listed


def test_every_key_of_the_configuration_is_in_the_example(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    done = toml_table.Table.done

    def remember(table: toml_table.Table) -> None:
        if table.file == "office.example.toml":
            asked.update(table._asked)
        done(table)

    monkeypatch.setattr(toml_table.Table, "done", remember)
    text = (ROOT / "office.example.toml").read_text("utf-8")
    parse_office("office.example.toml", text)
    assert asked
    for key in asked:
        assert re.search(rf"(?m)(^|\[|\.){re.escape(key)}\b", text), f"{key} is not in office.example.toml"


def test_links_between_pages_lead_somewhere() -> None:
    for page in pages():
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_file_that_a_folder_readme_names_exists() -> None:
    for folder in ("site", "scoring", "collector", "publish", "deploy", "docs", "tests"):
        text = (ROOT / folder / "README.md").read_text("utf-8")
        for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE):
            for name in re.findall(r"`([^`]+)`", row):
                assert list((ROOT / folder).glob(name.rstrip("/"))), f"{folder}/README.md: {name}"


def test_the_places_named_for_a_change_exist() -> None:
    table = (ROOT / "docs" / "where.md").read_text("utf-8")
    rows = re.findall(r"^\| (?!change|-)(.*) \| (.*) \|$", table, re.MULTILINE)
    assert len(rows) >= 10
    for change, places in rows:
        names = re.findall(r"`([^`]+)`", places)
        files = [ROOT / name for name in names if "/" in name or "." in name]
        assert files, change
        assert [file.name for file in files if not file.exists()] == [], change
        text = "".join(
            part.read_text("utf-8") for file in files for part in (file, *file.glob("*.toml")) if part.is_file()
        )
        assert [name for name in names if "/" not in name and "." not in name and name not in text] == [], change


def test_ci_runs_the_test_command_of_the_readme() -> None:
    commands = re.findall(r"^\$ (make (?:check|test))$", README, re.MULTILINE)
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert commands == ["make check", "make test"]
    assert all(re.search(rf"^{command}$", script, re.MULTILINE) for command in commands)


def test_nothing_names_a_registry_host_or_a_path_of_a_workplace() -> None:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    hosts = re.compile(
        "|".join(
            ("files.python" + "hosted", "pypi" + ".org", "deb.debian" + ".org", "registry.npm" + "js", "/wor" + "k/")
        )
    )
    for name in filter(None, listing.split("\0")):
        file = ROOT / name
        if file.suffix in {".ttf", ".png", ".pdf"} or not file.exists():
            continue
        found = hosts.search(file.read_text("utf-8"))
        assert not found, f"{name}: {found}"
