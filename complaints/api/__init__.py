"""The HTTP API of complaints, mounted at /api/v1/. A deed is the last segment of its address."""

from django.urls import URLPattern, path, re_path

from complaints.api import dates, deeds
from complaints.api.intake import Complaints
from complaints.api.policies import Policies
from complaints.api.reading import History, Reading
from complaints.api.view import Nowhere

app_name = "api"
DEED_VIEWS = tuple(view for view in deeds.Deed.__subclasses__() if view.__module__ in {deeds.__name__, dates.__name__})
urlpatterns: list[URLPattern] = [
    path("complaints/", Complaints.as_view(), name="complaints"),
    path("complaints/<str:reference>/", Reading.as_view(), name="complaint"),
    path("complaints/<str:reference>/history/", History.as_view(), name="history"),
    *(
        path(f"complaints/<str:reference>/{view.verb.value}/", view.as_view(), name=view.verb.value)
        for view in DEED_VIEWS
    ),
    path("policies/", Policies.as_view(), name="policies"),
    re_path("", Nowhere.as_view(), name="nowhere"),
]
