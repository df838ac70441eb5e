"""The bare view: a fixed page of 3.4 kB through two middlewares, on the same server. What Django itself costs."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

BYTES = 3_426
PAGE = ("<!doctype html><title>bare</title><p>" + "投诉登记 " * 400).encode()[:BYTES]


def page(request: HttpRequest) -> HttpResponse:
    """The same bytes every time."""
    return HttpResponse(PAGE)


urlpatterns = [path("", page)]

if not settings.configured:
    settings.configure(
        ROOT_URLCONF=__name__,
        SECRET_KEY=os.environ["SECRET_KEY"],
        ALLOWED_HOSTS=["127.0.0.1"],
        MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
    )
    django.setup(set_prefix=False)
application = WSGIHandler()
