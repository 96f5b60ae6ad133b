"""The Preferences page."""

from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from finetuner.engine.events import DoctorEnded, Event
from finetuner.engine.requests import DoctorRequest
from finetuner.gui import theme
from finetuner.gui.pages.page import Page, Section, scrolled
from finetuner.gui.pages.preferences.devices import Devices
from finetuner.gui.pages.preferences.folders import Folders
from finetuner.gui.session import Session
from finetuner.gui.widgets.wheel import calm


class PreferencesPage(Page):
    """Every choice holds at once and is kept for the next start."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.set_title(self.tr("Preferences"), self.tr("Every change holds at once and is kept."))
        self.theme_box = self._choices(
            "theme", {"system": self.tr("As the system"), "light": self.tr("Light"), "dark": self.tr("Dark")}
        )
        self.launcher_box = self._choices(
            "launcher", {"process": self.tr("In a process of its own"), "here": self.tr("Inside the window")}
        )
        self.devices = Devices()
        self.devices.test_wanted.connect(self.test_devices)
        self.body.addWidget(scrolled(self._arranged()))

    def test_devices(self) -> None:
        """Run a real kernel on each device."""
        self.devices.begin()
        self.call(DoctorRequest(), self._on_event, self.devices.end)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, DoctorEnded):
            self.devices.show_result(event)

    def _choices(self, setting: str, words: dict[str, str]) -> QComboBox:
        box = calm(QComboBox())
        box.setFixedWidth(theme.GRID * 28)
        for value, word in words.items():
            box.addItem(word, value)
        box.setCurrentIndex(box.findData(getattr(self.session.settings, setting)))
        box.currentIndexChanged.connect(lambda _: self.session.change_settings(**{setting: box.currentData()}))
        return box

    def _arranged(self) -> QWidget:
        content = QWidget()
        content.setMaximumWidth(theme.READING + theme.SECTION)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, theme.GRID, theme.GAP, theme.GAP)
        column.setSpacing(theme.SECTION)
        column.addWidget(self._appearance())
        column.addWidget(self._engine())
        column.addWidget(self.devices)
        column.addWidget(Folders())
        column.addStretch(1)
        return content

    def _appearance(self) -> Section:
        section = Section(self.tr("Appearance"))
        section.add(self._row(self.tr("Theme"), self.theme_box))
        return section

    def _engine(self) -> Section:
        section = Section(
            self.tr("Engine"),
            self.tr(
                "In a process of its own, training survives the window and a fault in a driver cannot close it. "
                "Inside the window, everything ends with the window."
            ),
        )
        section.add(self._row(self.tr("Training runs"), self.launcher_box))
        return section

    def _row(self, words: str, box: QComboBox) -> QFormLayout:
        row = QFormLayout()
        row.setHorizontalSpacing(theme.GAP)
        label = QLabel(words)
        label.setFixedWidth(theme.GRID * 14)
        label.setMinimumHeight(theme.CONTROL)
        box.setAccessibleName(words)
        row.addRow(label, box)
        return row
