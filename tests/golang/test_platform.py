"""Platforms as clients write them."""

from __future__ import annotations

import pytest

from simulator.golang.platform import platform_from_text

READ = """
    linux/amd64 linux/amd64
    Linux/AMD64 linux/amd64
    linux linux/amd64
    macos darwin/amd64
    x86-64 linux/amd64
    linux/i386 linux/386
    riscv64 linux/riscv64
    linux/aarch64 linux/arm64
    linux/arm64/8 linux/arm64/v8
    armhf linux/arm
    linux/arm linux/arm
    linux/arm/v7 linux/arm/v7
    linux/arm/7 linux/arm/v7
    linux/armhf/v6 linux/arm/v7
    linux/armel linux/arm/v6
"""


@pytest.mark.parametrize(("text", "read"), [line.split() for line in READ.split("\n") if line.strip()])
def test_a_platform_is_told_by_its_own_names(text: str, read: str) -> None:
    assert str(platform_from_text(text)) == read


@pytest.mark.parametrize(
    ("text", "architecture", "runs"),
    [("linux/amd64/v2", "amd64", True), ("linux/amd64", "386", True), ("linux/386", "amd64", False),
     ("linux/arm64", "arm", True), ("linux/arm64", "amd64", False), ("windows", "amd64", False)],
)  # fmt: skip
def test_a_platform_takes_images_whose_programs_it_runs(text: str, architecture: str, runs: bool) -> None:
    assert platform_from_text(text).takes("linux", architecture) is runs
