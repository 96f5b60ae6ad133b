"""The end of a run: its best model, measured exactly as it will be deployed."""

from collections.abc import Generator

from finetuner.engine.backbones.deployed import load_best, save_config
from finetuner.engine.evaluation.calibration import fit_temperature
from finetuner.engine.evaluation.scores import scores
from finetuner.engine.evaluation.tables import write_metrics, write_predictions
from finetuner.engine.events import Event, Scores, TrainSummary
from finetuner.engine.training.measurement import Measurement, measure
from finetuner.engine.training.position import Position
from finetuner.engine.training.publishing import publish
from finetuner.engine.training.setting import Setting
from finetuner.engine.training.unknown import learn_unknown


def measure_best(
    setting: Setting, position: Position, known: Measurement | None = None
) -> Generator[Event, None, TrainSummary]:
    """Score the best model on the validation files through the deployed path; calibrate; write the reports.

    `known`: what it answered, where it has been measured already: then it is the network of the setting.
    """
    network = setting.network
    if known is None:
        trained = load_best(setting.run.path)
        known, network = (yield from measure(trained, setting)), trained.network
    measurement = known
    logits, truth = measurement.logits, [setting.labels[index] for index in measurement.images]
    files = [setting.cache.files[index] for index in measurement.images]
    temperature = fit_temperature(logits, truth)
    save_config(setting.run.best, setting.network, setting.classes, temperature)
    result = scores(truth, logits, setting.classes, temperature)
    summary = _summary(setting, position, result)
    write_metrics(setting.run.path, result, **summary.model_dump(mode="json"))
    write_predictions(setting.run.path, [str(file) for file in files], truth, logits, setting.classes, temperature)
    yield from learn_unknown(setting, network, measurement)
    publish(setting.run)
    return summary


def _summary(setting: Setting, position: Position, result: Scores) -> TrainSummary:
    position.look_at_clock()
    learning = position.learning_seconds
    return TrainSummary(
        run=str(setting.run.path),
        classes=setting.classes,
        epochs=position.epoch,
        best_epoch=position.best_epoch,
        val_accuracy=result.accuracy,
        val_accuracy_interval=result.accuracy_interval,
        val_loss=result.loss,
        train_images=len(setting.train),
        val_images=result.n,
        seconds=position.seconds,
        images_per_second=position.images_total / learning if learning else 0.0,
        device=str(setting.device),
        precision=setting.precision,
        strategy=setting.strategy,
        backbone=setting.network.name,
    )
