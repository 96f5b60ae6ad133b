import pytest
from hypothesis import given
from hypothesis import strategies as st

from finetuner.gui.widgets.trace import MOST_DRAWN, MOST_KEPT, Trace, peaks


def fed(ys: list[float], smoothing: float = 0.0) -> Trace:
    trace = Trace(smoothing)
    for x, y in enumerate(ys):
        trace.append(x, y)
    return trace


def test_a_constant_stays_itself_under_smoothing_from_the_first_point():
    assert fed([2.0] * 50, smoothing=0.9).smooth == pytest.approx([2.0] * 50)


def test_smoothing_weighs_the_past():
    assert fed([0.0, 1.0], smoothing=0.5).smooth[1] == pytest.approx(2 / 3)


def test_a_step_back_in_x_replaces_all_from_there():
    trace = fed([5.0, 4.0, 3.0, 2.0])
    trace.append(2, 9.0)
    assert (trace.xs, trace.ys) == ([0, 1, 2], [5.0, 4.0, 9.0])


def test_a_million_steps_take_no_more_room_than_a_thousand():
    trace = fed([float(step % 7) for step in range(20_000)])
    assert len(trace.xs) <= MOST_KEPT
    assert trace.xs[-1] == 19_999


def test_a_single_spike_survives_decimation():
    ys = [0.0] * 5000
    ys[3210] = 8.0
    assert 3210 in peaks(ys)
    assert len(peaks(ys)) <= MOST_DRAWN + 1


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=900))
def test_peaks_keep_both_extremes_the_last_point_and_the_order(ys: list[float]):
    kept = list(peaks(ys, most=40))
    assert kept == sorted(set(kept))
    assert kept[-1] == len(ys) - 1
    assert {max(ys), min(ys)} <= {ys[index] for index in kept}


def test_nearest_is_nearest():
    trace = fed([0.0] * 10)
    assert [trace.nearest(x) for x in (-3, 2.4, 2.6, 99)] == [0, 2, 3, 9]
