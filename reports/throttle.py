"""A limit on what strangers may ask of the public pages."""

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import HttpRequest


LIMIT, SECONDS = 30, 60


def is_too_fast(request: HttpRequest, what: str) -> bool:
    """Count this request of ``what`` from this address; True past ``LIMIT`` a minute.

    The counter lives in the cache shared by the web processes; the address is read as the lock-out
    reads it (proxies counted by ``PROXY_COUNT``).
    """
    key = f"throttle:{what}:{get_client_ip_address(request)}"
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) > LIMIT
    except ValueError:
        # The counter ran out between the two calls: a new minute begins.
        return False
