"""Pages. A verb is the last segment of its address."""

from django.urls import URLPattern, URLResolver, path

from complaints.states import DEEDS
from complaints.views import (
    case,
    deeds,
    drafts,
    evidence,
    intake,
    intake_answers,
    lists,
    overdue,
    people,
    policies,
    policymaking,
    proof,
    saved,
    work,
)

app_name = "complaints"
of_many: list[URLPattern] = [
    path("", lists.home, name="home"),
    path("find/", lists.find, name="find"),
    path("work/", work.work, name="work"),
    path("views/", saved.views, name="views"),
    path("views/<int:key>/discard/", saved.discard, name="discard_view"),
    path("complaints/", lists.queue, name="queue"),
    path("complaints/overdue/", overdue.overdue, name="overdue"),
    path("complaints/overdue/remind/", overdue.overdue_remind, name="overdue_remind"),
    path("complaints/overdue/assign/", overdue.overdue_assign, name="overdue_assign"),
    path("complaints/overdue/people/", people.overdue_people, name="overdue_people"),
]
of_intake: list[URLPattern] = [
    path("complaints/new/", intake.register, name="register"),
    path("complaints/new/clocks/", intake_answers.intake_clocks, name="intake_clocks"),
    path("complaints/new/known/", intake_answers.intake_known, name="intake_known"),
    path("complaints/new/options/<str:what>/", intake_answers.intake_options, name="intake_options"),
    path("complaints/new/keep/", drafts.keep_draft, name="keep_draft"),
    path("complaints/new/files/", drafts.intake_files, name="intake_files"),
    path("complaints/new/drafts/<uuid:draft_id>/discard/", drafts.discard_draft, name="discard_draft"),
]
# One case: after every other address below complaints/, for a reference fits any word.
of_one_case: list[URLPattern] = [
    path("complaints/<str:reference>/", case.case, name="case"),
    path("complaints/<str:reference>/people/", people.people, name="people"),
    path("complaints/<str:reference>/clocks/<str:target>/", proof.deadline, name="deadline"),
    path("complaints/<str:reference>/evidence/<uuid:key>/", evidence.evidence, name="evidence"),
    *(path(f"complaints/<str:reference>/{verb}/", getattr(deeds, verb), name=verb) for verb in DEEDS),
]
of_policies: list[URLPattern] = [
    path("policies/", policies.policies, name="policies"),
    path("policies/draft/", policymaking.draft_policy, name="draft_new_policy"),
    path("policies/<slug:code>/", policies.policy, name="policy"),
    path("policies/<slug:code>/draft/", policymaking.draft_policy, name="draft_policy"),
    path("policies/<slug:code>/<int:number>/", policymaking.decide_policy, name="decide_policy"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    *of_policies,
    *of_many,
    *of_intake,
    *of_one_case,
]
