"""Reading and posting to the training pages."""

from django.test import Client
from django.urls import reverse


def text(client: Client, name: str, *args: object, **query: object) -> str:
    answer = client.get(reverse(f"mlmodels:{name}", args=args), query)  # type: ignore[arg-type]  # a test's shorthand
    assert answer.status_code == 200
    return answer.content.decode()


def said(client: Client, name: str, *args: object, **data: object) -> str:
    """Post, follow the redirect, and read the page it leads to."""
    answer = client.post(reverse(f"mlmodels:{name}", args=args), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()
