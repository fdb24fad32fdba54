"""SM-2: what a graded repetition does to the memory of a card. Pure, exact integers."""

from dataclasses import dataclass

QUALITIES = range(6)  # 0 blackout … 5 perfect
PASSING = 3  # the lowest quality that passes
MAX_INTERVAL = 36_500  # days
MIN_EASINESS = 130  # hundredths
EASE_CHANGE = (-80, -54, -32, -14, 0, 10)  # by quality, hundredths: 0.1 − (5 − q)(0.08 + (5 − q) × 0.02)


@dataclass(frozen=True, slots=True)
class Memory:
    """What SM-2 keeps of a card: passes in a row, interval in days, easiness in hundredths (250 = 2.50)."""

    repetitions: int
    interval: int
    easiness: int


NEW = Memory(repetitions=0, interval=0, easiness=250)


def check(quality: int) -> None:
    """ValueError unless the quality is a whole number from 0 to 5."""
    if isinstance(quality, bool) or not isinstance(quality, int) or quality not in QUALITIES:
        raise ValueError(f"The quality is {quality!r}. Give a whole number from 0 to 5.")


def review(memory: Memory, quality: int) -> Memory:
    """The memory after one graded repetition; ValueError unless the quality is 0 to 5."""
    check(quality)
    easiness = max(MIN_EASINESS, memory.easiness + EASE_CHANGE[quality])
    if quality < PASSING:
        return Memory(0, 1, easiness)
    return Memory(memory.repetitions + 1, next_interval(memory), easiness)


def next_interval(memory: Memory) -> int:
    """Days until the repetition after a passing one; the same for every passing quality."""
    match memory.repetitions:
        case 0:
            return 1
        case 1:
            return 6
    return stretch(memory.interval, memory.easiness)


def stretch(days: int, easiness: int) -> int:
    """Days × easiness (hundredths), rounded up, at most MAX_INTERVAL."""
    return min(-(-days * easiness // 100), MAX_INTERVAL)


def outcomes(memory: Memory) -> dict[int, Memory]:
    """The memory after each quality that could be given."""
    return {quality: review(memory, quality) for quality in QUALITIES}
