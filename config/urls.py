"""Addresses. Each app names its own; the API of every app is mounted below /api/v1/."""

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import health, metrics

handler500 = "config.refusals.broken"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("heartbeat", health.pulse, name="heartbeat"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", login_required(SpectacularSwaggerSplitView.as_view(template_name="api/docs.html")), name="docs"),
    path("api/v1/", include("complaints.api")),
    path("notifications/", include("notifications.urls")),
    path("reports/", include("reports.urls")),
    path("calendars/", include("sla.urls")),
    path("", include("complaints.urls")),
]
