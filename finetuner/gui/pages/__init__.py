"""The pages, one file (or folder) for each step. PAGES is the menu: the side rail and the preview are built from it.

**To add a page**: write `pages/NAME.py` with a class derived from `Page`, add one line to PAGES. A page may import
`pages.page`, `session`, `forms`, `bridge`, `widgets`, `theme`, and from the engine what needs no torch (job, events,
requests, run_store, dataset.scan...); never another page (there is a wall). A page that outgrows 200 lines becomes a
folder of the same name with its parts beside it.

    class ResultsPage(Page):
        def __init__(self, session: Session) -> None:
            super().__init__(session)
            self.set_title(self.tr("Results"), self.tr("How good is the model, and where does it err?"))
            self.add_action(self.tr("Report…"), self._report, symbol="file")
            self.add_action(self.tr("Go live"), lambda: session.go("live"), "primary", "live")
            self.body.addWidget(...)
            session.run_changed.connect(self._show)
            self._show(session.run)

        def _score(self, folder: Path) -> None:
            self.call(EvaluateRequest(run=self.session.run, data=folder), self._on_event)

        def _on_event(self, event: Event) -> None:
            match event:
                case Progress(): ...
                case EvaluationEnded(): ...

What a page has: `set_title`, `add_action` (one of them "primary": the obvious next step), `tell(sentence, next_step,
level, actions)` for the notice bar, `call(request, on_event)` for every long call (returns a Worker with `stop()`;
failures and notices show themselves), `show_empty(icon, heading, sentence, action, slot)` and `show_body()`, and
`entered()`, called at each visit. Pages are made when first visited: read the present state of the session in
`__init__`, then follow its signals; `session.training.watch(self._on_event)` repeats a run from its beginning.

The session: `session.job` (draft) with `change_job(**options)` (returns a sentence if refused) and `job_changed`;
`session.dataset` (`folder`, `images`, `result`, `scanning`, signals began, found, progressed, ended, failed);
`session.training` (`running`, `run`, `events`, `watch`, `start`, `resume`, `ask("pause" | "continue" | "stop")`,
signals happened, changed); `session.train()` trains the draft into a new run and shows the page "training";
`session.run` with `set_run` and `run_changed` (what Results, Explain, Export, Live show); `session.go("live")`.

Look: sizes from `theme` (GRID, GAP between related things, SECTION between groups), words through `theme.label(text,
role)` and `theme.button(text, role, icon)`; group by space and a heading, not by boxes. Every text through
`self.tr`; every control has an accessible name (its text, or `setAccessibleName`). See a page alone with
`python -m finetuner.gui.preview NAME --out page.png [--dark] [--scale 2]`, the whole window with `--window`.
"""

from typing import NamedTuple


class Entry(NamedTuple):
    """A line of the side rail: its words, its icon, its class as "module:Name", and in which group it stands."""

    title: str
    icon: str
    target: str
    group: str = "steps"


PAGES: dict[str, Entry] = {
    "dataset": Entry("Dataset", "dataset", "finetuner.gui.pages.dataset:DatasetPage"),
    "backbone": Entry("Backbone", "backbone", "finetuner.gui.pages.backbone:BackbonePage"),
    "strategy": Entry("Strategy", "strategy", "finetuner.gui.pages.strategy:StrategyPage"),
    "training": Entry("Train", "training", "finetuner.gui.pages.training:TrainingPage"),
    "results": Entry("Results", "results", "finetuner.gui.pages.results:ResultsPage"),
    "explanations": Entry("Explain", "explanations", "finetuner.gui.pages.explanations:ExplanationsPage"),
    "export": Entry("Export", "export", "finetuner.gui.pages.export:ExportPage"),
    "live": Entry("Live", "live", "finetuner.gui.pages.live:LivePage"),
    "runs": Entry("Runs", "runs", "finetuner.gui.pages.runs:RunsPage", "shelf"),
    "preferences": Entry("Preferences", "preferences", "finetuner.gui.pages.preferences:PreferencesPage", "shelf"),
}
