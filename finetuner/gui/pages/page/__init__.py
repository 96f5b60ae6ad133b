"""What every page is made of: the frame (Page), the notice bar, the empty state. The pages import it, not each other.

page      Page: title, subtitle, actions, notice bar, body; `call` runs a request and shows its failures
notice    NoticeBar: one sentence with its next step, inside the page
empty     Empty: what a page shows, and teaches, while it has nothing to show
vacant    Vacant: a page's body, or a part of it, with Empty in its place while there is nothing
section   Section: a heading and what belongs to it; scrolled(widget) for pages longer than the window
"""

from finetuner.gui.pages.page.empty import Empty
from finetuner.gui.pages.page.notice import NoticeBar
from finetuner.gui.pages.page.page import Page
from finetuner.gui.pages.page.section import Section, scrolled
from finetuner.gui.pages.page.vacant import Vacant

__all__ = ["Empty", "NoticeBar", "Page", "Section", "Vacant", "scrolled"]
