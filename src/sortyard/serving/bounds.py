"""How much the serving core holds at once, and how long anything may wait in it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """
    What bounds the memory and the delay of a desk.

    Times are in seconds. `window` is the longest time that a message waits for company while the
    worker is free; `patience` the longest one that it queues at all: what would queue longer is
    refused as it comes, and what does so all the same is refused then.
    """

    most_in_batch: int = 64
    window: float = 0.002
    patience: float = 2.0
    most_waiting: int = 2_048  # messages
    most_characters: int = 16_000_000  # of their texts
    cache_entries: int = 20_000  # 0 for no cache
    cache_bytes: int = 64_000_000

    def __post_init__(self) -> None:
        positive = (self.most_in_batch, self.patience, self.most_waiting, self.most_characters)
        if min(positive) <= 0 or min(self.window, self.cache_entries, self.cache_bytes) < 0:
            raise ValueError("a bound is above zero; only the window and the cache may be zero")
