"""What holds for all tests: properties are tried with the same examples in every run.

DOCKLAB_RANDOM=1 takes fresh ones, DOCKLAB_EXAMPLES=100000 more of the sandbox's.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "same",
    derandomize=not os.environ.get("DOCKLAB_RANDOM"),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("same")
