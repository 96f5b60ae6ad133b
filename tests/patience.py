"""When a wait is called a hang: late, since a host may leave a test a tenth of a processor.

A test that waits ends as soon as what it waits for is there; this is a net under it, not a measurement.
"""

HANG_MS = 300_000
_WAITS = ("waitUntil", "waitSignal", "waitSignals", "waitActive", "waitExposed", "waitCallback")


def wait_patiently() -> None:
    """Give each wait of pytest-qt this patience where a test names none: the five seconds it has are no setting."""
    from pytestqt.qtbot import QtBot

    for name in _WAITS:
        getattr(QtBot, name).__kwdefaults__["timeout"] = HANG_MS
