"""News goes out in order and whole, at most once an interval, however fast it comes."""

from __future__ import annotations

import pytest

from core.jobs import news as news_module
from core.jobs.news import News
from core.records import EpochRecord, Progress, as_event

INTERVAL_S = 0.1


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(news_module, "time", clock)
    monkeypatch.setattr(news_module, "INTERVAL_S", INTERVAL_S)
    return clock


class Post:
    """Keeps what was sent, and when."""

    def __init__(self, clock: Clock) -> None:
        self.sent: list[list[dict]] = []
        self.times: list[float] = []
        self._clock = clock

    def send(self, events: list[dict]) -> None:
        self.sent.append(events)
        self.times.append(self._clock.now)

    @property
    def events(self) -> list[dict]:
        return [event for events in self.sent for event in events]


@pytest.fixture
def post(clock) -> Post:
    return Post(clock)


@pytest.fixture
def news(post) -> News:
    return News("mine", post.send)


def epoch(number: int) -> EpochRecord:
    return EpochRecord(number, {"loss": 1 / (number + 1)}, 0.1, 0.001)


def test_first_news_goes_out_at_once(news, post):
    news.tell(epoch(0))
    assert post.sent == [[as_event("mine", epoch(0))]]


def test_news_within_the_interval_waits_for_the_next_after_it(news, post, clock):
    news.tell(epoch(0))
    news.tell(epoch(1))
    clock.now += INTERVAL_S / 2
    news.tell(epoch(2))
    assert len(post.sent) == 1
    clock.now += INTERVAL_S
    news.tell(epoch(3))
    assert post.sent[1:] == [[as_event("mine", epoch(number)) for number in (1, 2, 3)]]


def test_slow_news_goes_out_one_by_one(news, post, clock):
    for number in range(5):
        news.tell(epoch(number))
        clock.now += 2 * INTERVAL_S
    assert post.sent == [[as_event("mine", epoch(number))] for number in range(5)]


@pytest.mark.parametrize("step_s", [0.0, 0.001, 0.03, 0.099, 0.25])
def test_nothing_is_lost_and_the_order_is_kept(news, post, clock, step_s):
    told = [Progress("Training", 0, n) if n % 3 else epoch(n) for n in range(200)]
    for one in told:
        news.tell(one)
        clock.now += step_s
    news.flush()
    assert post.events == [as_event("mine", one) for one in told]


@pytest.mark.parametrize("step_s", [0.001, 0.03, 0.099, 0.25])
def test_sendings_are_at_least_an_interval_apart(news, post, clock, step_s):
    for number in range(200):
        news.tell(epoch(number))
        clock.now += step_s
    gaps = [later - earlier for earlier, later in zip(post.times, post.times[1:], strict=False)]
    assert len(gaps) >= 1
    assert min(gaps) >= INTERVAL_S - 1e-9
    assert max(gaps) <= INTERVAL_S + step_s + 1e-9


def test_flush_sends_what_waits_at_once(news, post):
    news.tell(epoch(0))
    news.tell(epoch(1))
    news.flush()
    assert post.sent[1:] == [[as_event("mine", epoch(1))]]


def test_flush_sends_nothing_where_nothing_waits(news, post):
    news.flush()
    news.tell(epoch(0))
    news.flush()
    news.flush()
    assert post.events == [as_event("mine", epoch(0))]


def test_news_after_a_flush_waits_for_the_interval(news, post, clock):
    news.tell(epoch(0))
    news.tell(epoch(1))
    news.flush()
    news.tell(epoch(2))
    assert len(post.sent) == 2
    clock.now += INTERVAL_S
    news.tell(epoch(3))
    assert len(post.sent) == 3


def test_what_was_sent_is_not_changed_by_later_news(news, post, clock):
    news.tell(epoch(0))
    first = list(post.sent[0])
    news.tell(epoch(1))
    clock.now += INTERVAL_S
    news.tell(epoch(2))
    assert post.sent[0] == first
