import threading

import numpy as np
import pytest

from finetuner.engine.prediction.predictor import Answers
from finetuner.engine.prediction.steadiness import STILL, SteadinessPart
from finetuner.engine.prediction.stream import Arrived, LatestFrame, Meter, Smoother, live
from finetuner.engine.run_store.thresholds import Thresholds
from finetuner.engine.run_store.unknown import Cut


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def shares(images):
    return np.stack([image[0, :2, 0] / 100 for image in images])


class Predictor:
    """Answers with the frame's first pixels, taking `seconds`."""

    name, classes, temperature, thresholds, cut = "fake", ("a", "b"), 1.0, Thresholds(), None

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.clock, self.seconds = clock, seconds
        self.strangeness = None

    def predict(self, images):
        self.clock.now += self.seconds
        return shares(images)

    def answer(self, images):
        found = self.predict(images)
        return Answers(found, np.log(found + 1e-6), self.strangeness)


def frame(first: int) -> np.ndarray:
    pixels = np.zeros((1, 2, 3), np.uint8)
    pixels[0, :, 0] = first, 100 - first
    return pixels


def test_only_the_newest_frame_is_kept():
    slot = LatestFrame[int]()
    for number in range(5):
        slot.put(number)
    assert next(iter(slot)) == 4
    assert slot.dropped == 4


def test_closing_wakes_who_waits():
    slot, seen = LatestFrame[int](), []
    thread = threading.Thread(target=lambda: seen.extend(slot))
    thread.start()
    slot.close()
    thread.join()
    assert seen == []


def test_frames_cross_threads_in_order():
    slot, seen = LatestFrame[int](), []
    thread = threading.Thread(target=lambda: seen.extend(slot))
    thread.start()
    for number in range(1000):
        slot.put(number)
    while slot.dropped + len(seen) < 1000:
        threading.Event().wait(0.001)
    slot.close()
    thread.join()
    assert seen == sorted(seen)
    assert seen[-1] == 999


def test_smoothing_follows_time_and_not_the_number_of_frames():
    ends = []
    for steps in (1, 10):
        clock = Clock()
        smoother = Smoother(1.0, clock)
        smoother.add(np.array([1.0, 0.0]))
        for _ in range(steps):
            clock.now += 1 / steps
            smoothed = smoother.add(np.array([0.0, 1.0]))
        ends.append(smoothed)
    assert ends[0] == pytest.approx(ends[1])
    assert ends[0] == pytest.approx([np.exp(-1), 1 - np.exp(-1)])


def test_smoothed_probabilities_still_sum_to_one():
    clock, smoother = Clock(), None
    smoother = Smoother(0.3, clock)
    for first in (0.9, 0.1, 0.5):
        clock.now += 0.1
        assert smoother.add(np.array([first, 1 - first])).sum() == pytest.approx(1)


def test_no_smoothing_and_forgetting_show_the_answer_itself():
    clock = Clock()
    plain, forgetful = Smoother(0, clock), Smoother(5, clock)
    for first in (1.0, 0.0):
        new = np.array([first, 1 - first])
        forgetful.forget()
        assert plain.add(new).tolist() == forgetful.add(new).tolist() == new.tolist()


def test_the_meter_tells_rate_and_time():
    clock = Clock()
    meter = Meter(clock)
    assert (meter.frames_per_second, meter.milliseconds) == (0, 0)
    for _ in range(100):
        clock.now += 0.05
        meter.add(0.02)
    assert meter.frames_per_second == pytest.approx(20)
    assert meter.milliseconds == pytest.approx(20)


def test_live_answers_the_newest_and_counts_the_dropped():
    clock, slot = Clock(), LatestFrame()
    answers = live(Predictor(clock, 0.1), slot, STILL, top=1, clock=clock)
    slot.put(Arrived(frame(90), clock()))
    pixels, answer = next(answers)
    assert answer.top == (("a", pytest.approx(0.9)),)
    assert answer.milliseconds == pytest.approx(100)
    slot.put(Arrived(frame(80), clock()))
    slot.put(Arrived(frame(20), clock()))
    pixels, answer = next(answers)
    assert pixels[0, 0, 0] == 20
    assert answer.top[0][0] == "b"
    assert answer.dropped == 1
    assert answer.frames_per_second == pytest.approx(10)
    slot.close()
    assert list(answers) == []


def test_two_classes_of_about_the_same_probability_do_not_take_turns():
    clock, slot = Clock(), LatestFrame()
    answers, labels = live(Predictor(clock, 0.01), slot, SteadinessPart(smoothing=0), clock=clock), []
    for first in (55, 48, 52, 47, 53, 46):
        slot.put(Arrived(frame(first), clock()))
        labels.append(next(answers)[1].label)
    assert labels == ["a"] * 6


def test_the_class_that_stands_comes_first_and_is_held_to_its_threshold():
    clock, slot = Clock(), LatestFrame()
    predictor = Predictor(clock, 0.01)
    predictor.thresholds = Thresholds(classes={"a": 0.5})
    answers = live(predictor, slot, SteadinessPart(smoothing=0), clock=clock)
    slot.put(Arrived(frame(60), clock()))
    assert next(answers)[1].state == "answered"
    slot.put(Arrived(frame(45), clock()))
    answer = next(answers)[1]
    assert answer.top == (("a", pytest.approx(0.45)), ("b", pytest.approx(0.55)))
    assert answer.state == "unsure"


@pytest.mark.parametrize(("strangeness", "unknown"), [(0.2, False), (0.4, True), (None, False)])
def test_a_frame_unlike_all_that_was_learned_is_unknown(strangeness, unknown):
    clock, slot = Clock(), LatestFrame()
    predictor = Predictor(clock, 0.1)
    predictor.cut = Cut(method="nearest neighbours", threshold=0.3, known_share=0.95)
    predictor.strangeness = None if strangeness is None else np.array([strangeness], np.float32)
    slot.put(Arrived(frame(90), clock()))
    _, answer = next(live(predictor, slot, STILL, clock=clock))
    assert (answer.state == "unknown") is unknown


class Camera(Predictor):
    """Frames come `every` so many seconds, also while one of them is answered."""

    def __init__(self, clock: Clock, seconds: float, slot: LatestFrame, every: float) -> None:
        super().__init__(clock, seconds)
        self.slot, self.every, self.due, self.waits = slot, every, clock.now, False

    def predict(self, images):
        self.waits = False
        ended = self.clock.now + self.seconds
        while self.due <= ended:
            self.give()
        self.clock.now = ended
        return shares(images)

    def give(self) -> None:
        """The next frame comes."""
        self.clock.now = max(self.clock.now, self.due)
        self.slot.put(Arrived(frame(50), self.due))
        self.due, self.waits = self.due + self.every, True


@pytest.mark.parametrize("seconds", [0.004, 0.03, 0.05, 0.4])
def test_no_answer_is_older_than_two_answers_take(seconds):
    clock, slot = Clock(), LatestFrame()
    camera = Camera(clock, seconds, slot, every=1 / 30)
    answers, ages = live(camera, slot, clock=clock), []
    for _ in range(100):
        if not camera.waits:
            camera.give()
        _, answer = next(answers)
        ages.append(clock.now - answer.arrived)
    answers.close()
    assert seconds <= min(ages) + 1e-9
    assert max(ages) <= 2 * seconds + 1e-9
