import numpy as np
import pytest
from scipy.stats import beta

from ml.profit import PUBLISHED, Offers, expected_maximum_profit, profit_at, profit_curve
from ml.resampling import intervals


def slice_of(seed: int = 0, count: int = 2_000) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    truth = (random.random(count) < 0.2).astype(float)
    return truth, 0.7 * truth + random.normal(size=count)


def test_expected_maximum_profit_is_the_integral_of_the_best_profit_over_the_acceptance_rate():
    truth, scores = slice_of()
    order = np.argsort(-scores)
    leavers = np.append(0, np.cumsum(truth[order])) / len(truth)
    stayers = np.append(0, np.cumsum(1 - truth[order])) / len(truth)
    offer, contact = (cents / PUBLISHED.value_cents for cents in (PUBLISHED.offer_cents, PUBLISHED.contact_cents))
    rates = np.linspace(0, 1, 4001)
    best = [((rate * (1 - offer) - contact) * leavers - (offer + contact) * stayers).max() for rate in rates]
    expected = PUBLISHED.value_cents * np.trapezoid(np.array(best) * beta.pdf(rates, 6, 14), rates)
    assert expected_maximum_profit(truth, scores) == pytest.approx(expected, rel=1e-5)


def test_a_perfect_ranking_earns_the_value_of_all_leavers_who_accept():
    truth = np.array([1.0] * 20 + [0.0] * 80)
    worth = 0.2 * (0.3 * (20_000 - 1_000) - 100)
    assert expected_maximum_profit(truth, truth) == pytest.approx(worth, rel=1e-3)
    assert expected_maximum_profit(truth, -truth) < expected_maximum_profit(truth, np.zeros(100)) + 1e-9 < worth


def test_the_list_is_ordered_by_expected_profit_and_leaves_out_customers_with_a_loss():
    truth, scores = np.array([1.0, 0, 1, 0]), np.array([0.9, 0.8, 0.1, 0.01])
    offers = Offers(np.array([100.0, 1000, 2000, 100]), 50)
    assert list(profit_curve(truth, scores, offers)) == [0, -50, 1900, 1950, 1950]
    assert profit_at(truth, scores, offers, 2) == 1900


def test_intervals_contain_the_truth_and_are_reproducible():
    truth, scores = slice_of(1)
    found = intervals(truth, lambda rows: {"mean": float(scores[rows].mean())})
    assert found == intervals(truth, lambda rows: {"mean": float(scores[rows].mean())})
    low, high = found["mean"]
    spread = (scores - 0.7 * truth).std()  # positives and others are resampled apart
    assert low < scores.mean() < high and high - low == pytest.approx(4 * spread / np.sqrt(2_000), rel=0.25)
