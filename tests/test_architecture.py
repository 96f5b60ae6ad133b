"""The walls of the house, the price of importing it, and what must not stand anywhere in its code."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Set
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "finetuner"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

LONGEST_FILE = 300
LONGEST_FUNCTION = 45

HEAVY = ("torch", "torchvision", "timm", "sklearn", "onnx")

# What the window imports in its own process, which never imports torch.
TORCH_FREE = (
    "finetuner.engine.job",
    "finetuner.engine.events",
    "finetuner.engine.requests",
    "finetuner.engine.run_store",
    "finetuner.engine.strategies",
    "finetuner.engine.launchers",
    "finetuner.engine.dataset.decode",
    "finetuner.engine.dataset.preprocessing",
    "finetuner.engine.dataset.sample",
    "finetuner.engine.dataset.scan",
    "finetuner.engine.dataset.split",
    "finetuner.engine.dataset.thumbnails",
    "finetuner.engine.evaluation.intervals",
    "finetuner.engine.backbones",
    "finetuner.engine.explanations",
    "finetuner.engine.exporters",
    "finetuner.engine.prediction.predictor",
    "finetuner.engine.prediction.stream",
    "finetuner.frame_sources",
    "finetuner.cli",
    "finetuner.gui.app",
)


def python(code: str) -> str:
    """What a fresh interpreter prints when it runs `code`; fails with its traceback."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_the_walls_stand(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0, "".join(capsys.readouterr())


def test_importing_finetuner_costs_nothing() -> None:
    code = "import sys; before = set(sys.modules); import finetuner; print(len(set(sys.modules) - before))"
    assert int(python(code)) == 1


def test_the_command_line_answers_without_torch_or_qt() -> None:
    loaded = python("import sys; from finetuner.cli.app import main; main(['--help']); print(*sys.modules)")
    assert not {"torch", "numpy", "PySide6"} & set(loaded.splitlines()[-1].split())


def test_the_engine_works_where_there_is_no_qt() -> None:
    python(
        "import pkgutil, sys\n"
        "sys.modules['PySide6'] = sys.modules['shiboken6'] = sys.modules['pyqtgraph'] = None\n"
        "import finetuner.engine\n"
        "for module in pkgutil.walk_packages(finetuner.engine.__path__, 'finetuner.engine.'): __import__(module.name)"
    )


def test_what_the_window_imports_needs_no_torch() -> None:
    python(f"import sys\nfor heavy in {HEAVY}: sys.modules[heavy] = None\nfor light in {TORCH_FREE}: __import__(light)")


def test_files_hold_one_noun() -> None:
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in SOURCES}
    assert {file: lines for file, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_read_like_sentences() -> None:
    lengths = {f"{name(path)} {node.name}": lines_of(node) for path in SOURCES for node in functions(tree(path))}
    assert {function: lines for function, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_every_room_says_what_lives_there() -> None:
    rooms = {name(path): ast.get_docstring(tree(path)) or "" for path in SOURCES if path.name == "__init__.py"}
    assert {room: text for room, text in rooms.items() if len(text) < 40} == {}


def test_no_dangerous_and_no_unfinished_code() -> None:
    assert [f"{name(path)} {offence}" for path in SOURCES for offence in offences(tree(path), permitted(path))] == []


def permitted(path: Path) -> set[str]:
    return PERMITTED_CALLS.get(path.relative_to(ROOT).as_posix(), set())


def test_no_test_sleeps() -> None:
    assert [f"{name(path)}:{line}" for path in TESTS for line, call in calls(tree(path)) if call == "time.sleep"] == []


def functions(module: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


FORBIDDEN_CALLS = {
    "pickle.load", "pickle.loads", "pickle.Unpickler", "cPickle.load", "marshal.load", "marshal.loads", "joblib.load",
    "dill.load", "dill.loads", "cloudpickle.load", "cloudpickle.loads", "shelve.open", "yaml.load", "yaml.unsafe_load",
    "torch.hub.load", "torch.hub.load_state_dict_from_url", "torch.jit.load", "torch.package.PackageImporter",
    "torch.distributed.checkpoint.load", "torch.export.load", "pandas.read_pickle", "pd.read_pickle",
    "eval", "exec", "compile", "__import__", "os.system", "os.popen",
}  # fmt: skip
# Where one of them may stand all the same: the exporter reads back the file that it wrote a moment before.
PERMITTED_CALLS = {"finetuner/engine/exporters/pt2.py": {"torch.export.load"}}
UNFINISHED = "NotImplementedError"
# Calls that are safe only with one keyword, which must stand there: defaults differ from version to version.
REQUIRED_KEYWORDS = {"torch.load": "weights_only", "np.load": "allow_pickle", "numpy.load": "allow_pickle"}
# `from pickle import loads` would hide the call behind another name.
DANGEROUS_MODULES = {
    "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "torch.hub", "torch.package",
}  # fmt: skip
# A keyword that is dangerous, and the one value with which it may be written.
FORBIDDEN_KEYWORDS = {"weights_only": True, "allow_pickle": False, "trust_remote_code": False, "shell": False}


def offences(module: ast.Module, permitted: Set[str] = frozenset()) -> Iterator[str]:
    """What the house rules forbid: code that runs strangers' code, trouble swallowed, work unfinished."""
    yield from (f"line {line}: {call}" for line, call in calls(module) if call in FORBIDDEN_CALLS - permitted)
    for node in ast.walk(module):
        match node:
            case ast.Call() if (needed := REQUIRED_KEYWORDS.get(ast.unparse(node.func))) and not has(node, needed):
                yield f"line {node.lineno}: {ast.unparse(node.func)} without {needed}"
            case ast.ImportFrom(module="pickle" | "torch.jit" as module):
                yield f"line {node.lineno}: from {module}"
            case ast.ImportFrom(module=str(module)) if module in DANGEROUS_MODULES:
                yield f"line {node.lineno}: from {module}"
            case ast.Import() if found := DANGEROUS_MODULES & {alias.name for alias in node.names}:
                yield f"line {node.lineno}: import {', '.join(found)}"
            case ast.keyword(arg=str(word)) if word in FORBIDDEN_KEYWORDS and not is_safe(node):
                yield f"line {node.lineno}: {word}"
            case ast.ExceptHandler(type=None | ast.Name(id="Exception" | "BaseException"), body=[ast.Pass()]):
                yield f"line {node.lineno}: swallows every exception"
            case ast.Raise(exc=ast.Name(id=error) | ast.Call(func=ast.Name(id=error))) if error == UNFINISHED:
                yield f"line {node.lineno}: unfinished"


def has(call: ast.Call, keyword: str) -> bool:
    return any(given.arg == keyword for given in call.keywords)


def is_safe(keyword: ast.keyword) -> bool:
    allowed = FORBIDDEN_KEYWORDS[str(keyword.arg)]
    return isinstance(keyword.value, ast.Constant) and keyword.value.value is allowed


def calls(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Every call as (line, dotted name as written)."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.lineno, ast.unparse(node.func)


@pytest.mark.parametrize(
    "code",
    [
        "pickle.load(file)",
        "torch.export.load(path)",
        "torch.load(path, weights_only=False)",
        "torch.load(path)",
        "np.load(path)",
        "from pickle import loads",
        "import joblib",
        "shelve.open(path)",
        "yaml.load(text)",
        "torch.jit.load(path)",
        "torch.load(path, weights_only=trusted)",
        "torch.hub.load('owner/repo', 'net')",
        "numpy.load(path, allow_pickle=True)",
        "try:\n    work()\nexcept Exception:\n    pass",
        "raise NotImplementedError",
    ],
)
def test_the_rules_catch_what_they_are_for(code: str) -> None:
    assert list(offences(ast.parse(code))) != []
