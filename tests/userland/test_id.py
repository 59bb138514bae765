"""id in containers with a user, a group, and further groups: recorded from Docker Engine 20.10."""

from __future__ import annotations

import pytest

from simulator.lab import Lab


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("", "uid=0(root) gid=0(root) groups=0(root)\n"),
        ("--group-add 1000 --group-add root", "uid=0(root) gid=0(root) groups=0(root),1000\n"),
        ("-u 5:6 --group-add 1000", "uid=5 gid=6 groups=6,1000\n"),
        ("-u 1", "uid=1 gid=0(root) groups=0(root)\n"),
    ],
)
def test_a_process_has_the_groups_that_its_container_was_given(options: str, said: str) -> None:
    assert Lab().run(f"docker run --rm {options} alpine id").stdout == said


@pytest.mark.parametrize(
    ("options", "refusal"),
    [("--group-add nosuch", "Unable to find group nosuch"), ("-u 0:nosuch", "unable to find group nosuch")],
)
def test_a_group_that_the_image_lacks_is_refused(options: str, refusal: str) -> None:
    said = Lab().run(f"docker run --rm {options} alpine id").stderr
    assert said == f"docker: Error response from daemon: {refusal}: no matching entries in group file.\n"
