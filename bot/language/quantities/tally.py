"""One number told by its words, in every style they are spoken: "a hundred and fifty two", "one fifty", "nine thirty one"."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from bot.language.quantities.classes import CLASS
from bot.language.quantities.engine import Node

NUM = CLASS["num"]
_ONES, _TEEN, _TENS, _HUNDRED, _SCALE, _DIG, _OH = (CLASS[name] for name in ("ones", "teen", "tens", "hundred", "scale", "dig", "oh"))
_SMALL = {_ONES: "ones", _TEEN: "teen", _TENS: "tens"}


def glued(left: Node, right: Node) -> bool:
    """Whether nothing stands between the two."""
    return left.end == right.start


class _Tally:
    """One number in the making."""

    def __init__(self) -> None:
        self.total = 0.0
        self.group: float | None = None
        self.last = ""
        self.bound = inf
        self.spoken = False
        self.scale = 1.0

    @property
    def value(self) -> float:
        return self.total + (self.group or 0)

    def take(self, node: Node) -> bool:
        """Whether the number goes on with this word; takes it if so."""
        value = node.low or 0.0
        if node.cls in _SMALL:
            return self._small(value, _SMALL[node.cls])
        if node.cls == _HUNDRED:
            return self._hundred()
        if node.cls == _SCALE:
            return self._scaled(value) and self._closed(node)
        if node.cls == _DIG:
            return self._digits(node)
        return False

    def _set(self, group: float, last: str) -> bool:
        self.group = group
        self.last = last
        return True

    def _small(self, value: float, size: str) -> bool:
        group = self.group or 0
        if not self.last or (self.last == "scale" and value < self.bound):
            return self._set(value, size)
        if self.last == "hundred":
            return self._set(group + value, size)
        if size == "ones":
            return self._one(value, group)
        return self._spoken_hundred(value, group, size)

    def _one(self, value: float, group: float) -> bool:
        if self.last == "oh":
            self.spoken = True
            return self._set(group * 100 + value, "done")
        after_tens = self.last == "tens" and value > 0
        after_zero = self.last == "ones" and group == 0
        return (after_tens or after_zero) and self._set(group + value, "done")

    def _spoken_hundred(self, value: float, group: float, size: str) -> bool:
        """ "one fifty": the hundreds first, then the rest."""
        if self.last not in ("ones", "teen", "tens", "done") or not 0 < group < 100 or self.spoken or side_by_side(group, value):
            return False
        self.spoken = True
        return self._set(group * 100 + value, size)

    def oh(self) -> bool:
        """An "oh" between two figures, as in "seven oh six"."""
        if self.last in ("ones", "teen", "tens", "done") and self.group and self.group < 100 and not self.spoken:
            self.last = "oh"
            return True
        return False

    def _hundred(self) -> bool:
        if self.last in ("", "scale"):
            self.scale = 100
            return self._set(100, "hundred")
        if (
            self.last in ("ones", "teen", "tens", "done", "dig")
            and self.group
            and not self.spoken
            and (self.group < 100 or self.last == "dig")
        ):
            self.scale = 100
            return self._set(self.group * 100, "hundred")
        return False

    def _scaled(self, value: float) -> bool:
        if self.last == "oh" or (self.last == "scale" and value <= 1000):
            return False
        if self.group is None:
            self.total = (self.total or 1) * value
        elif value < self.bound:
            self.total += self.group * value
        else:
            self.total = (self.total + self.group) * value
        self.group, self.bound, self.last, self.scale, self.spoken = None, value, "scale", value, False
        return True

    def _closed(self, node: Node) -> bool:
        """A letter as in "5k" ends the number."""
        if len(node.word) <= 2 and node.word != "cr":
            self.last = "end"
        return True

    def _digits(self, node: Node) -> bool:
        value = node.low or 0.0
        if not self.last:
            return self._set(value, "dig")
        if self.last == "hundred" and value < 100 and "." not in node.word:
            return self._set((self.group or 0) + value, "end")
        if self.last == "scale" and value < self.bound and "." not in node.word:
            return self._set(value, "end")
        return False


def side_by_side(first: float, second: float) -> bool:
    """Whether "forty fifty" and the like mean from one to the other, not hundreds: both round, near each other, in order."""
    return first >= 10 and first % 5 == 0 and second % 5 == 0 and first <= second <= 2 * first


def _to_the_next(tally: _Tally, follower: Node) -> bool:
    """ "ten-twelve", "fifteen-twenty": the hyphen stands for "to"."""
    group = tally.group or 0
    return tally.last in ("teen", "tens") and group < (follower.low or 0) <= 2 * group and follower.cls in (_TEEN, _TENS)


def read_run(nodes: Sequence[Node]) -> list[Node]:
    """The numbers of a run of number words; words between two numbers stay where they are."""
    out: list[Node] = []
    at = 0
    while at < len(nodes):
        tally, end = _one_number(nodes, at)
        if tally is None:
            out.append(nodes[at])
            at += 1
            continue
        word = nodes[at].word if end == at + 1 else ""
        number = Node(NUM, nodes[at].start, nodes[end - 1].end, word, tally.value)
        number.scale = tally.scale
        number.name = "digits" if nodes[at].cls == _DIG else "spoken" if tally.spoken else "spelled"
        out.append(number)
        at = end
    return out


def _one_number(nodes: Sequence[Node], at: int) -> tuple[_Tally | None, int]:
    tally = _Tally()
    begin = at
    if nodes[at].cls == CLASS["a"]:
        at += 1
        if at < len(nodes) and nodes[at].cls == CLASS["hyphen"]:
            at += 1
    if at >= len(nodes) or not tally.take(nodes[at]):
        return None, begin
    at += 1
    while at < len(nodes):
        step = _step(tally, nodes, at)
        if not step:
            break
        at += step
    return tally, at


def _step(tally: _Tally, nodes: Sequence[Node], at: int) -> int:
    """How many nodes the number takes on: the next, or the next after "and", a hyphen, "oh"; 0 when it ends."""
    node = nodes[at]
    follower = nodes[at + 1] if at + 1 < len(nodes) else None
    if node.cls == CLASS["and"]:
        joins = tally.last in ("hundred", "scale") and follower is not None and follower.cls != CLASS["a"]
        return 2 if joins and follower is not None and tally.take(follower) else 0
    if node.cls == CLASS["hyphen"]:
        near = follower is not None and (
            (glued(nodes[at - 1], node) and glued(node, follower)) or (tally.last == "tens" and follower.cls == _ONES)
        )
        if not near or follower is None or tally.last == "dig" or follower.cls == _DIG or _to_the_next(tally, follower):
            return 0
        return 2 if tally.take(follower) else 0
    if node.cls == _OH:
        return 1 if follower is not None and follower.cls == _ONES and tally.oh() else 0
    return 1 if tally.take(node) else 0
