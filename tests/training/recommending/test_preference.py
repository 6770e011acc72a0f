"""What somebody likes: from their own opinions, and from those of people who like the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import User
from tests.benchmarks.simulated_tastes import Shares, opinions, simulate, split
from tests.factories import DrillFactory, TrainingPackFactory, UserFactory
from tests.training.recommending.catalogues import catalogue_of
from training.models import PackFeedback, TrainingSession
from training.recommending import opinions as all_opinions
from training.recommending import tastes
from training.recommending.catalogue import Catalogue, Key
from training.recommending.opinions import Opinion, Practised, from_rating, from_sessions, is_unwanted
from training.recommending.preference import own_share, preference
from training.tasks import learn_tastes

DISLIKED, LIKED = from_rating(1), from_rating(5)


def key(number: int) -> Key:
    return Key(is_drill=False, pk=number)


def two_kinds(count: int = 6) -> Catalogue:
    """Half of shooting, half of defending."""
    half = count // 2
    return catalogue_of(count, categories=("shooting",) * half + ("defending",) * half, sub_skills=("a",) * count)


def test_nothing_known_is_indifference() -> None:
    assert preference(two_kinds(), {}, None).tolist() == [0.5] * 6
    assert preference(two_kinds(), {key(99): LIKED}, None).tolist() == [0.5] * 6


def test_items_of_a_liked_category_are_liked() -> None:
    found = preference(two_kinds(), {key(1): LIKED, key(4): DISLIKED}, None)
    assert found[1] == found[2] > 0.5 > found[4]
    assert found[0] == pytest.approx(found[1])


def test_a_harsh_rater_of_everything_prefers_nothing() -> None:
    items = two_kinds()
    found = preference(items, {key(number): DISLIKED for number in range(1, 7)}, None)
    assert np.ptp(found) < 1e-9


def test_what_alike_people_like_is_liked_whatever_it_is_about() -> None:
    items = two_kinds()
    factors = np.array([[1.0], [-1.0], [1.0], [1.0], [-1.0], [1.0]])
    learned = tastes.Tastes(items.keys, factors, players=50)
    known = {key(1): LIKED, key(2): DISLIKED}
    assert np.ptp(preference(items, known, None)[2:3]) == 0
    found = preference(items, known, learned)
    assert found[2] > found[1]
    assert found[3] > found[4]


def test_content_rules_where_little_is_known() -> None:
    assert own_share(np.zeros(0)) == 0
    assert own_share(np.ones(1)) == pytest.approx(1 / 6)
    assert own_share(np.ones(20)) == pytest.approx(0.8)
    items, learned = two_kinds(), tastes.Tastes(two_kinds().keys, np.zeros((6, 2)), players=50)
    assert preference(items, {key(1): LIKED}, learned).tolist() == preference(items, {key(1): LIKED}, None).tolist()


def crowd(items: Catalogue, shares: Shares) -> dict[int, dict[Key, Opinion]]:
    world = simulate(items, players=200, shares=shares, seed=3)
    told = split(world, told=12, held=1, seed=4).told
    return {player: opinions(items, ratings) for player, ratings in told.items()}


def test_tastes_are_learned_and_again_the_same() -> None:
    items = two_kinds(40)
    everybody = crowd(items, Shares(need=0.1, latent=0.7, common=0.1))
    learned, again = tastes.learn(items, everybody), tastes.learn(items, everybody)
    assert learned is not None
    assert again is not None
    assert learned.players == 200
    assert np.abs(learned.factors).max() > 0.1
    assert np.array_equal(learned.factors, again.factors)


def test_where_there_is_nothing_to_learn_nothing_is() -> None:
    items = two_kinds(40)
    learned = tastes.learn(items, crowd(items, Shares(need=0.3, latent=0.0, common=0.0)))
    assert learned is not None
    assert not learned.factors.any()
    assert tastes.learn(items, {1: {key(1): LIKED}}) is None


@pytest.mark.parametrize(
    ("practised", "value", "weight"),
    [
        (Practised(1, 0, 15, None), 0.6, 0.5),
        (Practised(1, 0, 3, None), 0.6, 0.1),
        (Practised(3, 0, 60, 5), 0.9, 0.5),
        (Practised(9, 0, 90, 5), 1.0, 0.5),
        (Practised(1, 0, 30, 1), 0.5, 0.5),
        (Practised(0, 2, 0, None), 0.3, 0.3),
        (Practised(1, 1, 30, None), 0.45, 0.5),
    ],
)
def test_what_is_done_tells_half_as_much_as_what_is_said(practised: Practised, value: float, weight: float) -> None:
    assert from_sessions(practised) == pytest.approx((value, weight))


def test_only_a_low_rating_says_never_again() -> None:
    assert [is_unwanted(from_rating(stars)) for stars in (1, 2, 3)] == [True, True, False]
    assert not is_unwanted(from_sessions(Practised(0, 9, 0, None)))


@pytest.mark.django_db
def test_opinions_are_of_whom_they_are(alice: User, charlie: User, django_assert_num_queries: Any) -> None:
    pack, drill = TrainingPackFactory.create(), DrillFactory.create()
    PackFeedback.objects.create(user=alice, pack=pack, rating=5)
    PackFeedback.objects.create(user=charlie, pack=pack, rating=1)
    done = {"status": "done", "done_at": timezone.now() - timedelta(hours=1), "minutes": 15}
    for item in ({"drill": drill}, {"pack": pack}, {}):
        TrainingSession.objects.create(user=alice, category="rotation", planned_for="2026-01-01", **item, **done)
    with django_assert_num_queries(2):
        found = all_opinions.of(alice)
    assert found == {Key.of(pack.pk, None): LIKED, Key.of(None, drill.pk): Opinion(0.6, 0.5)}
    assert all_opinions.of_everybody()[charlie.pk] == {Key.of(pack.pk, None): DISLIKED}


@pytest.mark.django_db
def test_a_worker_learns_and_every_process_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    assert learn_tastes() == 0
    assert tastes.kept() is None
    packs = TrainingPackFactory.create_batch(4)
    users = UserFactory.create_batch(20)
    PackFeedback.objects.bulk_create(
        PackFeedback(user=user, pack=pack, rating=1 + (number + place) % 5)
        for number, user in enumerate(users)
        for place, pack in enumerate(packs)
    )
    assert learn_tastes() == 20
    assert tastes.kept() is None, "it is looked at again only after some seconds"
    monkeypatch.setattr(tastes, "LOOK_AGAIN_SECONDS", 0.0)
    found = tastes.kept()
    assert found is not None
    assert found.players == 20
    assert found is tastes.kept()
    assert not list(tastes.path().parent.glob(".*"))
