from django.urls import path

from security.views import cases, register, reporter, reports

urlpatterns = [
    path("report/", reporter.ConcernReport.as_view(), name="concern_report"),
    path("report/received/", reporter.ConcernReceived.as_view(), name="concern_received"),
    path("", register.SecurityRegister.as_view(), name="security_register"),
    path("leads/<slug:public_id>/", register.LeadDetail.as_view(), name="lead_detail"),
    path("leads/<slug:public_id>/dismiss/", register.LeadDismiss.as_view(), name="lead_dismiss"),
    path("cases/new/", cases.CaseCreate.as_view(), name="case_create"),
]

urlpatterns += [
    path("cases/<slug:public_id>/", cases.CaseDetail.as_view(), name="case_detail"),
    path("cases/<slug:public_id>/investigate/", cases.CaseInvestigate.as_view(), name="case_investigate"),
    path("cases/<slug:public_id>/notes/", cases.CaseNoteCreate.as_view(), name="case_note_create"),
    path("cases/<slug:public_id>/outcomes/", cases.OutcomeCreate.as_view(), name="outcome_create"),
    path("cases/<slug:public_id>/close/", cases.CaseClose.as_view(), name="case_close"),
    path("cases/<slug:public_id>/reinstate/", cases.CaseReinstate.as_view(), name="case_reinstate"),
    path("cases/<slug:public_id>/termination/", cases.TerminationPropose.as_view(), name="termination_propose"),
    path(
        "cases/<slug:public_id>/termination/withdraw/",
        cases.TerminationWithdraw.as_view(),
        name="termination_withdraw",
    ),
    path("cases/<slug:public_id>/termination/confirm/", cases.TerminationConfirm.as_view(), name="termination_confirm"),
    path("cases/<slug:public_id>/breach/", cases.BreachCreate.as_view(), name="breach_create"),
    path("cases/<slug:public_id>/breach/notified/", cases.BreachNotified.as_view(), name="breach_notified"),
    path("cases/<slug:public_id>/breach/not-needed/", cases.BreachNotNeeded.as_view(), name="breach_not_needed"),
    path("cases/<slug:public_id>/reports/<slug:report_id>/", reports.CaseReportEdit.as_view(), name="case_report_edit"),
    path(
        "cases/<slug:public_id>/reports/<slug:report_id>/again/",
        reports.CaseReportSendAgain.as_view(),
        name="case_report_send_again",
    ),
]
