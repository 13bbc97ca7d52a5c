import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError


def never_connected(failure: BaseException | None) -> bool:
    """True only if no connection was made, which alone proves that nothing was sent."""
    inner = failure.args[0] if failure is not None and failure.args else None
    reason = inner.reason if isinstance(inner, MaxRetryError) else None
    return isinstance(failure, requests.ConnectTimeout) or isinstance(reason, NewConnectionError | ConnectTimeoutError)
