"""What the test of the exported C++ program needs: a compiler, and onnxruntime laid out as its release is.

Its headers are in no package that `packaging/test.sh` could fetch, so where nobody has put them the tests are skipped.
"""

import os
import shutil
import subprocess
from pathlib import Path

import onnxruntime
import pytest

_PLACES = ("/usr/include/onnxruntime", "/usr/local/include/onnxruntime")
STRICT = ("-Wall", "-Wextra", "-Werror")


def onnxruntime_release(folder: Path) -> Path:
    """Fill `folder` with `include` and `lib`: headers of this machine, the library of the Python package."""
    places = [Path(place) for place in (os.environ.get("FINETUNER_ONNXRUNTIME_INCLUDE"), *_PLACES) if place]
    include = next((place for place in places if (place / "onnxruntime_cxx_api.h").is_file()), None)
    library = next(Path(onnxruntime.__file__).parent.glob("capi/libonnxruntime.so.*"), None)
    if include is None:
        pytest.skip("onnxruntime's C++ headers are not here: FINETUNER_ONNXRUNTIME_INCLUDE may say where they are")
    if library is None:
        pytest.skip("onnxruntime's Python package has no libonnxruntime.so on this system")
    (folder / "lib").mkdir(parents=True)
    (folder / "include").symlink_to(include)
    for name in ("libonnxruntime.so", "libonnxruntime.so.1"):
        (folder / "lib" / name).symlink_to(library)
    return folder


def compiled(source: Path, release: Path, target: Path, standard: str = "c++17") -> Path:
    """The program, with every warning an error. Skips where there is no compiler."""
    compiler = shutil.which("c++")
    if compiler is None:
        pytest.skip("there is no C++ compiler")
    library = release / "lib"
    linked = ("-L", str(library), "-lonnxruntime", f"-Wl,-rpath,{library}")
    command = [compiler, f"-std={standard}", *STRICT, "-I", str(release / "include"), str(source), *linked]
    done = subprocess.run([*command, "-o", str(target)], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return target


def built(source: Path, release: Path, target: Path) -> Path:
    """The program, by the commands that the folder's README gives. Skips where there is no CMake."""
    cmake = shutil.which("cmake")
    if cmake is None:
        pytest.skip("there is no CMake")
    for arguments in (
        ("-S", str(source), "-B", str(target), "-DCMAKE_BUILD_TYPE=Release", f"-DONNXRUNTIME_ROOT={release}"),
        ("--build", str(target)),
    ):
        done = subprocess.run([cmake, *arguments], capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr
    return target / "predict"
