import pytest

from finetuner.gui.pages.backbone import columns
from finetuner.gui.pages.backbone.columns import in_reading_order, write_count
from tests.gui.pages.backbone.rows import row


def test_counts_read_at_a_glance():
    assert [write_count(count) for count in (640_000, 3_504_872, 1_235_000_000)] == ["640 k", "3.5 M", "1,235.0 M"]


@pytest.mark.parametrize(
    ("write", "known", "text"),
    [
        (columns.write_top1, {"top1": 72.936}, "72.9"),
        (columns.write_gmacs, {"gmacs": 0.3008}, "0.30"),
        (columns.write_gmacs, {"gmacs": 4.09}, "4.1"),
        (columns.write_gmacs, {"gmacs": 1775.4}, "1,775"),
        (columns.write_milliseconds, {"milliseconds": 8.25}, "8.2"),
        (columns.write_milliseconds, {"milliseconds": 1234.5}, "1,234"),
        (columns.write_memory, {"memory_mb": 2560.0}, "2.6"),
    ],
)
def test_numbers_are_short_and_blank_when_unknown(write, known, text):
    assert write(row("a", **known)) == text
    assert write(row("a")) == ""


def test_a_licence_says_in_letters_that_it_forbids_commerce():
    forbidden = row("a", licence="cc-by-nc-4.0", permission="non-commercial")
    assert (columns.write_licence(forbidden), columns.licence_symbol(forbidden)) == ("NC  cc-by-nc-4.0", "warning")
    assert columns.write_licence(row("a", licence="", permission="unknown")) == "unknown"
    assert columns.write_licence(row("a", licence="", permission="none")) == ""
    assert columns.licence_symbol(row("a")) == ""


def test_weights_sort_by_how_soon_they_are_there():
    rows = [row("z", "random weights only"), row("large", size_mb=90.0), row("small"), row("here", "on disk")]
    assert [it.name for it in sorted(rows, key=columns.availability)] == ["here", "small", "large", "z"]


def test_reading_order_keeps_the_catalogues_order_among_equals():
    rows = [row("b"), row("a"), row("resnet18.a1_in1k")]
    assert [it.name for it in in_reading_order(rows)] == ["resnet18.a1_in1k", "b", "a"]


def test_the_recommended_lead_and_what_is_at_hand_follows():
    rows = [row("a"), row("here", "on disk"), row("big", recommended="accurate"), row("quick", recommended="fast")]
    assert [it.name for it in in_reading_order(rows)] == ["quick", "big", "here", "a"]


def test_a_search_finds_what_has_no_column():
    told = columns.said(row("a", permission="non-commercial", recommended="fast"))
    assert all(word in told for word in ("efficientnet", "timm", "non-commercial", "fast"))
