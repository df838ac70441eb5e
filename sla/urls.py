"""The working calendars."""

from django.urls import URLPattern, URLResolver, path

from sla import views

app_name = "sla"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.calendars, name="calendars"),
    path("new/", views.calendar_create, name="create"),
    path("publish/", views.calendar_publish, name="publish"),
    path("units/", views.units, name="units"),
    path("units/<int:unit>/", views.choose_calendar, name="choose"),
    path("versions/<int:version>/", views.progress, name="progress"),
]
