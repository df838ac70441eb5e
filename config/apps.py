"""What has to be known before the first request: the task queue's settings, the system checks, the admin's site."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class ConfigConfig(AppConfig):
    """The project itself, as an app: its checks, its commands and its template tags."""

    name = "config"

    def ready(self) -> None:
        """Register the checks, and make the queue known to every process that may send a task."""
        from config import celery, checks  # noqa: F401


class AdminConfig(admin_apps.AdminConfig):
    """The settings pages, with a site of our own."""

    default_site = "config.administration.SettingsSite"
