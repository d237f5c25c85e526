"""What our source must not contain, told from its syntax: code made from data, unsafe readers, and secrets compared with ==."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

FILES = sorted(path for folder in ("bot", "handlers", "store", "templates") for path in Path(folder).rglob("*.py"))
CODE_FROM_DATA = {"eval", "exec", "compile", "__import__"}
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "dill", "telnetlib", "xmlrpc"}
UNSAFE_CALLS = {"yaml.unsafe_load", "yaml.full_load", "os.system", "os.popen", "tempfile.mktemp", "re2.template"}
UNPACKS = {"extractall", "extract", "unpack_archive"}
SECRET = ("signature", "secret", "password", "hmac")
JINJA_OUTSIDE = {"jinja2", "Environment"}
"""What of Jinja would run a template outside the sandbox: `import jinja2` could be anything of it."""


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
            if "jinja2" in names:
                yield from (f"{node.lineno}: Jinja outside the sandbox" for one in node.names if one.name in JINJA_OUTSIDE)
        elif isinstance(node, ast.Call):
            yield from _wrong_call(node)
            if ast.unparse(node.func) == "yaml.load" and not (len(node.args) > 1 and ast.unparse(node.args[1]) in safe):
                yield f"{node.lineno}: reads YAML that may make anything"
        elif isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
            names = {name for side in (node.left, *node.comparators) for name in _names_in(side)}
            yield from (f"{node.lineno}: compares {name} in time that tells" for name in names if any(one in name for one in SECRET))


def _names_in(side: ast.expr) -> Iterator[str]:
    """All that one side of a comparison is made of, also what is called for it."""
    for node in ast.walk(side):
        if isinstance(node, ast.Name | ast.Attribute):
            yield (node.id if isinstance(node, ast.Name) else node.attr).lower()


def _wrong_call(node: ast.Call) -> Iterator[str]:
    called = ast.unparse(node.func)
    last = called.rpartition(".")[2]
    if called in CODE_FROM_DATA or called in UNSAFE_CALLS:
        yield f"{node.lineno}: calls {called}"
    if last in UNPACKS:
        yield f"{node.lineno}: unpacks an archive to the disk"
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
        "import jinja2",
        "from jinja2 import Environment as Sandbox",
        "subprocess.run(order, shell=True)",
        "client.get(url, verify=False)",
        "ok = given == self.secret",
        "ok = expected_signature != given",
        "ok = given == signature.encode()",
        "ok = told == hmac.new(key, body, sha256).hexdigest()",
    ],
)
def test_each_of_these_would_be_found(source: str) -> None:
    assert list(wrong_in(source))


def test_tables_for_spreadsheets_are_written_where_formulas_are_disarmed() -> None:
    """CSV injection: whoever writes a row of a table makes its cells safe, or writes names of columns that are ours."""
    rows = [(file, node) for file in FILES for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if _writes_row(node)]
    assert len(rows) >= 4
    for file, row in rows:
        names = {node.id for given in row.args for node in ast.walk(given) if isinstance(node, ast.Name)}
        calls = {ast.unparse(node.func) for given in row.args for node in ast.walk(given) if isinstance(node, ast.Call)}
        assert calls & {"safe_cell", "cell"} or all(name.isupper() for name in names), f"{file}:{row.lineno}"


def _writes_row(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("writerow", "writerows")
