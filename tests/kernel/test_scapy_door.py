"""Importing scapy touches nothing: seen from a process of its own, by the audit events of the interpreter."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import ctypes.util, ssl, sys

def note(event, arguments):
    tables = ("/etc/services", "/etc/protocols", "/etc/ethertypes", "manuf", ".pickle")
    if event.startswith(("socket.", "subprocess.")) or event == "open" and str(arguments[0]).endswith(tables):
        print(event, arguments)

sys.addaudithook(note)
import simulator.kernel.packet
"""


def test_importing_scapy_reads_no_table_and_opens_no_socket() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout == ""
