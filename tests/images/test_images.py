"""What the images bring: their settings, and that their programs do what they are for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulator.engine.errors import NotFound
from simulator.engine.reference import reference_from_text
from simulator.images.registry import CATALOGUE, registry
from simulator.versions import version

PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
REFUSED = (
    "error: database is uninitialized and password option is not specified \n"
    "  You need to specify one of MYSQL_ROOT_PASSWORD, MYSQL_ALLOW_EMPTY_PASSWORD and MYSQL_RANDOM_ROOT_PASSWORD\n"
)


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_image_starts(docker: Any, name: str) -> None:
    identity = docker.engine.container_create({"Image": name, "Tty": True, "OpenStdin": True})["Id"]
    docker.wait(docker.engine.container_start(identity))
    assert docker.engine.container_inspect(identity)["State"]["Error"] == ""


def test_what_mysql_says_of_itself(host_of: Callable[[str], Any]) -> None:
    document = host_of("18.09").engine.image_inspect("mysql")
    for settings in (document["Config"], document["ContainerConfig"]):
        assert settings["Env"] == [PATH, "GOSU_VERSION=1.7", "MYSQL_MAJOR=8.0", "MYSQL_VERSION=8.0.12-1debian9"]
        assert settings["Entrypoint"] == ["docker-entrypoint.sh"]
        assert list(settings["ExposedPorts"]) == ["3306/tcp", "33060/tcp"]
    assert document["Config"]["Cmd"] == ["mysqld"]
    assert document["ContainerConfig"]["Cmd"] == ["/bin/sh", "-c", "#(nop) ", 'CMD ["mysqld"]']


def test_mysql_refuses_to_start_without_a_password(docker: Any) -> None:
    assert docker.run("mysql") == REFUSED
    assert docker.run("mysql", "echo", "through the entrypoint") == "through the entrypoint\n"


def test_a_login_to_alpine(docker: Any) -> None:
    shown = docker.run("alpine", typed="echo $HOME; hostname\nexit\n", tty=True, Hostname="box")
    assert shown.splitlines()[-3:] == ["/root", "box", "/ # "]


def test_centos_has_red_hats_prompt(docker: Any) -> None:
    shown = docker.run("centos", typed="echo $a\nexit\n", tty=True, Hostname="box", Env=["a=100"])
    assert "[root@box /]# " in shown
    assert "# 100\n" in shown


def test_what_is_not_simulated_says_so(docker: Any) -> None:
    assert docker.run("alpine", "mkswap") == "docklab does not simulate mkswap\n"


def test_hello_world_says_hello(docker: Any) -> None:
    assert "Hello from Docker!" in docker.run("hello-world")


def test_the_reference_hosts_images_were_imported(host_of: Callable[[str], Any]) -> None:
    docker = host_of("20.10")
    assert docker.engine.image_inspect("mysql")["Config"]["Cmd"] == ["mysqld"]
    assert [step["Comment"] for step in docker.engine.image_history("mysql")] == ["Imported from -"]


def test_every_step_of_the_history_is_there(host_of: Callable[[str], Any]) -> None:
    steps = [step["CreatedBy"] for step in host_of("18.09").engine.image_history("mysql")]
    assert steps[0] == '/bin/sh -c #(nop)  CMD ["mysqld"]'
    assert len(steps) == 7


def test_images_that_docklab_has_not() -> None:
    with pytest.raises(ValueError, match="docklab has no image 'oracle'; it has alpine, busybox"):
        registry(version("20.10"), preloaded=["oracle"])


def test_two_hosts_share_no_image(host_of: Callable[[str], Any]) -> None:
    one, other = host_of("20.10"), host_of("20.10")
    one.run("alpine", "sh", "-c", "echo changed > /etc/os-release")
    assert "Alpine" in other.run("alpine", "cat", "/etc/os-release")
    assert "Alpine" in one.run("alpine", "cat", "/etc/os-release")


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("alpine:3.10", "3.10.9"),
        ("alpine:3.19.7", "3.19.7"),
        ("busybox:musl", ""),
        ("alpine:3.10.1", "3.10.1"),
        ("busybox:1.31.0-uclibc", ""),
    ],
)
def test_the_hub_has_the_tags_that_people_pin(name: str, release: str) -> None:
    found = registry(version("20.10"), online=True).find(reference_from_text(name))
    assert release == (found.rootfs.disk.read("/etc/alpine-release").decode().strip() if release else "")


def test_a_tag_that_the_hub_has_not_is_not_found() -> None:
    with pytest.raises(NotFound, match=r"manifest for alpine:3\.999 not found"):
        registry(version("20.10"), online=True).find(reference_from_text("alpine:3.999"))


def test_a_release_of_alpine_has_its_accounts() -> None:
    disk = registry(version("20.10"), online=True).find(reference_from_text("alpine:3.10")).rootfs.disk
    assert b"postgres:x:70:70:" in disk.read("/etc/passwd")
    assert disk.is_directory("/var/opt")
