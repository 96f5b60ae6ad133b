import threading

from PySide6.QtCore import QObject, Slot

from finetuner.engine.errors import FinetunerError
from finetuner.engine.events import Failed, Progress
from finetuner.gui.bridge.worker import Worker
from tests.gui.fakes import FakeTask


class Listener(QObject):
    """Notes what it hears, and in which thread."""

    def __init__(self):
        super().__init__()
        self.heard, self.threads = [], set()

    @Slot(object)
    def hear(self, event):
        self.heard.append(event)
        self.threads.add(threading.get_ident())


def events(count):
    return tuple(Progress(activity="work", done=number) for number in range(count))


def test_every_event_arrives_in_order_in_the_window_thread(qtbot):
    listener, plain = Listener(), []
    task = FakeTask(events(50), endless=False)
    worker = Worker(lambda: task)
    worker.happened.connect(listener.hear)
    worker.happened.connect(lambda event: plain.append(threading.get_ident()))
    with qtbot.waitSignal(worker.ended):
        worker.start()
    worker.wait()
    assert listener.heard == list(events(50))
    assert listener.threads == set(plain) == {threading.get_ident()}
    assert task.thread != threading.get_ident()


def test_stopping_ends_the_walk(qtbot):
    task = FakeTask(events(1), endless=True)
    worker = Worker(lambda: task)
    with qtbot.waitSignals([worker.happened, worker.ended]):
        worker.happened.connect(lambda _: worker.stop())
        worker.start()
    worker.wait()
    assert task.stopped.is_set()


def test_a_stop_that_comes_before_the_task_is_not_lost(qtbot):
    task = FakeTask((), endless=True)
    worker = Worker(lambda: task)
    worker.stop()
    with qtbot.waitSignal(worker.ended):
        worker.start()
    worker.wait()
    assert task.stopped.is_set()


def test_a_task_that_cannot_begin_is_told_of(qtbot):
    def refuse():
        raise FinetunerError("The run is in use.", "Stop it first.")

    listener = Listener()
    worker = Worker(refuse)
    worker.happened.connect(listener.hear)
    with qtbot.waitSignal(worker.ended):
        worker.start()
    worker.wait()
    assert listener.heard == [Failed(sentence="The run is in use.", next_step="Stop it first.")]


def test_a_broken_pipe_is_a_sentence(qtbot):
    def broken():
        raise BrokenPipeError("pipe")

    listener = Listener()
    worker = Worker(broken)
    worker.happened.connect(listener.hear)
    with qtbot.waitSignal(worker.ended):
        worker.start()
    worker.wait()
    assert isinstance(listener.heard[0], Failed)
    assert "could not be reached" in listener.heard[0].sentence
