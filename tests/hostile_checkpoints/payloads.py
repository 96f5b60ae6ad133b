"""What a hostile pickle calls. Each is harmless, and leaves a canary if it is ever called."""

import marshal
from pathlib import Path

from tests.hostile_checkpoints.opcodes import Call, pickled, push


def payloads(canary: Path) -> dict[str, Call]:
    """Name -> a call that would create `canary`, or would have reached the network."""
    place, touch, write = str(canary), f"touch '{canary}'", f"open({str(canary)!r}, 'w').close()"
    imported = Call("builtins", "__import__", ("os",))
    inner = pickled(push(Call("os", "mkdir", (place,))))
    return {
        "os-system": Call("os", "system", (touch,)),
        "posix-system": Call("posix", "system", (touch,)),
        "nt-system": Call("nt", "system", (touch,)),
        "os-popen": Call("os", "popen", (touch,)),
        "os-mkdir": Call("os", "mkdir", (place,)),
        "os-makedirs": Call("os", "makedirs", (place,)),
        "os-symlink": Call("os", "symlink", ("nowhere", place)),
        "os-open": Call("os", "open", (place, 0o101)),
        "os-spawn": Call("os", "spawnlp", (0, "touch", "touch", place)),
        "subprocess-run": Call("subprocess", "run", (["touch", place],)),
        "subprocess-call": Call("subprocess", "call", (["touch", place],)),
        "subprocess-popen": Call("subprocess", "Popen", (["touch", place],)),
        "subprocess-check-output": Call("subprocess", "check_output", (["touch", place],)),
        "subprocess-getoutput": Call("subprocess", "getoutput", (touch,)),
        "eval": Call("builtins", "eval", (write,)),
        "exec": Call("builtins", "exec", (write,)),
        "open": Call("builtins", "open", (place, "w")),
        "eval-of-python-2": Call("__builtin__", "eval", (write,)),
        "compiled": Call("builtins", "exec", (Call("builtins", "compile", (write, "weights", "exec")),)),
        "import-and-getattr": Call("builtins", "eval", (f"__import__('os').mkdir({place!r})",)),
        "getattr-chain": Call("builtins", "map", (Call("builtins", "getattr", (imported, "mkdir")), [place])),
        "list-of-map": Call("builtins", "list", (Call("builtins", "map", (Call("builtins", "eval", ("open",)), [])),)),
        "import-module": Call("importlib", "import_module", ("antigravity",)),
        "run-code": Call("runpy", "_run_code", (write, {})),
        "timeit": Call("timeit", "timeit", (write, "pass", Call("time", "perf_counter", ()), 1)),
        "profile": Call("cProfile", "run", (write, place)),
        "bdb": Call("bdb", "Bdb.run", (Call("bdb", "Bdb", ()), write)),
        "interpreter": Call(
            "code", "InteractiveInterpreter.runsource", (Call("code", "InteractiveInterpreter", ()), write)
        ),
        "io-open": Call("io", "open", (place, "w")),
        "io-file": Call("io", "FileIO", (place, "w")),
        "codecs-open": Call("codecs", "open", (place, "w")),
        "pathlib-touch": Call("pathlib", "Path.touch", (Call("pathlib", "Path", (place,)),)),
        "shutil-copy": Call("shutil", "copyfile", ("/dev/null", place)),
        "shutil-move": Call("shutil", "move", ("nothing", place)),
        "temporary-folder": Call("tempfile", "mkdtemp", ("", place)),
        "log-file": Call("logging", "FileHandler", (place,)),
        "zip-file": Call("zipfile", "ZipFile", (place, "w")),
        "tar-file": Call("tarfile", "open", (place, "w")),
        "database": Call("sqlite3", "connect", (place,)),
        "shelf": Call("shelve", "open", (place,)),
        "marshalled": Call("types", "FunctionType", (Call("marshal", "loads", (marshal.dumps(_code(write)),)), {})),
        "pickle-in-pickle": Call("pickle", "loads", (inner,)),
        "pickle-in-pickle-c": Call("_pickle", "loads", (inner,)),
        "torch-load-from-bytes": Call("torch.storage", "_load_from_bytes", (inner,)),
        "torch-load": Call("torch", "load", (place,)),
        "torch-save": Call("torch", "save", ({}, place)),
        "torch-hub": Call("torch.hub", "load", ("nobody/nothing", "model")),
        "torch-hub-url": Call("torch.hub", "load_state_dict_from_url", ("http://127.0.0.1:9/weights.pth",)),
        "torch-jit": Call("torch.jit", "load", (place,)),
        "torch-package": Call("torch.package", "PackageImporter", (place,)),
        "torch-storage-file": Call("torch", "UntypedStorage.from_file", (place, True, 64)),
        "numpy-load": Call("numpy", "load", (place, "r", True)),
        "numpy-save": Call("numpy", "save", (f"{place}.npy", [1])),
        "numpy-text": Call("numpy", "savetxt", (place, [1])),
        "numpy-memmap": Call("numpy", "memmap", (place, "uint8", "w+", 0, (8,))),
        "joblib": Call("joblib", "load", (place,)),
        "socket": Call("socket", "create_connection", (("127.0.0.1", 9), 1)),
        "url": Call("urllib.request", "urlopen", ("http://127.0.0.1:9/",)),
        "library": Call("ctypes", "CDLL", (place,)),
        "exit": Call("os", "_exit", (0,)),
        "kill": Call("os", "kill", (0, 0)),
        "attribute-of-allowed": Call("torch", "Tensor.__class__.__base__.__subclasses__", ()),
        "codec": Call("_codecs", "encode", ("x", "idna")),
        "codec-of-a-file": Call("_codecs", "encode", ("x", f"../{place}")),
    }


def _code(source: str) -> object:
    return compile(source, "weights", "exec")
