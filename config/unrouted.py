"""Paths under /api/ that lead nowhere as they are written."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import resolve
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request
from rest_framework.views import APIView


class NowhereView(APIView):
    """Not found, in the API's own shape; whoever has not signed in is asked to, and learns of no path."""

    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404


nowhere = NowhereView.as_view()


@csrf_exempt
def unrouted(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Serve a path that lacks only its last slash, since a redirect would lose what was posted; or not found.

    The view that is found guards itself, against forged requests too: the API's views take a session's cookie only
    with its CSRF token.
    """
    if not rest.endswith("/"):
        meant = resolve(f"{request.path_info}/")
        if meant.func is not unrouted:
            return meant.func(request, *meant.args, **meant.kwargs)  # type: ignore[no-any-return]  # any view
    return nowhere(request)
