"""Where a request comes from, recorded as a network prefix and never as a full address."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

KEPT_V4, KEPT_V6 = 24, 48
"""Prefix lengths that we record. An IPv4 prefix covers 256 addresses, an IPv6 prefix a whole site."""

PLACE_V4, PLACE_V6 = 32, 64
"""One visitor: an IPv6 subscriber has at least a /64 (RFC 6177) and may use any address in it."""

WIDE_V4, WIDE_V6 = 16, 32
"""Networks that differ in these prefixes belong to another provider or another region."""


def client_address(request: HttpRequest) -> str:
    """The client's address behind `TRUSTED_PROXY_COUNT` proxies.

    Earlier X-Forwarded-For entries, which a visitor can forge, are ignored.
    """
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")] if proxies else []
    if proxies and len(forwarded) >= proxies and forwarded[-proxies]:
        return str(forwarded[-proxies])
    return str(request.META.get("REMOTE_ADDR", ""))


def network_of(address: str) -> str:
    """`192.0.2.7` → `192.0.2.0/24`; empty if it is not an IP address (a Unix socket, a test)."""
    return _prefix(address, KEPT_V4, KEPT_V6)


def place_of(address: str) -> str:
    """The addresses that one visitor can use: one IPv4 address, or an IPv6 /64. Empty if it is not an IP address."""
    return _prefix(address, PLACE_V4, PLACE_V6)


def wide_network(network: str) -> str:
    """`192.0.2.0/24` → `192.0.0.0/16`"""
    return _prefix(network.partition("/")[0], WIDE_V4, WIDE_V6)


def _prefix(address: str, v4: int, v6: int) -> str:
    try:
        known: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return ""
    known = getattr(known, "ipv4_mapped", None) or known
    return str(ip_network((known, v4 if known.version == 4 else v6), strict=False))
