"""curl: transfers of URLs, as versions 7.29 (CentOS 7) and 7.88 (Debian 12) do and word them. curl(1).

    options -> URLs (glob) -> for each: names, connection, request, answer -> where it goes, what is told about it

Left out: TLS (a connection for https is made, then given up), every protocol but HTTP, proxies, HTTP/2, multipart
forms, cookies beyond sending them, configuration files, parallel transfers.
"""

from simulator.userland.curl.main import curl

__all__ = ["curl"]
