"""What our source must not contain, told from its syntax: code made from data, unsafe readers, and secrets compared with ==."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FILES = sorted(path for folder in ("bot", "handlers", "store", "templates") for path in Path(folder).rglob("*.py"))
CODE_FROM_DATA = {"eval", "exec", "compile", "__import__"}
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "telnetlib", "xmlrpc"}
UNSAFE_CALLS = {"yaml.unsafe_load", "yaml.full_load", "os.system", "os.popen", "tempfile.mktemp", "re2.template"}
UNPACKS = {"extractall", "extract", "unpack_archive"}
SECRET = ("signature", "secret", "password", "hmac")


def wrong_in(source: str) -> Iterator[str]:
    """What is wrong in a module's source, in words."""
    tree = ast.parse(source)
    safe = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and any("SafeLoader" in ast.unparse(b) for b in node.bases)
    }
    loaders = [one for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "yaml" for one in node.names]
    safe |= {one.asname or one.name for one in loaders} - {one.asname or one.name for one in loaders if not one.name.endswith("SafeLoader")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (f"{node.lineno}: imports {name}" for name in names if name.partition(".")[0] in UNSAFE_MODULES)
        elif isinstance(node, ast.Call):
            yield from _wrong_call(node)
            if ast.unparse(node.func) == "yaml.load" and not (len(node.args) > 1 and ast.unparse(node.args[1]) in safe):
                yield f"{node.lineno}: reads YAML that may make anything"
        elif isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
            sides = [ast.unparse(side) for side in (node.left, *node.comparators) if isinstance(side, ast.Name | ast.Attribute)]
            yield from (f"{node.lineno}: compares {side} in time that tells" for side in sides if side.endswith(SECRET))


def _wrong_call(node: ast.Call) -> Iterator[str]:
    called = ast.unparse(node.func)
    last = called.rpartition(".")[2]
    if called in CODE_FROM_DATA or called in UNSAFE_CALLS:
        yield f"{node.lineno}: calls {called}"
    if last in UNPACKS:
        yield f"{node.lineno}: unpacks an archive to the disk"
    if last == "Environment" and "Sandbox" not in called and "jinja2" in called:
        yield f"{node.lineno}: a Jinja environment outside the sandbox"
    for word in node.keywords:
        if word.arg == "shell" and not (isinstance(word.value, ast.Constant) and word.value.value is False):
            yield f"{node.lineno}: runs a shell"
        if word.arg in {"verify", "ssl", "check_hostname"} and isinstance(word.value, ast.Constant) and word.value.value is False:
            yield f"{node.lineno}: trusts any certificate"


@pytest.mark.parametrize("file", FILES, ids=str)
def test_nothing_unsafe_stands_in_our_source(file: Path) -> None:
    assert list(wrong_in(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "eval(text)",
        "import pickle",
        "from marshal import loads",
        "yaml.load(text)",
        "from yaml import SafeLoader as Mine, Loader as Mine\nyaml.load(text, Mine)",
        "class Mine(yaml.Loader): ...\nyaml.load(text, Mine)",
        "archive.extractall(folder)",
        "jinja2.Environment()",
        "subprocess.run(order, shell=True)",
        "client.get(url, verify=False)",
        "ok = given == self.secret",
        "ok = expected_signature != given",
    ],
)
def test_each_of_these_would_be_found(source: str) -> None:
    assert list(wrong_in(source))


def test_tables_for_spreadsheets_are_written_where_formulas_are_disarmed() -> None:
    """CSV injection: whoever writes a table makes its cells safe."""
    for file in FILES:
        source = file.read_text(encoding="utf-8")
        if "csv.writer" in source or "DictWriter" in source:
            assert "safe_cell" in source or "cell(value)" in source, file
