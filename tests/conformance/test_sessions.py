"""Every recorded session, typed into a fresh lab, shows what the real engine showed, packets included.

`check` in this folder does the same with a program of one's choice; here the lab is asked in the process.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from simulator.lab import Lab
from simulator.session import Player, session_from_text

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import normalize  # noqa: E402  (the recording tools stand beside this file and are no package)
import packets  # noqa: E402
import session as recorded  # noqa: E402

SESSIONS = sorted(HERE.glob("cases/*.session")) + sorted(HERE.glob("more/*.session"))


def play(path: Path, folder: Path) -> str:
    """The session as the lab plays it; its captures are left in the folder."""
    session = session_from_text(path.read_text(encoding="utf-8"), path.name)
    player = Player(session, Lab(), capture=True)
    player.play()
    for name, capture in player.captures.items():
        (folder / f"{name}.pcap").write_bytes(capture.pcap())
    return session.text()


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_a_session_shows_what_the_real_engine_showed(path: Path, tmp_path: Path) -> None:
    reference = recorded.load(path)
    assert normalize.normalize(play(path, tmp_path)) == normalize.normalize(reference.text())
    for name in reference.capture:
        expected = Path(packets.sidecar(str(path), name)).read_text(encoding="utf-8")
        shown = packets.summary(str(tmp_path / f"{name}.pcap"))
        assert packets.compared(shown) == packets.compared(expected), name
