"""Everything that stands between a user and the real hub: what the server on this machine does wrong."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.engine.backbones.download.loopback import Handler

LOGIN = b"<!DOCTYPE html><html><body>Please log in to this network.</body></html>"


@dataclass(frozen=True)
class Fault:
    """Met by a request for the file, or for the statement about it (`asking`). `at`: after which share of the file."""

    kind: str
    at: float = 0.5
    asking: bool = False


def cut(handler: "Handler", fault: Fault, start: int) -> None:
    status, rest = handler.rest(start)
    handler.send(status, rest[: int(len(rest) * fault.at)], length=len(rest), start=start)


def cut_silently(handler: "Handler", fault: Fault, start: int) -> None:
    status, rest = handler.rest(start)
    handler.send(status, rest[: int(len(rest) * fault.at)], length=-1, start=start)


def stall(handler: "Handler", fault: Fault, start: int) -> None:
    if handler.command != "HEAD":  # whose answer would be complete
        cut(handler, fault, start)
    handler.wfile.flush()
    handler.server.stalled.set()
    handler.server.released.wait()


def claims_more(handler: "Handler", fault: Fault, start: int) -> None:
    status, rest = handler.rest(start)
    handler.send(status, rest, length=len(rest) + 1000, start=start)


def claims_less(handler: "Handler", fault: Fault, start: int) -> None:
    status, rest = handler.rest(start)
    handler.send(status, rest[: int(len(rest) * fault.at)], start=start)


def sends_more(handler: "Handler", fault: Fault, start: int) -> None:
    status, rest = handler.rest(start)
    handler.send(status, rest + bytes(len(handler.server.content)), length=-1, start=start)


def login_page(handler: "Handler", fault: Fault, start: int) -> None:
    handler.send(200, LOGIN, kind="text/html")


def login_page_of_right_size(handler: "Handler", fault: Fault, start: int) -> None:
    handler.send(200, LOGIN.ljust(len(handler.server.content)), kind="text/html")


def redirect_loop(handler: "Handler", fault: Fault, start: int) -> None:
    handler.send(302, b"", location="/loop")


def redirect_to_login(handler: "Handler", fault: Fault, start: int) -> None:
    handler.send(302, b"", location="/login")


def ignores_range(handler: "Handler", fault: Fault, start: int) -> None:
    handler.send(200, handler.server.content)


def wrong_offset(handler: "Handler", fault: Fault, start: int) -> None:
    body = handler.server.content[max(start - 1000, 0) :][: len(handler.server.content) - start]
    handler.send(206, body, start=start)


def flipped_bit(handler: "Handler", fault: Fault, start: int) -> None:
    status, rest = handler.rest(start)
    changed = bytearray(rest)
    changed[int((len(changed) - 1) * fault.at)] ^= 1
    handler.send(status, bytes(changed), start=start)


def refusing(status: int) -> Callable[["Handler", Fault, int], None]:
    return lambda handler, fault, start: handler.send(status, b"")


FAULTS: dict[str, Callable[["Handler", Fault, int], None]] = {
    "cut": cut,
    "cut-silently": cut_silently,
    "stall": stall,
    "claims-more": claims_more,
    "claims-less": claims_less,
    "sends-more": sends_more,
    "login-page": login_page,
    "login-page-of-right-size": login_page_of_right_size,
    "redirect-loop": redirect_loop,
    "redirect-to-login": redirect_to_login,
    "ignores-range": ignores_range,
    "wrong-offset": wrong_offset,
    "flipped-bit": flipped_bit,
    "404": refusing(404),
    "407": refusing(407),
    "416": refusing(416),
    "500": refusing(500),
    "503": refusing(503),
}
# what can go wrong with the statement as well
ASKING = ("stall", "login-page", "redirect-loop", "redirect-to-login", "404", "407", "500", "503")


def seeded(seed: int) -> list[Fault]:
    """One to four faults, the same for the same seed."""
    dice = random.Random(seed)
    chosen = [dice.choice(list(FAULTS)) for _ in range(dice.randint(1, 4))]
    return [Fault(kind, dice.random(), asking=kind in ASKING and dice.random() < 0.2) for kind in chosen]
