"""A site on Django, with accounts and sessions in SQLite: `django_site.py PORT FOLDER`.

FOLDER has the view of the recipe, as billing_session.py.
"""

import json
import sys
from wsgiref.simple_server import make_server

import django
from django.conf import settings
from django.http import JsonResponse
from django.urls import path

PORT, FOLDER, ENDPOINT = sys.argv[1:]
sys.path.insert(0, FOLDER)

settings.configure(
    SECRET_KEY="only for tests",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    SESSION_SAVE_EVERY_REQUEST=True,
    USE_TZ=True,
)
django.setup()

from django.contrib.auth import authenticate, login, logout  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402

from billing_session import billing_session  # noqa: E402

call_command("migrate", verbosity=0)
User.objects.create_user("ada", "ada@example.com", "a long password", pk=42)


def sign_in(request):
    login(request, authenticate(request, **json.loads(request.body)))
    return JsonResponse({})


def sign_out(request):
    logout(request)
    return JsonResponse({})


urlpatterns = [
    path("in", sign_in),
    path("out", sign_out),
    path(ENDPOINT.lstrip("/"), billing_session),
]

make_server("127.0.0.1", int(PORT), WSGIHandler()).serve_forever()
