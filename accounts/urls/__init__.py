from django.urls import path

from accounts.views import closed, colleagues, drafts, feed, keep_access, profile, roles, sign_ins, trail

urlpatterns = [
    path("account/suspended/", closed.AccountSuspended.as_view(), name="account_suspended"),
    path("profile/", profile.ProfileEdit.as_view(), name="profile_edit"),
    path("profile/tokens/", profile.ApiTokenCreate.as_view(), name="api_token_create"),
    path("profile/tokens/<slug:public_id>/revoke/", profile.ApiTokenRevoke.as_view(), name="api_token_revoke"),
    path("drafts/", drafts.DraftSave.as_view(), name="draft_save"),
    path("drafts/<slug:public_id>/discard/", drafts.DraftDiscard.as_view(), name="draft_discard"),
    path("keep-access/", keep_access.KeepAccess.as_view(), name="keep_access"),
    path("keep-access/<str:token>/", keep_access.PersonalEmailConfirm.as_view(), name="personal_email_confirm"),
    path("profile/devices/", sign_ins.SignInList.as_view(), name="sign_in_list"),
    path("profile/devices/end-others/", sign_ins.SignInEndOthers.as_view(), name="sign_in_end_others"),
    path("profile/devices/<slug:public_id>/end/", sign_ins.SignInEnd.as_view(), name="sign_in_end"),
    path("trail/", trail.TrailList.as_view(), name="trail_list"),
    path("invitation/<str:token>/", colleagues.InvitationAccept.as_view(), name="invitation_accept"),
    path("configuration/colleagues/", colleagues.ColleagueList.as_view(), name="colleague_list"),
    path("configuration/colleagues/new/", colleagues.ColleagueCreate.as_view(), name="colleague_create"),
    path(
        "configuration/colleagues/<slug:public_id>/invite/",
        colleagues.ColleagueInvite.as_view(),
        name="colleague_invite",
    ),
    path("configuration/colleagues/<slug:public_id>/roles/", roles.ColleagueRoles.as_view(), name="colleague_roles"),
    path(
        "configuration/colleagues/<slug:public_id>/roles/take/",
        roles.ColleagueRoleTake.as_view(),
        name="colleague_role_take",
    ),
    path("roles/", roles.RoleList.as_view(), name="role_list"),
    path("roles/reviewed/", roles.RoleReviewCreate.as_view(), name="role_review_create"),
    path("second-person/", roles.ProposalList.as_view(), name="proposal_list"),
    path("second-person/<slug:public_id>/", roles.ProposalDetail.as_view(), name="proposal_detail"),
    path("second-person/<slug:public_id>/confirm/", roles.ProposalConfirm.as_view(), name="proposal_confirm"),
    path("second-person/<slug:public_id>/end/", roles.ProposalEnd.as_view(), name="proposal_end"),
    path("configuration/feed/", feed.FeedRunList.as_view(), name="feed_run_list"),
    path("configuration/feed/new/", feed.FeedRunCreate.as_view(), name="feed_run_create"),
    path("configuration/feed/example.csv", feed.FeedExampleDownload.as_view(), name="feed_example_download"),
    path("configuration/feed/<slug:public_id>/", feed.FeedRunDetail.as_view(), name="feed_run_detail"),
    path("configuration/feed/<slug:public_id>/apply/", feed.FeedRunApply.as_view(), name="feed_run_apply"),
    path("configuration/feed/<slug:public_id>/set-aside/", feed.FeedRunCancel.as_view(), name="feed_run_cancel"),
    path(
        "configuration/feed/<slug:public_id>/refused-rows.csv",
        feed.FeedBadRowsDownload.as_view(),
        name="feed_bad_rows_download",
    ),
]
