from django.urls import path

from accounts.views import keep_access, profile

urlpatterns = [
    path("profile/", profile.ProfileEdit.as_view(), name="profile_edit"),
    path("profile/tokens/", profile.ApiTokenCreate.as_view(), name="api_token_create"),
    path("profile/tokens/<slug:public_id>/revoke/", profile.ApiTokenRevoke.as_view(), name="api_token_revoke"),
    path("keep-access/", keep_access.KeepAccess.as_view(), name="keep_access"),
    path("keep-access/<str:token>/", keep_access.PersonalEmailConfirm.as_view(), name="personal_email_confirm"),
]
