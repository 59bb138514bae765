"""tcpdump 4.99: what passes by a device, one packet a line. tcpdump(1), pcap-filter(7).

    words -> filter -> packet socket -> frames -> lines

Left out: reading files (-r), rotating them, decoding of protocols beyond ARP, IP, ICMP, UDP, TCP, DNS and HTTP's first
lines, VLANs, and whatever tcpdump knows of other links than Ethernet.
"""

from simulator.userland.tcpdump.main import tcpdump

__all__ = ["tcpdump"]
