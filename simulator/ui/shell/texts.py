"""The longer texts of the sandbox."""

from __future__ import annotations

HELP = """This is a shell on a Docker host, simulated packet by packet. Use it as you would a real one:
docker, ip, ping, curl, iptables, tcpdump ... Nothing here touches your own machine.

The sandbox's own commands begin with a colon:
{rows}
Keys: Tab completes, Ctrl-R searches what you typed, Ctrl-C interrupts, Ctrl-P Ctrl-Q leaves a container that
goes on, Ctrl-D or 'exit' leaves the shell you are in. Long silent waits go faster than on a real host."""

TOUR = """Three minutes, five steps. Type them one by one; nothing can break, :undo takes back.

1  docker run -d --name web -p 8080:80 httpd      a web server, published on the host's port 8080
2  :topology                                      where it is: a veth pair, docker0, an address
3  :host outside        then   curl 10.0.2.15:8080     ask from another machine
4  :why                 the road that request took: DNAT, the bridge, and which docker command made each rule
5  :host docker-host    then   iptables -I DOCKER-USER -p tcp --dport 80 -j DROP
   :host outside        then   curl -m 3 10.0.2.15:8080      and   :why    what dropped it, and what would help

Then :diff 0 shows all that you changed, and :reset gives a fresh world. 'docklab lessons' has more."""
