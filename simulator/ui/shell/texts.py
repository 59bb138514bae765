"""The longer texts of the sandbox. A paragraph is one line: whoever shows it breaks it."""

from __future__ import annotations

WELCOME = """A Docker host, simulated packet by packet.
:help tells what is special here, :tour takes three minutes."""

HELP = """This is a shell on a Docker host, simulated packet by packet. Use it as you would a real one: docker, ip, ping, \
curl, iptables, tcpdump ... Nothing here touches your own machine.

The sandbox's own commands begin with a colon:
{rows}
  Tab            completes        Ctrl-R         searches what you typed
  Ctrl-C         interrupts       Ctrl-Z         stops; fg and bg go on
  Ctrl-P Ctrl-Q  leaves a container that goes on running
  Ctrl-D, exit   leaves the shell you are in

Long silent waits go faster than on a real host."""

TOUR = """Three minutes. Type the lines one by one; nothing can break, :undo takes back.

1  A web server in a container, published on the host's port 8080:
       docker run -d --name web -p 8080:80 httpd
2  Where it is: a veth pair, docker0, an address:
       :topology
3  Ask for the page from another machine:
       :host outside
       curl 10.0.2.15:8080
4  The road of that request: DNAT, the bridge, and the command that made each rule:
       :why
5  Break it, ask again, and see what dropped the packet and what would help:
       :host docker-host
       iptables -I DOCKER-USER -p tcp --dport 80 -j DROP
       :host outside
       curl -m 3 10.0.2.15:8080
       :why

':diff 0' shows all that you changed, ':reset' gives a fresh world, ':lessons' has more."""
