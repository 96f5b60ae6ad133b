from finetuner.engine.backbones.download.pace import Pace


def paced(*seen: tuple[float, int], total: int | None = 1000) -> tuple[float | None, float | None]:
    times = iter([time for time, _ in seen])
    pace = Pace("Downloading", total, clock=lambda: next(times))
    told = [pace.progress(done) for _, done in seen][-1]
    return told.rate, told.seconds_left


def test_rate_and_time_left() -> None:
    assert paced((0.0, 0), (1.0, 100)) == (100.0, 9.0)


def test_at_first_nothing_is_known() -> None:
    assert paced((0.0, 500)) == (None, None)


def test_what_lay_there_before_does_not_count() -> None:
    assert paced((0.0, 500), (1.0, 600)) == (100.0, 4.0)


def test_only_the_last_seconds_count() -> None:
    assert paced((0.0, 0), (9.0, 100), (10.0, 300)) == (200.0, 3.5)


def test_a_stall_has_no_time_left() -> None:
    assert paced((0.0, 0), (1.0, 100), (20.0, 100), (21.0, 100)) == (0.0, None)


def test_beginning_anew_is_no_negative_rate() -> None:
    assert paced((0.0, 500), (1.0, 0), (2.0, 50)) == (50.0, 19.0)


def test_without_a_size_there_is_no_time_left() -> None:
    assert paced((0.0, 0), (1.0, 100), total=None) == (100.0, None)
