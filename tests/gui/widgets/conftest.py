"""Both themes, and a widget grabbed in them."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from finetuner.gui import theme


@pytest.fixture(params=["light", "dark"])
def dressed(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    """Each theme in turn, undressed afterwards."""
    theme.apply(qapp, request.param)
    yield request.param
    theme.apply(qapp, "light")
    qapp.setStyleSheet("")


@pytest.fixture
def grab(qtbot) -> Callable[[QWidget], QImage]:
    """The widget as it looks at 480 by 320."""

    def taken(widget: QWidget) -> QImage:
        qtbot.addWidget(widget)
        widget.resize(480, 320)
        widget.show()
        return widget.grab().toImage()

    return taken
