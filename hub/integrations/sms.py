"""SMS through a gateway over HTTP (docs/operations.md). Off unless HUB_SMS_URL is set.

Another gateway: a function with the signature of ``send`` in its place.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from flask import current_app

TIMEOUT_SECONDS = 20
MAX_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where texts are handed over, and the token that says who we are."""

    url: str
    token: str


class SmsTrouble(Exception):
    """A text did not leave: it is tried again later."""


class SmsOff(SmsTrouble):
    """No gateway is set."""


class SmsAway(SmsTrouble):
    """The gateway could not be reached, or did not answer in time."""


class SmsRefused(SmsTrouble):
    """The gateway answered, and did not take the text; the message is its status."""


class _NoRedirect(HTTPRedirectHandler):
    """The token goes to the address that was set, and nowhere else."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def gateway() -> Gateway | None:
    """The gateway of this installation, or None: SMS are off."""
    url: str = current_app.config["SMS_URL"]
    return Gateway(url, current_app.config["SMS_TOKEN"]) if url else None


def send(number: str, text: str, message_id: str, to: Gateway) -> None:
    """Hand ``text`` for ``number`` (E.164) to the gateway; 2xx means that it takes care of it.

    ``message_id`` is the same at every attempt, so that the gateway can tell a second one. Raises
    SmsRefused or SmsAway.
    """
    body = json.dumps({"to": number, "text": text, "id": message_id}, ensure_ascii=False)
    headers = {
        "Authorization": f"Bearer {to.token}",
        "Content-Type": "application/json; charset=utf-8",
    }
    request = Request(to.url, body.encode(), headers, method="POST")  # noqa: S310 - set by us
    try:
        with build_opener(_NoRedirect).open(request, timeout=TIMEOUT_SECONDS) as answer:
            status = answer.status
    except HTTPError as error:
        error.close()
        status = error.code
    except OSError as error:
        raise SmsAway(type(error).__name__) from None
    if not 200 <= status < 300:
        raise SmsRefused(f"status {status}")
