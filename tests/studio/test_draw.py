"""What is drawn by chance is the share that was asked for, and the same each time."""

from annotate.studio.draw import is_drawn

UIDS = [f"{number:016x}" for number in range(10_000)]


def drawn(purpose: str, share: float) -> set[str]:
    return {uid for uid in UIDS if is_drawn(uid, purpose, share)}


def test_the_share_is_about_what_was_asked_for() -> None:
    # Of 10,000 independent draws at .1, the standard deviation is 30.
    assert abs(len(drawn("blind", 0.1)) - 1000) < 150
    assert (drawn("blind", 0), drawn("blind", 1)) == (set(), set(UIDS))


def test_a_larger_share_holds_the_smaller_one() -> None:
    assert drawn("blind", 0.1) < drawn("blind", 0.2)


def test_purposes_draw_independently() -> None:
    both = drawn("blind", 0.5) & drawn("overlap", 0.5)
    assert abs(len(both) - 2500) < 220


def test_a_draw_is_the_same_on_every_machine() -> None:
    # By sha256sum: the first eight bytes of "blind", NUL and the uid, below a tenth of their range.
    assert [uid for uid in UIDS[:40] if is_drawn(uid, "blind", 0.1)] == ["0000000000000007", "000000000000001a"]
