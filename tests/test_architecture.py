"""The house rules that a machine can check: layers, light imports, sizes and names."""

import ast
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "sortyard"
GENERATED = PACKAGE / "serving" / "grpc" / "generated"  # by protoc, from the protos beside it
BENCHMARKS = sorted((ROOT / "benchmarks").rglob("*.py"))
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if GENERATED not in path.parents)
HEAVY = {
    "alembic",
    "cryptography",
    "fastapi",
    "grpc",
    "jinja2",
    "numpy",
    "onnx",
    "onnxruntime",
    "opentelemetry",
    "pandas",
    "peft",
    "pyarrow",
    "prometheus_client",
    "psycopg",
    "py3langid",
    "pydantic",
    "re2",
    "rich",
    "scipy",
    "sklearn",
    "sqlalchemy",
    "tokenizers",
    "torch",
    "transformers",
    "uvicorn",
}
TRAINING_ONLY = HEAVY & {
    "onnx",
    "pandas",
    "peft",
    "pyarrow",
    "sklearn",
    "torch",
    "transformers",
}
BANNED_NAMES = {"utils", "util", "helpers", "common", "misc", "base", "manager"}
SOFT_LIMIT, HARD_LIMIT, MEDIAN_LIMIT = 250, 400, 100  # lines a file
FUNCTION_LIMIT = 40  # lines of a function below its docstring

# A file over the soft limit stands here with its reason.
LONG_FILES = {
    "app/settings.py": "every setting that there is, in one table",
    "domain/taxonomy.py": "labels, dimensions, their conditions and the whole are one value",
    "models/classifier.py": "a release from prepared text to answer, one short method a step",
    "serving/desk.py": "the one class that holds the serving core together",
    "serving/tensors.py": "the tensors of one protocol, read and written",
}

# So does a function over its limit.
LONG_FUNCTIONS = {
    "data/demo/fresh.py: fresh_messages": "eight messages, written out",
}


def test_imports_point_down() -> None:
    """Layers, no cycles, and one home for every framework, as pyproject.toml declares them."""
    pytest.importorskip("importlinter")
    found = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "", "HOME": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.returncode == 0, found.stdout + found.stderr


def _loaded_by(module: str) -> set[str]:
    code = f"import sys, {module}; print(*sys.modules, sep=chr(10))"
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT / "src",
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.split(".")[0] for name in found.stdout.split()}


@pytest.mark.parametrize(
    "module", ["sortyard", "sortyard.domain.predictions", "sortyard.cli.program"]
)
def test_a_framework_is_not_loaded_before_it_is_needed(module: str) -> None:
    assert not HEAVY & _loaded_by(module)


@pytest.mark.parametrize(
    "module", ["sortyard.app.loading", "sortyard.models.classifier", "sortyard.text.preparation"]
)
def test_answering_loads_nothing_that_trains(module: str) -> None:
    assert not TRAINING_ONLY & _loaded_by(module)


@pytest.mark.parametrize("module", ["sortyard.training.run", "sortyard.training.tuning.options"])
def test_pytorch_is_not_loaded_before_an_encoder_is_tuned(module: str) -> None:
    pytest.importorskip("sklearn")

    assert not {"torch", "transformers"} & _loaded_by(module)


def test_importing_the_package_says_and_writes_nothing(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", "import sortyard"],
        cwd=tmp_path,
        env={
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=True,
    )

    assert (found.stdout, found.stderr, list(tmp_path.iterdir())) == ("", "", [])


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_help_is_quick() -> None:
    """Counted in seconds of a processor, so that busy neighbours do not matter."""
    seconds = []
    for _ in range(3):
        began = _processor_seconds()
        subprocess.run(
            [sys.executable, "-m", "sortyard", "--help"],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            check=True,
        )
        seconds.append(_processor_seconds() - began)

    assert min(seconds) < 0.4


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_no_file_is_over_the_hard_limit() -> None:
    assert [_name(path) for path in MODULES if _lines(path) > HARD_LIMIT] == []


def test_a_file_over_the_soft_limit_has_a_reason() -> None:
    assert {_name(path) for path in MODULES if _lines(path) > SOFT_LIMIT} == set(LONG_FILES)


def test_half_of_the_files_are_short() -> None:
    sizes = [_lines(path) for path in MODULES if path.name != "__init__.py"]

    assert median(sizes) < MEDIAN_LIMIT


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function with the number of its lines, from the first below its docstring."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            yield f"{_name(path)}: {node.name}", length


def test_a_long_function_has_a_reason() -> None:
    long = {
        name for path in MODULES for name, length in _functions(path) if length > FUNCTION_LIMIT
    }

    assert long == set(LONG_FUNCTIONS)


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [_name(path) for path in MODULES if path.stem in BANNED_NAMES] == []


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_no_seed_is_written_into_the_library() -> None:
    """Randomness is an argument."""
    literal = [
        f"{_name(path)}:{call.lineno}"
        for path in MODULES
        for call in _calls(ast.parse(path.read_text(encoding="utf-8")))
        if ast.unparse(call.func).endswith("default_rng")
        and (not call.args or isinstance(call.args[0], ast.Constant))
    ]

    assert literal == []


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def test_nothing_is_pickled() -> None:
    """Loading a release never runs code that somebody else wrote."""
    pickling = {"pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}

    assert [_name(path) for path in MODULES if pickling & set(_imported(path))] == []


def test_neither_the_library_nor_a_benchmark_leans_on_a_test() -> None:
    leaning = [path.name for path in (*MODULES, *BENCHMARKS) if "tests" in set(_imported(path))]

    assert leaning == []
