"""The working calendars."""

from django.urls import URLPattern, URLResolver, path

from sla import views

app_name = "sla"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.calendars, name="calendars"),
    path("publish/", views.calendar_publish, name="publish"),
    path("versions/<int:version>/", views.progress, name="progress"),
]
