"""Routes of cases and their panels."""

from django.urls import URLPattern, path

from cases.views import (
    assess,
    case_list,
    case_page,
    close,
    merging,
    people,
    plan,
    reveal,
    sections,
    services,
    sharing,
    walls,
)

_case = "cases/<uuid:pk>/"
_consent = f"{_case}sharing/consents/<uuid:consent>/"
_person = f"{_case}people/<uuid:party>/"

urlpatterns: list[URLPattern] = [
    path("cases/", case_list.case_list, name="list"),
    path("cases/export.csv", case_list.case_export, name="export"),
    path(_case, case_page.case_detail, name="detail"),
    path(f"{_case}timeline/", case_page.case_timeline, name="timeline"),
    path(f"{_case}assess/", assess.assess, name="assess"),
    path(f"{_case}assess/preview/", assess.preview, name="assess-preview"),
    path(f"{_case}reassess/", assess.reassess, name="reassess"),
    path(f"{_case}plan/", plan.plan, name="plan"),
    path(f"{_case}callback/", plan.callback, name="callback"),
    path(f"{_case}assign/", plan.assign, name="assign"),
    path(f"{_case}follow-up/", plan.follow_up, name="follow-up"),
    path(f"{_case}resume/", plan.resume, name="resume"),
    path(f"{_case}close/", close.close, name="close"),
    path(f"{_case}refuse/", close.refuse, name="refuse"),
    path(f"{_case}reopen/", close.reopen, name="reopen"),
    path(f"{_case}merge/", merging.merge, name="merge"),
    path(f"{_case}sections/<slug:code>/", sections.section, name="section"),
    path(f"{_case}people/add/", people.person_add, name="person-add"),
    path(f"{_person}identity/", people.identity, name="person-identity"),
    path(f"{_person}contact/", people.contact, name="person-contact"),
    path(f"{_person}safe-contact/", people.safe_contact, name="person-safe"),
    path(f"{_person}reveal/<slug:what>/", reveal.reveal, name="reveal"),
    path(f"{_case}walls/", walls.walls, name="walls"),
    path(f"{_case}walls/<uuid:wall>/lift/", walls.wall_lift, name="wall-lift"),
    path(f"{_case}seal/", walls.seal, name="seal"),
    path(f"{_case}seal/lift/", walls.unseal, name="unseal"),
    path(f"{_case}services/add/", services.service_add, name="service-add"),
    path(f"{_case}orders/add/", services.order_add, name="order-add"),
    path(f"{_case}sharing/", sharing.sharing, name="sharing"),
    path(f"{_case}sharing/print/", sharing.sharing_print, name="sharing-print"),
    path(f"{_case}sharing/end/", sharing.grant_end, name="sharing-end"),
    path(_consent, sharing.consent, name="consent"),
    path(f"{_consent}withdraw/", sharing.consent_take_back, name="consent-withdraw"),
    path(f"{_consent}decide/", sharing.consent_follow, name="consent-decide"),
    path(f"{_case}panels/owed/", plan.work_panel, name="panel-work"),
    path(f"{_case}panels/people/", people.people_panel, name="panel-people"),
    path(f"{_case}panels/texts/", sections.text_panel, name="panel-texts"),
    path(f"{_case}panels/risk/", assess.risk_panel, name="panel-risk"),
    path(f"{_case}panels/services/", services.service_panel, name="panel-services"),
    path(f"{_case}panels/followups/", plan.followup_panel, name="panel-followups"),
    path(f"{_case}panels/orders/", services.order_panel, name="panel-orders"),
    path(f"{_case}panels/sharing/", sharing.sharing_panel, name="panel-sharing"),
    path(f"{_case}panels/log/", sharing.log_panel, name="panel-log"),
]
