"""Going back in a lesson gives the very world of that step, for every lesson and every step."""

from __future__ import annotations

import pytest

from simulator.lesson import library
from simulator.lesson.player import Player

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", library.names())
def test_every_step_of_a_lesson_is_reached_again_by_replay(name: str) -> None:
    lesson = library.load(name, "ko")
    player = Player(lesson)
    digests = [player.lab.digest()]
    for _ in lesson.steps:
        player.play()
        digests.append(player.lab.digest())
    for position, expected in reversed(list(enumerate(digests))):
        player.go_to(position)
        assert player.lab.digest() == expected, f"step {position}"
