import copyreg
from collections import OrderedDict

from finetuner.engine.backbones.bystanders import STAND_INS, Inert, InertTable


def test_a_stand_in_takes_anything_and_holds_nothing() -> None:
    inert = Inert("a", 1, key="b")  # type: ignore[call-arg]
    inert.__setstate__({"weights": 1})
    assert not vars(inert)


def test_a_table_may_be_filled() -> None:
    table = InertTable(list)
    assert type(table) is OrderedDict


def test_no_stand_in_is_the_thing_itself() -> None:
    assert {stand_in for stand_in, _ in STAND_INS} == {Inert, InertTable}  # type: ignore[misc]
    assert copyreg._reconstructor not in (Inert, InertTable)  # type: ignore[attr-defined]


def test_no_module_that_starts_programs_is_named() -> None:
    modules = {name.split(".")[0] for _, name in STAND_INS}  # type: ignore[misc]
    assert not modules & {"os", "posix", "nt", "sys", "subprocess", "importlib", "runpy", "pickle", "socket"}
