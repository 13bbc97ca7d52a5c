from django.urls import path

from accounts.views import closed, profile

urlpatterns = [
    path("account/suspended/", closed.AccountSuspended.as_view(), name="account_suspended"),
    path("profile/", profile.ProfileEdit.as_view(), name="profile_edit"),
    path("profile/tokens/", profile.ApiTokenCreate.as_view(), name="api_token_create"),
    path("profile/tokens/<slug:public_id>/revoke/", profile.ApiTokenRevoke.as_view(), name="api_token_revoke"),
]
