"""Files that execute something when a plain pickle.load or torch.load opens them."""

import io
import pickle
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from tests.hostile_checkpoints import opcodes
from tests.hostile_checkpoints.case import Case
from tests.hostile_checkpoints.opcodes import Call, pickled, push, table
from tests.hostile_checkpoints.payloads import payloads

MAGIC, VERSION = 0x1950A86A20F9469CFC6C, 1001
_WEIGHT = b"X\x05\x00\x00\x00layer"
Document = Callable[[bytes], bytes]
Container = Callable[[bytes], bytes]


def raw(pickle_: bytes) -> bytes:
    """The pickle and nothing else."""
    return pickle_


def zipped(pickle_: bytes, **others: bytes) -> bytes:
    """As torch.save writes it, with data.pkl of our own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", pickle_)
        archive.writestr("archive/version", "3\n")
        archive.writestr("archive/byteorder", "little")
        for name, content in others.items():
            archive.writestr(f"archive/{name}", content)
    return buffer.getvalue()


def legacy(pickle_: bytes) -> bytes:
    """As torch before 1.6 wrote it: magic number, version, system, document, storages."""
    return b"".join([*_before(), pickle_, pickle.dumps([], 2)])


def legacy_system(pickle_: bytes) -> bytes:
    """The same, where the description of the system is hostile."""
    magic, version, _ = _before()
    return b"".join([magic, version, pickle_, pickle.dumps({}, 2), pickle.dumps([], 2)])


def legacy_magic(pickle_: bytes) -> bytes:
    """The same, where the magic number itself is."""
    return b"".join([pickle_, *_before()[1:], pickle.dumps({}, 2), pickle.dumps([], 2)])


def legacy_keys(pickle_: bytes) -> bytes:
    """The same, where the list of storages is."""
    return b"".join([*_before(), pickle.dumps({}, 2), pickle_])


def tarred(pickle_: bytes) -> bytes:
    """As torch before 0.2 wrote it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in ("storages", "tensors", "pickle"):
            entry = tarfile.TarInfo(name)
            entry.size = len(pickle_)
            archive.addfile(entry, io.BytesIO(pickle_))
    return buffer.getvalue()


def appended(pickle_: bytes) -> bytes:
    """An honest file, and a pickle behind it."""
    return honest() + pickle_


def prefixed(pickle_: bytes) -> bytes:
    """A pickle, and an honest archive behind it: two readers see two files."""
    return pickle_ + honest()


def honest() -> bytes:
    """A state dict as torch saves it."""
    buffer = io.BytesIO()
    torch.save({"layer.weight": torch.arange(64.0)}, buffer)
    return buffer.getvalue()


def _before() -> list[bytes]:
    return [pickle.dumps(MAGIC, 2), pickle.dumps(VERSION, 2), pickle.dumps({"little_endian": True}, 2)]


CONTAINERS: dict[str, Container] = {
    "raw": raw, "zip": zipped, "legacy": legacy, "legacy-system": legacy_system, "legacy-magic": legacy_magic,
    "legacy-keys": legacy_keys, "tar": tarred, "appended": appended, "prefixed": prefixed,
}  # fmt: skip
DOCUMENTS: dict[str, Document] = {
    "alone": lambda payload: payload,
    "in-state-dict": lambda payload: table("layer.weight", payload),
    "in-wrapper": lambda payload: table("state_dict", table("layer.weight", payload)),
    "in-ema": lambda payload: table("model_ema", table("module.layer.weight", payload)),
    "beside-weights": lambda payload: b"}(" + push("state_dict") + b"}" + push("optimizer") + payload + b"u",
    "as-key": lambda payload: b"}" + payload + b"Ns",
    "in-list": lambda payload: b"]" + payload + b"a",
    "in-tuple": lambda payload: payload + b"\x85",
    "popped": lambda payload: payload + b"0}",
    "behind-a-mark": lambda payload: b"(" + payload + b"1}",
    "metadata": lambda payload: b"ccollections\nOrderedDict\n)R" + table("_metadata", payload) + b"b",
    "storage": lambda payload: b"(" + push("storage") + payload + push("0") + push("cpu") + b"K\x01tQ",
    "persistent": lambda payload: payload + b"Q",
    "tensor-argument": lambda payload: b"ctorch._utils\n_rebuild_tensor_v2\n" + payload + b"R",
    "parameter-state": lambda payload: b"ctorch._utils\n_rebuild_parameter_with_state\n(NNN" + payload + b"tR",
    "wrapper-class": lambda payload: b"ctorch._utils\n_rebuild_wrapper_subclass\n(" + payload + b"NNNNNNNtR",
    "from-type": lambda payload: b"ctorch._tensor\n_rebuild_from_type_v2\n(" + payload + b"N)Nt" + b"R",
    "inert-argument": lambda payload: b"cargparse\nNamespace\n(" + payload + b"tR",
    "inert-state": lambda payload: b"cargparse\nNamespace\n)\x81" + table("weights", payload) + b"b",
    "inert-call": lambda payload: b"cfunctools\npartial\n(" + payload + b"tR)R",
}  # fmt: skip
STYLES: dict[str, Callable[[Call], bytes]] = {
    "inst": opcodes.inst, "obj": opcodes.obj, "newobj": opcodes.newobj, "newobj-ex": opcodes.newobj_ex,
    "memoised": opcodes.memoised, "stacked": opcodes.stacked,
    "extension-1": lambda call: b"\x82\x01" + push(call.arguments) + b"R",
    "extension-2": lambda call: b"\x83\x01\x00" + push(call.arguments) + b"R",
    "extension-4": lambda call: b"\x84\x01\x00\x00\x00" + push(call.arguments) + b"R",
}  # fmt: skip
SUFFIXES = (".pth", ".pt", ".bin", ".ckpt")


def executions() -> Iterator[Case]:
    """Every call in an archive; then by turns in every document, container, protocol and spelling."""
    names = list(payloads(Path("x")))
    for number, name in enumerate(names):
        suffix = SUFFIXES[number % len(SUFFIXES)]
        yield _case(f"{name}-in-zip", suffix, name, CONTAINERS["zip"])
        document = list(DOCUMENTS)[number % len(DOCUMENTS)]
        container = list(CONTAINERS)[number % len(CONTAINERS)]
        yield _case(f"{name}-{document}-{container}", suffix, name, CONTAINERS[container], DOCUMENTS[document])
    for form in DOCUMENTS:
        yield _case(f"document-{form}", ".pth", "os-mkdir", zipped, DOCUMENTS[form])
    for form in CONTAINERS:
        yield _case(f"container-{form}", ".pth", "eval", CONTAINERS[form])
    for protocol in range(6):
        yield _case(f"protocol-{protocol}", ".pth", "exec", raw, protocol=protocol)
        yield _case(f"protocol-{protocol}-zip", ".pth", "os-system", zipped, protocol=protocol)
    for style in STYLES:
        yield _styled(style, raw)
        yield _styled(style, zipped)


def _case(
    name: str,
    suffix: str,
    payload: str,
    container: Container,
    document: Document = DOCUMENTS["alone"],
    protocol: int = 2,
) -> Case:
    def make(path: Path, canary: Path) -> None:
        called = push(payloads(canary)[payload], protocol)
        path.write_bytes(container(pickled(document(called), protocol)))

    return Case("execution", name, suffix, make)


def _styled(style: str, container: Container) -> Case:
    def make(path: Path, canary: Path) -> None:
        written = STYLES[style](Call("subprocess", "Popen", (["mkdir", str(canary)],)))
        path.write_bytes(container(pickled(written, 4)))

    return Case("execution", f"style-{style}-{container.__name__}", ".pth", make)
