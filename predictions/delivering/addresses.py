"""Which addresses a webhook may lead to: a server that calls URLs must not be sent to look at its own network."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings

LONGEST = 500


def complaint(url: str) -> str:
    """What is wrong with this URL of a webhook, in a sentence; empty where nothing is."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "This can't be read as a URL."
    schemes = ("https", "http") if settings.WEBHOOKS_MAY_BE_LOCAL else ("https",)
    if parts.scheme not in schemes:
        return "A webhook's URL begins with https://."
    if parts.username is not None or parts.password is not None:
        return "Leave name and password out of the URL: messages are signed instead."
    if not host:
        return "This URL names no host."
    if not url.isascii() or not url.isprintable() or " " in url:
        return "Write the URL in ASCII and without blanks: %-codes in its path, xn-- in its host."
    if len(url) > LONGEST:
        return f"A URL has at most {LONGEST} characters."
    return "" if settings.WEBHOOKS_MAY_BE_LOCAL else _local(host)


def _local(host: str) -> str:
    """The same for a host that is an address, or a name that only means something inside."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return f"{host} is a name of the server's own network: a webhook must lead outside."
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    return "" if is_public(address) else f"{host} is an address of a private network: a webhook must lead outside."


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether it is out on the internet; an IPv4 address inside an IPv6 one is looked at by itself."""
    if isinstance(address, ipaddress.IPv6Address):
        if inner := address.ipv4_mapped or address.sixtofour or _translated(address):
            return is_public(inner)
        if address.teredo:
            return False
    return address.is_global and not address.is_multicast


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that NAT64 reaches by this one (RFC 6052)."""
    known = address in ipaddress.ip_network("64:ff9b::/96")
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if known else None
