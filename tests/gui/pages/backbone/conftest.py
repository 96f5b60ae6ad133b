import pytest

from finetuner.engine.events import CatalogueListed
from finetuner.gui.pages.backbone import BackbonePage
from finetuner.gui.pages.backbone import page as backbone_page
from finetuner.gui.session import Session


@pytest.fixture
def page(request, qtbot, monkeypatch, session: Session, idle) -> BackbonePage:
    """The page with the test file's own `ROWS` on its shelf."""
    monkeypatch.setattr(backbone_page, "catalogue", lambda _: iter((CatalogueListed(rows=request.module.ROWS),)))
    made = BackbonePage(session)
    qtbot.addWidget(made)
    made.show()
    idle()
    return made
