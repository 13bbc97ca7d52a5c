"""All routes for signing in and out, under /accounts/. allauth's other pages (sign-up, connecting) have none, so they
answer 404.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from django.urls import path, re_path

from accounts.views import second_factor, sign_on

reset_key = r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$"

urlpatterns = [
    path("login/", sign_on.AccountLogin.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(reset_key, account.password_reset_from_key, name="account_reset_password_from_key"),
    # The University's sign-on
    path("university/", sign_on.SignOnRequired.as_view(), name="sign_on_required"),
    path("university/cancelled/", sign_on.SocialaccountLoginCancelled.as_view(), name="socialaccount_login_cancelled"),
    path("oidc/<slug:id>/login/", sign_on.OpenidConnectLogin.as_view(), name="openid_connect_login"),
    path(
        "oidc/<slug:provider_id>/login/callback/",
        sign_on.OpenidConnectCallback.as_view(),
        name="openid_connect_callback",
    ),
    path("saml/<slug:id>/login/", sign_on.SamlLogin.as_view(), name="saml_login"),
    path("saml/<slug:id>/acs/", sign_on.SamlAcs.as_view(), name="saml_acs"),
    path("saml/<slug:id>/acs/finish/", sign_on.SamlFinishAcs.as_view(), name="saml_finish_acs"),
    path("saml/<slug:id>/metadata/", sign_on.SamlMetadata.as_view(), name="saml_metadata"),
    # The second factor
    path("protect/", second_factor.SecondFactorEnrol.as_view(), name="second_factor_enrol"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/app/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/app/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/codes/generate/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/passkeys/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", second_factor.MfaAddWebauthn.as_view(), name="mfa_add_webauthn"),
    path("2fa/passkeys/login/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("2fa/passkeys/reauthenticate/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("2fa/passkeys/<int:pk>/edit/", passkey.edit_webauthn, name="mfa_edit_webauthn"),
    path("2fa/passkeys/<int:pk>/remove/", passkey.remove_webauthn, name="mfa_remove_webauthn"),
]
