"""The rules that keep the code simple, read off its syntax: direction of imports, purity, size, names."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Each package may import those named, and nothing else of ours.
MAY_IMPORT = {
    "scoring": {"scoring"},
    "collector": {"collector", "scoring"},
    "publish": {"publish", "collector", "scoring"},
}
OURS = {*MAY_IMPORT, "tests", "bench", "site"}
DOORS = {
    "weasyprint": "publish/pdf.py",
    "openpyxl": "publish/workbook.py",
    "pikepdf": "publish/pdf_fields.py",
}  # libraries that one module alone imports
# What the pure floor may use of the standard library; its command may also read files and standard input.
WHOLE_MATH = {"gcd", "isqrt", "lcm"}  # of `math`, what stays with whole numbers
PURE = {
    *(
        "__future__",
        "collections",
        "collections.abc",
        "csv",
        "dataclasses",
        "datetime",
        "decimal",
        "difflib",
        "fractions",
    ),
    *("functools", "hashlib", "io", "itertools", "json", "re", "string", "tomllib", "typing", "unicodedata"),
}
COMMAND = {"argparse", "pathlib", "sys"}
CLOCK_AND_FILES = {
    *("today", "now", "utcnow", "fromtimestamp", "environ", "getenv", "stdin", "stdout", "stderr"),
    *("open", "read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "glob"),
}
PACKS_DOOR = {"importlib", "read_text", "iterdir"}  # scoring/instrument.py reads the packs shipped with it
VAGUE = {"utils", "util", "common", "helpers", "helper", "base", "manager"}
LINES_OF_BODY = {"scoring": 25}
MOST_LINES_OF_BODY = 40
MOST_LINES = 400
MOST_LINES_OF_README = 30
CODE = {".py", ".js", ".css", ".html", ".sql"}
# Lists made by a machine, golden numbers, drawings.
DATA = ("requirements*.txt", "tests/vectors/*", "tests/corpus/*", "bench/results/*", "*.csv", "*.json", "*.svg")


def files(folder: Path = ROOT) -> Iterator[str]:
    """Yield every file that git does not ignore, as a path from the root."""
    for path in sorted(folder.iterdir()):
        name = path.relative_to(ROOT).as_posix()
        if is_ignored(name):
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield name


def is_ignored(name: str) -> bool:
    parts = name.split("/")
    for pattern in IGNORED:
        if any(fnmatch(part, pattern.strip("/")) for part in (parts[:1] if pattern.startswith("/") else parts)):
            return True
    return False


IGNORED = [
    "/.git",
    *(line for line in (ROOT / ".gitignore").read_text("utf-8").splitlines() if line and not line.startswith("#")),
]
FILES = list(files())
MODULES = [name for name in FILES if name.endswith(".py") and name.split("/")[0] in MAY_IMPORT]


def imports(source: str) -> set[str]:
    """Return the dotted name of everything imported, at the top or inside a function; "." for a relative import."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "." if not node.level else ".")
        elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"}:
            argument = node.args[0] if node.args else None
            names.add(argument.value if isinstance(argument, ast.Constant) else "a computed name")  # type: ignore[arg-type]
    return names


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def ours(source: str) -> set[str]:
    """Return the files of ours that the source imports, at the top or inside a function."""
    found = imports(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {f"{name.replace('.', '/')}.py" for name in found} & {*MODULES}


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Return a circle of imports, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def wrong_imports(module: str, source: str) -> list[str]:
    """Return every import that goes upward, passes a door of ours by, or leaves the standard library in scoring."""
    package = module.split("/", maxsplit=1)[0]
    found = []
    for name in sorted(imports(source)):
        top = name.split(".")[0]
        upward = top in OURS - MAY_IMPORT[package]
        foreign = package == "scoring" and top != "scoring" and top not in sys.stdlib_module_names
        if upward or foreign or name == "a computed name" or DOORS.get(top, module) != module:
            found.append(name)
    return found


def floats(source: str) -> list[str]:
    """Return every way by which a figure could become a float, or be rounded twice."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            found.append(f"line {node.lineno}: {node.value}")
        elif isinstance(node, ast.Name) and node.id in {"float", "complex", "round"}:
            found.append(f"line {node.lineno}: {node.id}")
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            found.append(f"line {node.lineno}: / (write Fraction(a, b))")
    return found


def impurities(module: str, source: str) -> list[str]:
    """Return every use of clock, file, network, chance or environment in a module of scoring."""
    command, packs = module == "scoring/__main__.py", module == "scoring/instrument.py"
    allowed = PURE | (COMMAND if command else set()) | ({"importlib"} if packs else set())
    whole = not any(
        isinstance(node, ast.ImportFrom) and node.module == "math" and {name.name for name in node.names} <= WHOLE_MATH
        for node in ast.walk(ast.parse(source))
    )
    allowed = allowed if whole else allowed | {"math"}
    found = [name for name in imports(source) if name.split(".")[0] != "scoring" and name not in allowed]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            bad = node.attr in CLOCK_AND_FILES and not (command or (packs and node.attr in PACKS_DOOR))
        else:
            bad = isinstance(node, ast.Name) and node.id in {"open", "input", "eval", "exec", "__import__"}
        if bad:
            found.append(f"line {node.lineno}: {ast.unparse(node)}")  # type: ignore[attr-defined]
    return sorted(found)


def long_functions(source: str, most: int) -> list[str]:
    """Return the functions whose body, without its docstring, has more than `most` lines."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            if lines > most:
                found.append(f"{node.name} has {lines} lines")
    return found


def broad_excepts(source: str) -> list[int]:
    """Return the lines that catch everything and go on; one that ends by raising it again only cleans up."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {getattr(item, "id", getattr(item, "attr", None)) for item in caught}
            last = node.body[-1]
            raised_again = isinstance(last, ast.Raise) and last.exc is None
            if names & {None, "Exception", "BaseException"} and not raised_again:
                found.append(node.lineno)
    return found


def too_long(name: str, content: bytes) -> bool:
    """Say whether a text that people read has too many lines."""
    if any(fnmatch(name, pattern) for pattern in DATA) or b"\0" in content:
        return False
    try:
        return len(content.decode().splitlines()) > MOST_LINES
    except UnicodeDecodeError:
        return False


def is_vague(name: str) -> bool:
    """Say whether a module or its folder is called after nothing it does."""
    return any(word in VAGUE for part in name.lower().split("/") for word in re.split(r"[._-]", part))


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down_from_publish_over_collector_to_scoring_and_never_up(module: str) -> None:
    assert wrong_imports(module, read(module)) == []


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith("scoring/")])
def test_scoring_has_no_float_and_no_clock_file_network_or_chance(module: str) -> None:
    assert floats(read(module)) == []
    assert impurities(module, read(module)) == []


@pytest.mark.parametrize("module", MODULES)
def test_functions_are_short_and_catch_only_what_they_name(module: str) -> None:
    most = LINES_OF_BODY.get(module.split("/", maxsplit=1)[0], MOST_LINES_OF_BODY)
    assert long_functions(read(module), most) == []
    assert broad_excepts(read(module)) == []


def test_site_holds_no_python() -> None:
    assert [name for name in FILES if name.startswith("site/") and name.endswith((".py", ".pyi", ".pyc"))] == []


def test_no_text_that_people_read_has_more_than_400_lines() -> None:
    assert [name for name in FILES if too_long(name, (ROOT / name).read_bytes())] == []


def test_no_module_or_package_is_called_after_nothing_it_does() -> None:
    assert [name for name in FILES if name.endswith(".py") and is_vague(name)] == []


@pytest.mark.parametrize("folder", sorted({name.split("/")[0] for name in FILES if Path(name).suffix in CODE}))
def test_every_folder_with_code_has_a_readme_of_at_most_30_lines(folder: str) -> None:
    assert f"{folder}/README.md" in FILES
    assert len(read(f"{folder}/README.md").splitlines()) <= MOST_LINES_OF_README


def test_the_walk_sees_the_code_and_not_what_git_ignores() -> None:
    assert {"scoring/index.py", "collector/app.py", "publish/pdf.py", "Makefile", ".ci/run"} <= set(FILES)
    assert not [name for name in FILES if name.startswith((".venv", ".git/", "data/")) or "__pycache__" in name]


@pytest.mark.parametrize(
    ("module", "source", "found"),
    [
        ("scoring/x.py", "import collector", ["collector"]),
        ("scoring/x.py", "from publish.pdf import draw", ["publish.pdf"]),
        ("scoring/x.py", "def f():\n    import flask", ["flask"]),
        ("scoring/x.py", "from scoring.tally import Part\nimport json", []),
        ("scoring/x.py", "import importlib\nimportlib.import_module('collector.store')", ["collector.store"]),
        ("scoring/x.py", "__import__('pub' + 'lish')", ["a computed name"]),
        ("collector/x.py", "from publish import words", ["publish"]),
        ("collector/x.py", "import weasyprint", ["weasyprint"]),
        ("collector/x.py", "if TYPE_CHECKING:\n    from publish.pdf import draw", ["publish.pdf"]),
        ("collector/x.py", "from tests.scoring_samples import part", ["tests.scoring_samples"]),
        ("collector/x.py", "import flask, scoring.office\nfrom collector import store\nfrom . import app", []),
        ("publish/x.py", "from weasyprint import HTML", ["weasyprint"]),
        ("publish/rekap.py", "import openpyxl.styles", ["openpyxl.styles"]),
        ("publish/workbook.py", "from openpyxl import Workbook", []),
        ("publish/pdf.py", "from weasyprint import HTML\nimport collector.store, scoring.result", []),
    ],
)
def test_the_walker_of_imports_finds_this_breach(module: str, source: str, found: list[str]) -> None:
    assert wrong_imports(module, source) == found


@pytest.mark.parametrize(
    "source", ["x = 0.5", "x = 1e3", "float('1')", "x: float", "a / b", "a /= b", "round(x, 2)", "x = 2j"]
)
def test_this_way_to_a_float_is_found(source: str) -> None:
    assert floats(source)


def test_whole_numbers_fractions_and_texts_are_no_float() -> None:
    assert floats("x = Fraction(1, 9) + 7 // 2\ny = '0.11'\njson.loads(t, parse_float=Decimal)") == []


@pytest.mark.parametrize(
    "source",
    [
        *("import os", "import random", "import time", "import socket", "import urllib.request", "import secrets"),
        *("import sys", "from pathlib import Path", "from importlib import resources", "import math", "import sqlite3"),
        *(
            "date.today()",
            "datetime.now(UTC)",
            "open('x')",
            "io.open('x')",
            "path.read_text()",
            "path.write_bytes(b'')",
        ),
        *("eval('1')", "input()"),
    ],
)
def test_this_impurity_is_found(source: str) -> None:
    assert impurities("scoring/x.py", source)


def test_only_the_command_reads_files_and_only_the_packs_are_read_elsewhere() -> None:
    assert impurities("scoring/__main__.py", "import sys\nfrom pathlib import Path\nPath('x').read_text()") == []
    assert impurities("scoring/__main__.py", "import time, os")
    assert (
        impurities("scoring/instrument.py", "from importlib import resources\nresources.files('x').read_text()") == []
    )
    assert impurities("scoring/instrument.py", "open('x')")


def test_a_long_function_a_broad_except_a_long_text_and_a_vague_name_are_found() -> None:
    lines = "\n".join(["        x = 1"] * 26)
    assert long_functions(f'def f():\n        """Say."""\n{lines}', 25) == ["f has 26 lines"]
    assert long_functions(f"class A:\n    async def f():\n{lines}", 26) == []
    for clause in ("except:", "except Exception:", "except (ValueError, Exception) as e:", "except BaseException:"):
        assert broad_excepts(f"try:\n    f()\n{clause}\n    pass") == [3]
    assert broad_excepts("try:\n    f()\nexcept BaseException:\n    g()\n    raise") == []
    assert broad_excepts("try:\n    f()\nexcept Exception:\n    raise OSError") == [3]
    assert broad_excepts("try:\n    f()\nexcept (ValueError, json.JSONDecodeError):\n    pass") == []
    assert too_long("docs/x.md", b"x\n" * 401) and not too_long("docs/x.md", b"x\n" * 400)
    assert not too_long("requirements-dev.txt", b"x\n" * 401) and not too_long("a.ttf", b"\0\n" * 401)
    assert is_vague("publish/utils.py") and is_vague("collector/db_helpers.py") and is_vague("publish/common/words.py")
    assert not is_vague("scoring/index.py") and not is_vague("publish/database.py")


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {name: ours((ROOT / name).read_text("utf-8")) for name in MODULES}
    assert graph["publish/documents.py"] >= {"publish/pdf.py", "scoring/errors.py"}
    assert circle(graph) == []
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}
