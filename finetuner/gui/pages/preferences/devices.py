"""The device self-test: which devices work, and why the others do not."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from finetuner.engine.events import DeviceChecked, DoctorEnded
from finetuner.gui import theme
from finetuner.gui.pages.page import Section
from finetuner.gui.widgets.progress_line import ProgressLine


class Devices(Section):
    """Emits `test_wanted`; shows one row for each device, then the versions."""

    test_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            QCoreApplication.translate("Devices", "Devices"),
            QCoreApplication.translate(
                "Devices", "Runs a real calculation on each device and says why one is not used."
            ),
        )
        self.button = theme.button(self.tr("Test devices"), "", "device")
        self.button.clicked.connect(self.test_wanted)
        self._progress = ProgressLine()
        self._rows = QWidget()
        self._list = QVBoxLayout(self._rows)
        self._list.setContentsMargins(0, theme.GRID, 0, 0)
        self._list.setSpacing(theme.GAP)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.button)
        row.addWidget(self._progress)
        row.addStretch(1)
        self.add(row)
        self.add(self._rows)

    def begin(self) -> None:
        """The test is under way."""
        self.button.setEnabled(False)
        self._progress.show_progress(self.tr("Testing…"))

    def end(self) -> None:
        """The test is over, with or without a result."""
        self.button.setEnabled(True)
        self._progress.finish()

    def show_result(self, result: DoctorEnded) -> None:
        """One row for each device, then the versions on one line."""
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for device in result.devices:
            self._list.addWidget(_device_row(device))
        versions = [f"{name} {version}" for name, version in result.versions.items()]
        checks = [f"{name}: {words}" for name, words in result.checks.items()]
        self._list.addWidget(theme.label("  ·  ".join(versions + checks), "small", wrap=True))


def _device_row(device: DeviceChecked) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.GRID + theme.HALF)
    sign = QLabel()
    sign.setPixmap(
        theme.pixmap("good" if device.works else "warning", theme.ICON, "good" if device.works else "warning")
    )
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(theme.label(f"{device.device} · {device.name}", "strong"))
    words.addWidget(theme.label(_verdict(device), "muted", wrap=True))
    row.addWidget(sign)
    row.addLayout(words, 1)
    made.setAccessibleName(f"{device.device}: {_verdict(device)}")
    return made


def _verdict(device: DeviceChecked) -> str:
    if not device.works:
        return f"{device.reason} {device.fix}".strip()
    facts = ["Works"]
    facts += ["used by default"] if device.chosen else []
    facts += [f"{device.gigaflops:,.0f} GFLOP/s"] if device.gigaflops else []
    facts += [f"{device.memory_mb / 1024:,.1f} GB"] if device.memory_mb else []
    return "  ·  ".join(facts) + (f"  ·  {device.reason} {device.fix}".rstrip() if device.reason else "")
