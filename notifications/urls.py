"""Pages. A verb is the last segment of its address."""

from django.urls import URLPattern, URLResolver, path

from notifications import views

app_name = "notifications"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.inbox, name="inbox"),
    path("latest/", views.latest, name="latest"),
    path("read/", views.read_all, name="read_all"),
    path("<int:key>/read/", views.read, name="read"),
]
