"""What matters less is folded away behind a button."""

from PySide6.QtWidgets import QPushButton, QWidget

from finetuner.gui import theme


def disclosure(words: str, content: QWidget) -> QPushButton:
    """A button that shows and hides `content`, which is hidden at first."""
    button = theme.button(words, "quiet", "chevron-right")
    button.setCheckable(True)

    def show_content(shown: bool) -> None:
        content.setVisible(shown)
        button.setIcon(theme.icon("chevron-down" if shown else "chevron-right", "accent", "accent"))

    button.toggled.connect(show_content)
    content.hide()
    return button
