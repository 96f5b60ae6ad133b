"""Pictures kept for good: PNG files that say by which method, at which layer, for which class, of which model."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from finetuner.engine.events import Event, Notice, Progress
from finetuner.engine.explanations.keep import save, texts_of
from finetuner.gui.pages.explanations.look import Look, rendered
from finetuner.gui.pages.explanations.wish import Finding


def saved(findings: Sequence[tuple[Finding, Path]], look: Look) -> Iterator[Event]:
    """Write each picture as it is looked at: Progress..., Notice. Raises FinetunerError: no room, a picture gone."""
    for done, (finding, target) in enumerate(findings, 1):
        _save(finding, target, look.saved())
        yield Progress(activity="Saving", done=done, total=len(findings))
    first = findings[0][1]
    where = str(first) if len(findings) == 1 else f"{len(findings)} pictures in {first.parent}"
    yield Notice(sentence=f"Saved: {where}.")


def copied(picture: Path, target: Path) -> Iterator[Event]:
    """Write a finished PNG elsewhere: Notice. Raises FinetunerError: no room, the picture gone."""
    from finetuner.engine.dataset.decode import open_rgb

    save(open_rgb(picture), target, texts_of(picture))
    yield Notice(sentence=f"Saved: {target}.")


def places(findings: Sequence[Finding], folder: Path) -> list[tuple[Finding, Path]]:
    """A name for each picture in `folder` that no other has, on the disk or among them."""
    taken = set[str]()
    found = list[tuple[Finding, Path]]()
    for finding in findings:
        place = folder / _free(file_name(finding), folder, taken)
        taken.add(place.name)
        found.append((finding, place))
    return found


def file_name(finding: Finding) -> str:
    """Image and method."""
    assert finding.explained is not None
    return f"{Path(finding.explained.image).stem}.{finding.explained.method}.png"


def _free(name: str, folder: Path, taken: set[str]) -> str:
    free, number = name, 1
    while free in taken or (folder / free).exists():
        number += 1
        free = f"{name.removesuffix('.png')}-{number}.png"
    return free


def _save(finding: Finding, target: Path, look: Look) -> None:
    assert finding.explained is not None
    texts = texts_of(Path(finding.explained.overlay))
    if finding.trust is not None:
        texts["trust"] = finding.trust.sentence
    save(rendered(finding.explained, look), target, texts)
