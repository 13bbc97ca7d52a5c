from django.urls import path

from accounts.views import feed, profile

urlpatterns = [
    path("profile/", profile.ProfileEdit.as_view(), name="profile_edit"),
    path("profile/tokens/", profile.ApiTokenCreate.as_view(), name="api_token_create"),
    path("profile/tokens/<slug:public_id>/revoke/", profile.ApiTokenRevoke.as_view(), name="api_token_revoke"),
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
