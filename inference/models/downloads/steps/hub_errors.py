"""What the hub's library raises, as codes that the parent makes sentences of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from editor.errors import is_disk_full
from inference.models.downloads.child import StepError

_TOO_MANY = 429
_REFUSED = (401, 403)


@contextmanager
def hub_errors(repository: str) -> Iterator[None]:
    """Around requests.

    Raises:
        StepError: "sign_in", "not_there", "too_many_requests", "server", "no_connection",
            "disk_full", "files".
    """
    import httpx2
    from huggingface_hub.errors import (
        EntryNotFoundError,
        GatedRepoError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    try:
        yield
    except StepError:
        raise
    except GatedRepoError:
        raise StepError("sign_in", repository=repository) from None
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        code = "sign_in" if _status(error) in _REFUSED else "not_there"
        raise StepError(code, repository=repository) from None
    except LocalEntryNotFoundError as error:
        raise StepError("no_connection", reason=_cause(error)) from None
    except EntryNotFoundError:
        raise StepError("not_there", repository=repository) from None
    except HfHubHTTPError as error:
        status = _status(error)
        if status in _REFUSED:
            raise StepError("sign_in", repository=repository) from None
        if status == _TOO_MANY:
            raise StepError("too_many_requests") from None
        raise StepError("server", status=status) from None
    except httpx2.HTTPError as error:
        raise StepError("no_connection", reason=_words(error)) from None
    except OSError as error:
        if is_disk_full(error):
            raise StepError("disk_full") from None
        code = "no_connection" if isinstance(error, ConnectionError | TimeoutError) else "files"
        raise StepError(code, reason=_words(error)) from None


def _status(error: Exception) -> int:
    response = getattr(error, "response", None)
    return int(getattr(response, "status_code", 0))


def _cause(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return _words(error)


def _words(error: BaseException) -> str:
    words = " ".join(str(error).split()) or type(error).__name__
    return words[:200].rstrip(".")
