from finetuner.engine.advice.ranking import frontier, ranked, sentence
from finetuner.engine.events import BackboneAdvice


def advice(name: str, accuracy: float, milliseconds: float, logme: float = 0.0, width: float = 0.02) -> BackboneAdvice:
    return BackboneAdvice(
        name=name,
        accuracy=accuracy,
        low=accuracy - width,
        high=accuracy + width,
        neighbours=accuracy,
        logme=logme,
        milliseconds=milliseconds,
        input_size=224,
    )


SMALL, MIDDLE, LARGE = advice("small", 0.70, 2), advice("middle", 0.90, 8), advice("large", 0.95, 40)


def names(ranking: tuple[BackboneAdvice, ...]) -> list[str]:
    return [one.name for one in ranking]


def test_the_most_accurate_comes_first() -> None:
    assert names(ranked([SMALL, LARGE, MIDDLE])) == ["large", "middle", "small"]


def test_a_faster_one_that_is_as_good_comes_before_it() -> None:
    quick = advice("quick", 0.946, 10)
    assert names(ranked([SMALL, LARGE, MIDDLE, quick])) == ["quick", "large", "middle", "small"]


def test_logme_decides_between_equals() -> None:
    one, other = advice("one", 0.9, 8, logme=0.1), advice("other", 0.9, 8, logme=0.4)
    assert names(ranked([SMALL, one, other]))[:2] == ["other", "one"]


def test_the_frontier_leaves_out_who_is_beaten_in_both() -> None:
    beaten = advice("beaten", 0.89, 9)
    assert frontier([beaten, LARGE, SMALL, MIDDLE]) == ("small", "middle", "large")


def test_the_frontier_of_nothing_is_nothing() -> None:
    assert ranked([]) == ()
    assert frontier([]) == ()


def test_the_sentence_gives_the_figure_its_interval_and_the_lead() -> None:
    told = sentence(ranked([SMALL, MIDDLE, LARGE]), 200)
    assert told == (
        "large named 95% of 200 held-out images (93% to 97%), 5.0 points more than middle, at 40 ms an image."
    )


def test_it_says_when_the_images_are_too_few() -> None:
    near = advice("near", 0.94, 30)
    assert sentence(ranked([SMALL, near, LARGE]), 200).endswith("Too few images to tell it from near for certain.")


def test_it_says_why_not_the_very_best() -> None:
    quick = advice("quick", 0.946, 10)
    assert "as many as large to within half a point in 25% of its time" in sentence(ranked([LARGE, quick]), 200)


def test_a_single_one_is_not_compared() -> None:
    assert sentence(ranked([LARGE]), 200).endswith("It is the only one on this disk.")
    assert sentence((), 200) == "None of the backbones on this disk could be tried."
