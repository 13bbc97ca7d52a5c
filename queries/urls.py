from django.urls import path

from queries.views import calls, emails, links, staff, student, templates

urlpatterns = [
    path("queries/", student.QueryList.as_view(), name="query_list"),
    path("queries/new/", student.QueryCreate.as_view(), name="query_create"),
    path("queries/<slug:public_id>/", student.QueryDetail.as_view(), name="query_detail"),
    path("queries/<slug:public_id>/resolve/", student.QueryResolve.as_view(), name="query_resolve"),
    path("queries/<slug:public_id>/undo/", student.OwnQueryUndo.as_view(), name="own_query_undo"),
    path("staff/queries/", staff.QueryInbox.as_view(), name="query_inbox"),
    path("staff/queries/call/<slug:public_id>/", calls.CallCreate.as_view(), name="call_create"),
    path("staff/queries/emails/", emails.InboundEmailList.as_view(), name="inbound_email_list"),
    path(
        "staff/queries/emails/<slug:public_id>/original/",
        emails.InboundEmailOriginal.as_view(),
        name="inbound_email_original",
    ),
    path(
        "staff/queries/emails/<slug:public_id>/retry/", emails.InboundEmailRetry.as_view(), name="inbound_email_retry"
    ),
    path("staff/queries/emails/<slug:public_id>/open/", emails.InboundEmailOpen.as_view(), name="inbound_email_open"),
    path(
        "staff/queries/emails/<slug:public_id>/settle/",
        emails.InboundEmailSettle.as_view(),
        name="inbound_email_settle",
    ),
    path("staff/queries/templates/", templates.ReplyTemplateList.as_view(), name="reply_template_list"),
    path("staff/queries/templates/new/", templates.ReplyTemplateCreate.as_view(), name="reply_template_create"),
    path(
        "staff/queries/templates/<slug:public_id>/", templates.ReplyTemplateEdit.as_view(), name="reply_template_edit"
    ),
    path("staff/queries/<slug:public_id>/", staff.QueryAnswer.as_view(), name="query_answer"),
    path("staff/queries/<slug:public_id>/comment/", staff.QueryComment.as_view(), name="query_comment"),
    path("staff/queries/<slug:public_id>/assign/", staff.QueryAssign.as_view(), name="query_assign"),
    path("staff/queries/<slug:public_id>/category/", staff.QueryRecategorise.as_view(), name="query_recategorise"),
    path("staff/queries/<slug:public_id>/state/", staff.QueryState.as_view(), name="query_state"),
    path("staff/queries/<slug:public_id>/merge/", staff.QueryMerge.as_view(), name="query_merge"),
    path("staff/queries/<slug:public_id>/link/", links.QueryLink.as_view(), name="query_link"),
    path("staff/queries/<slug:public_id>/undo/", staff.QueryUndo.as_view(), name="query_undo"),
    path("staff/queries/<slug:public_id>/unmerge/", staff.QueryUnmerge.as_view(), name="query_unmerge"),
    path("staff/queries/<slug:public_id>/decide/", staff.QueryDecide.as_view(), name="query_decide"),
]
