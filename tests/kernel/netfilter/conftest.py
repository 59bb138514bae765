from __future__ import annotations

import pytest

from tests.kernel.netfilter.world import Road


@pytest.fixture
def road() -> Road:
    return Road()
