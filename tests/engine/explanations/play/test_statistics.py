import numpy as np
import pytest
import torch

from finetuner.engine.explanations.play.statistics import distance, gram, moments, with_moments_of


def maps(height: int, width: int, seed: int) -> torch.Tensor:
    return torch.randn(2, 5, height, width, generator=torch.Generator().manual_seed(seed)) * 3 + 1


def test_gram_matrices_are_numpys() -> None:
    found = maps(4, 6, 0)
    for image, matrix in zip(found.numpy(), gram(found).numpy(), strict=True):
        flat = image.reshape(5, 24)
        np.testing.assert_allclose(matrix, flat @ flat.T / 24, rtol=1e-5, atol=1e-5)
        for one in range(5):
            assert matrix[one, 2] == pytest.approx((image[one] * image[2]).mean(), rel=1e-5, abs=1e-5)


def test_gram_matrices_forget_places_and_size() -> None:
    found = maps(4, 6, 0)
    shuffled = found.flatten(2)[:, :, torch.randperm(24)].unflatten(2, (4, 6))
    torch.testing.assert_close(gram(shuffled), gram(found))
    torch.testing.assert_close(gram(torch.cat([found, found], 3)), gram(found))


def test_the_content_gets_the_styles_moments_channel_by_channel() -> None:
    content, style = maps(7, 5, 1), maps(3, 9, 2) * torch.arange(1, 6).view(1, 5, 1, 1)
    mixed = with_moments_of(content, style)
    torch.testing.assert_close(mixed.mean((2, 3)), style.mean((2, 3)), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(
        mixed.var((2, 3), unbiased=False), style.var((2, 3), unbiased=False), rtol=1e-3, atol=1e-3
    )
    ranks = content.flatten(2).argsort(2)
    assert torch.equal(mixed.flatten(2).argsort(2), ranks)


def test_a_channel_that_says_the_same_everywhere_gets_the_mean() -> None:
    mixed = with_moments_of(torch.ones(1, 2, 3, 3), maps(4, 4, 3)[:1, :2])
    torch.testing.assert_close(mixed, moments(maps(4, 4, 3)[:1, :2])[0].expand(1, 2, 3, 3))


def test_distances_are_shares_of_what_is_wanted() -> None:
    wanted = maps(4, 4, 4)
    assert float(distance(wanted, wanted)) == 0
    assert float(distance(torch.zeros_like(wanted), wanted)) == pytest.approx(1)
    assert float(distance(wanted * 1.1, wanted)) == pytest.approx(0.01, rel=1e-3)
