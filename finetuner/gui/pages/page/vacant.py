"""Something to show, or the empty state in its place."""

from PySide6.QtWidgets import QStackedWidget, QWidget

from finetuner.gui.pages.page.empty import Empty


class Vacant(QStackedWidget):
    """`content`, until `show_empty` says what will be here and what to do for it."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.addWidget(content)

    @property
    def empty(self) -> Empty | None:
        """The empty state, while it is shown."""
        shown = self.currentWidget()
        return shown if isinstance(shown, Empty) else None

    def show_empty(self, empty: Empty) -> None:
        """Show, instead of the content, what will be here and what to do for it."""
        self.show_content()
        self.addWidget(empty)
        self.setCurrentIndex(1)

    def show_content(self) -> None:
        """Show the content again."""
        while (empty := self.widget(1)) is not None:
            self.removeWidget(empty)
            empty.deleteLater()
