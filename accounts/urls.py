"""Pages. A verb is the last segment of its address."""

from django.urls import URLPattern, URLResolver, path, re_path

from accounts import views

app_name = "accounts"
NOT_OURS = "signup|email|confirm-email|inactive|login/code|password/set|password/reset"
urlpatterns: list[URLPattern | URLResolver] = [
    re_path(rf"^(?:{NOT_OURS})/(?P<rest>.*)$", views.closed, name="closed"),
    path("profile/", views.profile, name="profile"),
    path("absences/", views.be_away, name="be_away"),
    path("absences/<int:pk>/cancel/", views.be_back, name="be_back"),
    path("tokens/", views.draw_token, name="draw_token"),
    path("tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("theme/", views.theme, name="theme"),
]
