import json
from pathlib import Path

from benchmarks.report import write
from benchmarks.results import Result, Table

RESULT = Result(
    records=({"contender": "ours", "seconds": 1.25}, {"contender": "theirs", "seconds": 2.5}),
    tables=(Table("Seconds", ("", "seconds"), (("ours", "1.2"), ("theirs", "2.5"))), Table("", ("n",), ((2,),))),
    remark="Two runs.",
)


def test_the_page_has_the_remark_and_every_table() -> None:
    seconds = "|  | seconds |\n| --- | --- |\n| ours | 1.2 |\n| theirs | 2.5 |"
    assert RESULT.markdown() == f"Two runs.\n\nSeconds\n\n{seconds}\n\n| n |\n| --- |\n| 2 |"


def test_the_raw_figures_are_written_as_they_were_taken(tmp_path: Path) -> None:
    write({"probe": RESULT, "printed": Result((), (), remark="as it was printed")}, tmp_path / "out")
    document = json.loads((tmp_path / "out" / "results.json").read_text())
    assert document["benchmarks"]["probe"]["records"] == list(RESULT.records)
    assert "cores" in document["machine"]
    page = (tmp_path / "out" / "results.md").read_text()
    assert f"## probe\n\n{RESULT.markdown()}\n\n## printed\n\nas it was printed\n" in page
