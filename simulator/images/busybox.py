"""The base of the small images: busybox with all its applets where Debian's busybox-static has them, and some files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from simulator.clock import S
from simulator.images.unsimulated import REFERENCE as UNSIMULATED
from simulator.kernel import files
from simulator.kernel.disk import Disk
from simulator.userland.applets import BUSYBOX
from simulator.userland.applets_net import BUSYBOX_NET

# The applets by folder: `busybox --list-full` of 1.35.
APPLETS: dict[str, str] = {
    "/bin": (
        "arch ash base64 busybox cat chgrp chmod chown cp cpio cttyhack date dd df dmesg dnsdomainname dumpkmap "
        "echo ed egrep false fatattr fgrep getopt grep gunzip gzip hostname ionice ipcalc kill link linux32 "
        "linux64 ln login ls lzop mkdir mknod mktemp more mount mt mv netstat nuke pidof ping ping6 ps pwd "
        "readlink resume rev rm rmdir rpm run-parts sed setpriv sh sleep stat stty su sync tar touch true umount "
        "uname uncompress usleep vi watch zcat"
    ),
    "/sbin": (
        "acpid adjtimex arp blockdev depmod devmem fdisk findfs freeramdisk fstrim getty halt hwclock ifconfig "
        "ifdown ifup init insmod ip ipneigh klogd loadkmap logread losetup lsmod mdev mkdosfs mke2fs mkswap "
        "modinfo modprobe nameif pivot_root poweroff reboot rmmod route run-init start-stop-daemon sulogin "
        "swapoff swapon switch_root sysctl syslogd tc tunctl udhcpc uevent vconfig watchdog"
    ),
    "/usr/bin": (
        "[ [[ ar ascii awk basename bc blkdiscard bunzip2 bzcat bzip2 cal chvt clear cmp crc32 crontab cut dc "
        "deallocvt diff dirname dos2unix dpkg dpkg-deb du dumpleases env expand expr factor fallocate find fold "
        "free ftpget ftpput groups head hexdump hostid id killall last less logger logname lsscsi lzcat lzma "
        "md5sum microcom mkfifo mkpasswd nc nl nproc nsenter nslookup od openvt passwd paste patch printenv "
        "printf realpath renice reset rpm2cpio seq setkeycodes setsid sha1sum sha256sum sha3sum sha512sum shred "
        "shuf sort ssl_client strings svc svok tac tail taskset tee telnet test tftp time timeout top tr "
        "traceroute traceroute6 truncate ts tty unexpand uniq unix2dos unlink unlzma unshare unxz unzip uptime "
        "uudecode uuencode w wc wget which who whoami xargs xxd xz xzcat yes"
    ),
    "/usr/sbin": (
        "arping brctl chroot crond fsfreeze httpd i2cdetect i2cdump i2cget i2cset i2ctransfer loadfont mim "
        "nologin partprobe rdate telnetd ubirename udhcpd"
    ),
}

FOLDERS = ("/bin", "/dev", "/etc", "/home", "/proc", "/root", "/sbin", "/sys", "/tmp", "/usr/local/bin", "/var/www")
DEVICES = (*files.DEVICES, "tty", "stdin", "stdout", "stderr")
DEVICE_FOLDERS = ("mqueue", "pts", "shm")
DEVICE_LINKS = {"fd": "/proc/self/fd", "ptmx": "pts/ptmx"}

RELEASED = 1_536_704_390 * S  # 2018-09-11: the date of the files, which a web server tells (ETag, Last-Modified)

PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def disk(files: Mapping[str, str]) -> Disk:
    """A root file system: busybox, the usual folders, and the files of the image."""
    made = Disk(_base())
    put(made, files)
    return made


@cache
def _base() -> Disk:
    """What all of them have; nothing is ever written into it."""
    made = Disk(wall=lambda: RELEASED)
    for folder in FOLDERS:
        made.make_directory(folder, parents=True)
    for name in DEVICES:
        made.device(f"/dev/{name}", name)
    for folder in DEVICE_FOLDERS:
        made.make_directory(f"/dev/{folder}")
    for name, target in DEVICE_LINKS.items():
        made.symlink(target, f"/dev/{name}")
    for folder, names in APPLETS.items():
        for name in names.split():
            made.install(f"{folder}/{name}", program(name))
    made.symlink("/bin/busybox", "/linuxrc")
    made.write("/etc/passwd", "root:x:0:0:root:/root:/bin/ash\n")
    made.write("/etc/group", "root:x:0:\n")
    made.write("/etc/nsswitch.conf", "hosts: files dns\n")
    for name in ("hosts", "hostname", "resolv.conf"):
        made.write(f"/etc/{name}", b"")
    made.write("/.dockerenv", b"", mode=0o755)
    return made


def program(name: str) -> object:
    """The applet of this name, or what says that it is not simulated."""
    return BUSYBOX.get(name) or BUSYBOX_NET.get(name) or UNSIMULATED


def put(disk: Disk, files: Mapping[str, str]) -> None:
    """Writes files, with the folders above them."""
    for path, text in files.items():
        disk.make_directory(path.rpartition("/")[0] or "/", parents=True)
        disk.write(path, text)
