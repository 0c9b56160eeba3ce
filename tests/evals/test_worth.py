"""The evaluation of onboarding, features, employees and customers: small draws find what large ones do."""

import numpy as np

from evals import worth


def test_the_simulations_cover() -> None:
    results = worth.simulated(draws=200)
    assert all(r.target is not None and r.value > 0.85 for r in results)
    assert len({r.name for r in results}) == len(results)


def test_sums_by_block_are_the_sums() -> None:
    rng = np.random.default_rng(1)
    z, f, y = rng.normal(size=(50, 2)), (rng.random((50, 1)) < 0.5).astype(float), rng.normal(size=50)
    made = worth.summed(z, f, y, rng.integers(0, worth.BLOCKS, 50))
    assert np.allclose(made.controls.sum(axis=0), z.T @ z)
    assert np.allclose(made.met.sum(axis=0), f.T @ y)
