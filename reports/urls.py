"""Pages. Each opens from the main navigation or from a number."""

from django.urls import URLPattern, URLResolver, path

from reports.views import dashboard, monthly, register

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("cases/", dashboard.cases, name="cases"),
    path("register/", register.register, name="register"),
    path("register/<str:form>/", register.register_export, name="register_export"),
    path("monthly/", monthly.monthly, name="monthly"),
    path("monthly/xlsx/", monthly.monthly_export, name="monthly_export"),
]
