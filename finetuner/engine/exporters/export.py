"""Write a model file, run it from disk, and publish it only if it answers as the app does."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

from finetuner.engine.backbones.deployed import Trained, load_best
from finetuner.engine.backbones.unknown import with_unknown
from finetuner.engine.events import Certificate, Event, Exported, Notice, Progress
from finetuner.engine.exporters.app_model import app_model
from finetuner.engine.exporters.exporter import Exporter, Illustrated, Pixels, Remarked, Smaller, exporter
from finetuner.engine.exporters.figures import figures
from finetuner.engine.exporters.held_out import HeldOut, held_out
from finetuner.engine.exporters.labels import by_name, misnamed
from finetuner.engine.exporters.layers import TorchLayers
from finetuner.engine.exporters.parting import parting
from finetuner.engine.exporters.places import beside, publish, refuse_occupied, told_as_sentence
from finetuner.engine.exporters.samples import chosen
from finetuner.engine.exporters.training_images import TrainingImages
from finetuner.engine.exporters.verify import Agreement, certificate, refusal, verify
from finetuner.engine.requests import ExportRequest
from finetuner.engine.run_store.run_folder import RunFolder
from finetuner.engine.run_store.thresholds import Thresholds
from finetuner.engine.training.publishing import publish_card


def export(request: ExportRequest) -> Iterator[Event]:
    """Answer an ExportRequest: Progress..., Exported.

    The target appears only when its content is verified; on any failure what was there before stays.
    Raises FinetunerError: no such format, no run, no room, or the file disagrees with the app.
    """
    format = exporter(request.format)
    refuse_occupied(request.out, format)
    yield Progress(activity="Opening the run", done=0)
    trained, images = _chosen(request.run), held_out(request.run)
    if images.note:
        yield Notice(sentence=images.note, level="warning")
    with told_as_sentence(request.out), beside(request.out) as temporary, beside(request.out) as full:
        yield Progress(activity=f"Writing {request.format}", done=0)
        _write(request, format, trained, temporary, full)
        if isinstance(format, Illustrated):
            yield _told_of_samples(request, images)
            format.illustrate(trained, temporary, chosen(images, request.samples))
        yield from _verified(request, format, trained, images, temporary, full)


def _chosen(run: Path) -> Trained:
    """The run's best model, unsure where its user wants it to be, and knowing what is unknown to it."""
    trained = with_unknown(load_best(run), run)
    return replace(trained, thresholds=Thresholds.load(run).checked(trained.classes))


def _write(request: ExportRequest, format: Exporter, trained: Trained, target: Path, full: Path) -> None:
    """Write `target`; of a smaller format the full file before it."""
    if isinstance(format, Smaller):
        format.write(trained, full, request.author)
        format.shrink(full, target, TrainingImages(request.run))
    else:
        format.write(trained, target, request.author)


def _told_of_samples(request: ExportRequest, images: HeldOut) -> Notice:
    """Photos may be private, and folders are passed on."""
    if request.samples and images.paths:
        return Notice(
            sentence="A few of your validation images are in the folder, as samples.",
            next_step="To leave them out, export without samples.",
        )
    return Notice(sentence="None of your images is in the folder: its sample is drawn.")


def _verified(
    request: ExportRequest, format: Exporter, trained: Trained, images: HeldOut, temporary: Path, full: Path
) -> Iterator[Event]:
    """Compare, certify, measure, and let it appear."""
    agreement = yield from _compared(request, format, trained, images, temporary)
    found = certificate(agreement, request.format, _note(format, images))
    format.certify(temporary, found)
    told = figures(format, request.format, found, temporary, full)
    publish(temporary, request.out)
    card = yield from _card(request, format, found)
    yield Exported(
        run=str(request.run),
        path=str(request.out),
        format=request.format,
        size_mb=told[-1].size_mb,
        milliseconds=told[-1].milliseconds,
        certificate=found,
        figures=told if len(told) > 1 else (),
        card=card,
    )


def _note(format: Exporter, images: HeldOut) -> str:
    """What a certificate says beside its figures."""
    remark = format.remark if isinstance(format, Remarked) else ""
    return f"{remark} {images.note}".strip()


def _card(request: ExportRequest, format: Exporter, found: Certificate) -> Generator[Event, None, str]:
    """The model card, beside the file or inside a folder that wants it; a run without figures has none and says so."""
    run = RunFolder(request.run)
    if not run.metrics_file.exists():
        yield Notice(sentence="No model card was written: this run has no figures.", next_step="Train it to its end.")
        return ""
    inside = request.out / format.card if isinstance(format, Illustrated) else None
    beside = request.out.with_name(f"{request.out.name}.model_card.md")  # each of several formats has its own
    return str(publish_card(run, inside or beside, found))


def _compared(
    request: ExportRequest, format: Exporter, trained: Trained, images: HeldOut, temporary: Path
) -> Generator[Event, None, Agreement]:
    """Progress; returns the agreement. Raises FinetunerError when the file must not be published."""
    agreement, said = Agreement(format.limits), format.classes(temporary)
    file = by_name(format.reopen(temporary), said, trained.classes)
    for step in verify(app_model(trained), file, images, trained.classes, format.limits, trained.cut):
        if isinstance(step, Agreement):
            agreement = step
        else:
            yield step
    if said != trained.classes or not agreement.good:
        raise refusal(agreement, request.format, _cause(trained, format, temporary, agreement.worst))
    return agreement


def _cause(trained: Trained, format: Exporter, target: Path, pixels: Pixels | None) -> str:
    """Where file and app part, on the image on which they differ most."""
    said = format.classes(target)
    if said != trained.classes:
        return misnamed(said, trained.classes)
    file = format.layers(target, pixels) if pixels is not None else None
    return parting(TorchLayers(trained.deployed, pixels), file).sentence() if file and pixels is not None else ""
