"""In what the versions of curl differ: texts, and the order of header fields."""

from __future__ import annotations

from msgspec import Struct


class Words(Struct, frozen=True):
    """The texts of one version. Names in braces are filled in."""

    version: str
    no_url: str
    unresolved: str  # exit status 6
    unconnected: str  # 7; 28 if it took too long
    connect_timeout: str  # 28
    bad_url: str  # 3
    unsupported: str  # 1
    http_error: str  # 22
    empty_reply: str  # 52
    about_to_connect: str  # -v: before the first address
    trying: str
    one_failed: str
    immediate: str  # -v: an address that could not even be tried
    cached: str
    reused: str
    host_first: bool  # Host before User-Agent
    bold_headers: bool  # on a terminal
    localhost_itself: bool  # knows localhost without asking anybody
    banner: str


WORDS: dict[str, Words] = {
    "7.88.1": Words(
        version="7.88.1",
        no_url="",
        unresolved="Could not resolve host: {host}",
        unconnected="Failed to connect to {host} port {port} after {ms} ms: Couldn't connect to server",
        connect_timeout="Failed to connect to {host} port {port} after {ms} ms: Timeout was reached",
        bad_url="URL using bad/illegal format or missing URL",
        unsupported='Protocol "{scheme}" not supported or disabled in libcurl',
        http_error="The requested URL returned error: {code}",
        empty_reply="Empty reply from server",
        about_to_connect="",
        trying="  Trying {address}:{port}...",
        one_failed="connect to {address} port {port} failed: {reason}",
        immediate="Immediate connect fail for {address}: {reason}",
        cached="Hostname {host} was found in DNS cache",
        reused=(
            "Found bundle for host: 0x55{bundle} [serially]\n* Can not multiplex, even if we wanted to\n"
            "* Re-using existing connection #{number} with host {host}"
        ),
        host_first=True,
        bold_headers=True,
        localhost_itself=True,
        banner=(
            "curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1 OpenSSL/3.0.19 zlib/1.2.13 brotli/1.0.9 zstd/1.5.4 "
            "libidn2/2.3.3 libpsl/0.21.2 (+libidn2/2.3.3) libssh2/1.10.0 nghttp2/1.52.0 librtmp/2.3 OpenLDAP/2.5.13\n"
            "Release-Date: 2023-02-20, security patched: 7.88.1-10+deb12u15\n"
            "Protocols: dict file ftp ftps gopher gophers http https imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtsp "
            "scp sftp smb smbs smtp smtps telnet tftp\n"
            "Features: alt-svc AsynchDNS brotli GSS-API HSTS HTTP2 HTTPS-proxy IDN IPv6 Kerberos Largefile libz NTLM "
            "NTLM_WB PSL SPNEGO SSL threadsafe TLS-SRP UnixSockets zstd"
        ),
    ),
    "7.29.0": Words(
        version="7.29.0",
        no_url="curl: no URL specified!",
        unresolved="Could not resolve host: {host}; Unknown error",
        unconnected="Failed connect to {host}:{port}; {reason}",
        connect_timeout="Connection timed out after {ms} milliseconds",
        bad_url="<url> malformed",
        unsupported="Protocol {scheme} not supported or disabled in libcurl",
        http_error="The requested URL returned error: {code} {phrase}",
        empty_reply="Empty reply from server",
        about_to_connect="About to connect() to {host} port {port} (#{number})",
        trying="  Trying {bare}...",
        one_failed="{reason}",
        immediate="Failed to connect to {address}: {reason}",
        cached="",
        reused="Re-using existing connection! (#{number}) with host {host}",
        host_first=False,
        bold_headers=False,
        localhost_itself=False,
        banner=(
            "curl 7.29.0 (x86_64-redhat-linux-gnu) libcurl/7.29.0 NSS/3.34 zlib/1.2.7 libidn/1.28 libssh2/1.4.3\n"
            "Protocols: dict file ftp ftps gopher http https imap imaps ldap ldaps pop3 pop3s rtsp scp sftp smtp smtps "
            "telnet tftp \n"
            "Features: AsynchDNS GSS-Negotiate IDN IPv6 Largefile NTLM NTLM_WB SSL libz unix-sockets "
        ),
    ),
}

SEE_HELP = "curl: try 'curl --help' or 'curl --manual' for more information"

HELP = """\
Usage: curl [options...] <url>
 -d, --data <data>          HTTP POST data
 -f, --fail                 Fail fast with no output on HTTP errors
 -h, --help <category>      Get help for commands
 -i, --include              Include protocol response headers in the output
 -o, --output <file>        Write to file instead of stdout
 -O, --remote-name          Write output to a file named as the remote file
 -s, --silent               Silent mode
 -T, --upload-file <file>   Transfer local FILE to destination
 -u, --user <user:password> Server user and password
 -A, --user-agent <name>    Send User-Agent <name> to server
 -v, --verbose              Make the operation more talkative
 -V, --version              Show version number and quit

This is not the full help, this menu is stripped into categories.
Use "--help category" to get an overview of all categories.
For all options use the manual or "--help all"."""

# Exit statuses: curl(1), EXIT CODES.
UNSUPPORTED, BAD_URL, UNRESOLVED, UNCONNECTED, PARTIAL, HTTP_ERROR, WRITE_ERROR = 1, 3, 6, 7, 18, 22, 23
READ_ERROR, TIMEOUT, BAD_RANGE, TLS_ERROR, REDIRECTS, EMPTY_REPLY, SEND_ERROR, RECEIVE_ERROR = (
    26, 28, 33, 35, 47, 52, 55, 56,
)  # fmt: skip
INTERFACE_FAILED, UNRESOLVED_PROXY, FILE_FAILED = 45, 5, 37


class Failure(Exception):
    """A transfer that failed: curl's exit status and its text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status, text)
        self.status, self.text = status, text
