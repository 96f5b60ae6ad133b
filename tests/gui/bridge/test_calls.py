from finetuner.engine.events import Progress
from finetuner.gui.bridge.calls import Calls
from finetuner.gui.bridge.local import LocalTask
from tests.gui.fakes import FakeTask


def test_a_call_is_kept_until_it_has_ended(qtbot):
    calls, heard = Calls(), []
    worker = calls.start(lambda: FakeTask((Progress(activity="a", done=1),), endless=False), heard.append)
    assert calls.busy
    with qtbot.waitSignal(worker.ended):
        pass
    qtbot.waitUntil(lambda: not calls.busy)
    assert [event.activity for event in heard] == ["a"]


def test_closing_stops_what_runs(qtbot):
    calls, tasks = Calls(), [FakeTask((), endless=True) for _ in range(3)]
    for task in tasks:
        calls.start(lambda task=task: task, lambda event: None)
    calls.close()
    assert all(task.stopped.is_set() for task in tasks)
    assert not calls.busy


def test_once_closed_nothing_begins_and_nobody_is_told(qapp, qtbot):
    calls, heard, begun = Calls(), [], []
    started = calls.start(
        lambda: FakeTask((Progress(activity="a", done=1),), endless=False), heard.append, lambda: heard.append("end")
    )
    started.wait()  # what it said waits in the queue of this thread
    calls.close()
    late = calls.start(lambda: begun.append(1), heard.append)
    qapp.processEvents()
    assert not late.isRunning()
    assert (heard, begun) == ([], [])


def test_the_end_is_told_once(qtbot):
    calls, ends = Calls(), []
    calls.start(lambda: FakeTask((), endless=False), lambda event: None, lambda: ends.append(1))
    qtbot.waitUntil(lambda: not calls.busy)
    assert ends == [1]


def test_others_hear_that_a_call_begins_and_ends(qtbot):
    calls, changes = Calls(), []
    calls.changed.connect(lambda: changes.append(calls.busy))
    worker = calls.start(lambda: FakeTask((), endless=False), lambda event: None)
    assert calls.busy_besides(None)
    assert not calls.busy_besides(worker)
    qtbot.waitUntil(lambda: not calls.busy)
    assert changes == [True, False]


def test_a_local_task_stops_between_two_events():
    walked = []

    def counting():
        for number in range(10):
            walked.append(number)
            yield Progress(activity="count", done=number)

    task = LocalTask(counting())
    for event in task:
        if event.done == 3:
            task.stop()
    assert walked == [0, 1, 2, 3]
