"""A finished run, small and honest, to be spoiled."""

from pathlib import Path

from finetuner.engine.requests import TrainRequest
from finetuner.engine.training.loop import train
from tests.engine.tiny_job import draw_pictures, tiny_job


def finished_run(home: Path) -> Path:
    """One epoch on a dozen drawn pictures; the folder `home/run`."""
    request = TrainRequest(job=tiny_job(draw_pictures(home / "photos", of_each=4), epochs=1), run=home / "run")
    for _ in train(request):
        continue
    return request.run
