"""An order in which things are found, put in and taken out quickly, however many there are."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Ordered(Generic[Item]):
    """Different hashable items in an order of their own.

    Each item has a key, and keys grow along the order; a new item between two others
    takes the number halfway. Where no number is left there, all are numbered anew.
    """

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._items: list[Item] = list(items)
        self._keys: list[float] = []
        self._key_of: dict[Item, float] = {}
        self._number_anew()

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __contains__(self, item: object) -> bool:
        return item in self._key_of

    def key(self, item: Item) -> float:
        """A number that is larger the later an item stands. Raises KeyError."""
        return self._key_of[item]

    def index(self, item: Item) -> int:
        """The place of an item. Raises KeyError."""
        return bisect_left(self._keys, self._key_of[item])

    def insert(self, index: int, item: Item) -> None:
        """Put a new item before the one at a place, or at the end."""
        before = self._keys[index - 1] if index > 0 else None
        after = self._keys[index] if index < len(self._keys) else None
        if before is None or after is None:
            key = (after if after is not None else 0.0) - 1 if before is None else before + 1
        else:
            key = (before + after) / 2
        self._items.insert(index, item)
        self._keys.insert(index, key)
        self._key_of[item] = key
        if key in (before, after):
            self._number_anew()

    def append(self, item: Item) -> None:
        self.insert(len(self._items), item)

    def place(self, item: Item, among: list[Item]) -> None:
        """Put one of the items where it belongs among some others. Raises KeyError."""
        if item is self._items[-1]:
            among.append(item)
        else:
            insort(among, item, key=self.key)

    def remove(self, item: Item) -> int:
        """Take an item out; the place where it was. Raises KeyError."""
        index = self.index(item)
        del self._items[index], self._keys[index], self._key_of[item]
        return index

    def _number_anew(self) -> None:
        self._keys = [float(number) for number in range(len(self._items))]
        self._key_of = dict(zip(self._items, self._keys, strict=True))
