"""Pickles put together opcode by opcode, as no honest writer would."""

import pickle
import pickletools
from typing import Any, NamedTuple

OLD, NEW = 2, 4
STOP = b"."


class Call(NamedTuple):
    """`module.name(*arguments)`, to be executed by whoever unpickles it."""

    module: str
    name: str
    arguments: tuple[Any, ...]


def push(value: Any, protocol: int = OLD) -> bytes:
    """Opcodes that leave `value`, or the result of a call, on the stack."""
    if isinstance(value, Call):
        return reduce(value, protocol)
    if isinstance(value, tuple):
        return b"(" + b"".join(push(part, protocol) for part in value) + b"t"
    return _body(value, protocol)


def reduce(call: Call, protocol: int = OLD) -> bytes:
    """The usual way: the function, its arguments, REDUCE."""
    return named(call, protocol) + push(call.arguments, protocol) + b"R"


def named(call: Call, protocol: int = OLD) -> bytes:
    """The function alone, by GLOBAL or STACK_GLOBAL."""
    if protocol < NEW:
        return f"c{call.module}\n{call.name}\n".encode()
    return _body(call.module, protocol) + _body(call.name, protocol) + b"\x93"


def inst(call: Call) -> bytes:
    """INST: arguments, then the name within the opcode."""
    return b"(" + b"".join(map(push, call.arguments)) + f"i{call.module}\n{call.name}\n".encode()


def obj(call: Call) -> bytes:
    """OBJ: mark, the class, arguments."""
    return b"(" + named(call) + b"".join(map(push, call.arguments)) + b"o"


def newobj(call: Call) -> bytes:
    """NEWOBJ: what classes are made with."""
    return named(call) + push(call.arguments) + b"\x81"


def newobj_ex(call: Call) -> bytes:
    """NEWOBJ_EX: the same with keywords."""
    return named(call, NEW) + push(call.arguments, NEW) + b"}\x92"


def memoised(call: Call) -> bytes:
    """The function is put aside and fetched again, so that no name stands before REDUCE."""
    return named(call) + b"q\x070h\x07" + push(call.arguments) + b"R"


def stacked(call: Call) -> bytes:
    """STACK_GLOBAL whose names come out of the memo, where a scanner for GLOBAL does not look."""
    names = _body(call.name, NEW) + b"\x94" + _body(call.module, NEW) + b"\x940" + b"0"
    return names + b"h\x01h\x00\x93" + push(call.arguments, NEW) + b"R"


def pickled(opcodes: bytes, protocol: int = OLD) -> bytes:
    """A whole pickle."""
    return (bytes((0x80, protocol)) if protocol >= OLD else b"") + opcodes + STOP


def table(key: Any, opcodes: bytes, protocol: int = OLD) -> bytes:
    """`{key: ...}`."""
    return b"}" + push(key, protocol) + opcodes + b"s"


def _body(value: Any, protocol: int) -> bytes:
    """A plain value's opcodes without what begins and ends a pickle."""
    whole = pickletools.optimize(pickle.dumps(value, protocol))
    if protocol >= OLD:
        whole = whole[2:]
    if protocol >= NEW and whole[:1] == b"\x95":
        whole = whole[9:]
    return whole.removesuffix(STOP)
