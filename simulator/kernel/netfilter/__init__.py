"""netfilter: the five hooks on a packet's way, iptables' tables and rules, conntrack and NAT.

`hooks` is the entrance (`Netfilter.run`), `tables` holds chains and counters, `rule` reads and prints rules, `matches`
and `targets` have one class each for what a rule asks and does, `conntrack` follows connections, `nat` rewrites them.
See iptables(8), iptables-extensions(8), net/netfilter in Linux.
"""
