"""What `docklab play` itself says, in the languages of the lessons."""

from __future__ import annotations

from msgspec import Struct


class Words(Struct, frozen=True):
    """The texts of one language; a key's name stands before what it does."""

    next: str = "Enter next"
    back: str = "b back"
    attempt: str = "t try here"
    why: str = "w why"
    hint: str = "h hint"
    quit: str = "q quit"
    no_key: str = "that key does nothing here"
    no_packet: str = "this step sent no packet"
    packets: str = "the packets of this step (w tells the road):"
    differs: str = "this differs from what the lesson shows"
    task: str = "Task"
    solved: str = "solved"
    unsolved: str = "not solved yet; t opens a shell here"
    no_hints: str = "there are no more hints"
    shell: str = "a shell on the lab's host, in the world as it stands; 'exit' or Ctrl-D returns to the lesson"
    returned: str = "back in the lesson"
    unchanged: str = "(the network is as it was)"
    end: str = "The next lesson is '{title}': docklab play {number}"


ENGLISH = Words()
KOREAN = Words(
    next="Enter 다음",
    back="b 뒤로",
    attempt="t 해 보기",
    why="w 왜?",
    hint="h 귀띔",
    quit="q 끝내기",
    no_key="여기에서 쓰지 않는 키입니다",
    no_packet="이 단계에서는 패킷이 오가지 않았습니다",
    packets="이 단계에서 오간 패킷 (w: 지나간 길)",
    differs="수업에 적힌 것과 다릅니다",
    task="과제",
    solved="풀었습니다",
    unsolved="아직 풀리지 않았습니다. t를 누르면 여기에서 셸이 열립니다",
    no_hints="귀띔은 여기까지입니다",
    shell="지금 상태 그대로인 호스트의 셸입니다. 'exit'나 Ctrl-D로 수업에 돌아옵니다",
    returned="수업으로 돌아왔습니다",
    unchanged="(네트워크는 앞과 같습니다)",
    end="다음 수업은 '{title}'입니다: docklab play {number}",
)
BY_LANGUAGE = {"en": ENGLISH, "ko": KOREAN}


def words(language: str) -> Words:
    return BY_LANGUAGE.get(language, ENGLISH)
