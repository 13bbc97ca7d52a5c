"""SAML 2.0 web sign-on, requiring what python3-saml leaves optional.

python3-saml checks signatures, schema, times, audience, issuer and destination, but accepts missing conditions and
compares by prefix. We require that the signed assertion itself names our request, our address and us (SAML profiles
4.1.4.3) and is used only once. Addresses come from SITE_URL, never from the Host header.
"""

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from accounts.rules.identity import Assertion, says_second_factor
from accounts.sign_in.provider import OurProvider
from accounts.sign_in.provider_settings import SignOnProvider

LASTING_FORMATS = (Saml.NAMEID_PERSISTENT, Saml.NAMEID_UNSPECIFIED)
"""NameID formats that can be a subject. Transient ids change, and an email address is not an identity."""
LONGEST_RESPONSE = 200_000


class SamlRefused(ProviderException):
    """The response proves nothing. The text is for the log and contains no personal data."""


@dataclass(frozen=True)
class SamlAnswer:
    """A response with valid signature and conditions, and the request that it answers."""

    assertion: Assertion
    in_response_to: str


class SamlProvider(OurProvider, SAMLProvider):
    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **_: Any
    ) -> HttpResponse:
        """Redirects to the provider. The request's id is the state that the response must contain."""
        auth = OneLogin_Saml2_Auth(_request_data(self.settings), _toolkit_settings(self.settings))
        address = auth.login(return_to="")
        self.stash_redirect_state(request, process, next_url, data, state_id=auth.get_last_request_id())
        return HttpResponseRedirect(address)


def receive(provider: SignOnProvider, response: str) -> SamlAnswer:
    """Verifies a response. `response` is the base64 text that the browser posted. Raises SamlRefused."""
    if not response or len(response) > LONGEST_RESPONSE:
        raise SamlRefused("no response")
    try:
        parsed = OneLogin_Saml2_Response(OneLogin_Saml2_Settings(_toolkit_settings(provider)), response)
        if not parsed.is_valid(_request_data(provider, response)):
            raise SamlRefused("not valid")
        received = _verified(provider, parsed)
    except (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, ValueError, SyntaxError) as problem:
        raise SamlRefused(type(problem).__name__) from None
    _use_once(provider, parsed)
    return received


def metadata(provider: SignOnProvider) -> str:
    """Our service provider metadata for the provider's administrators."""
    toolkit = OneLogin_Saml2_Settings(_toolkit_settings(provider), sp_validation_only=True)
    said = toolkit.get_sp_metadata()
    return said.decode() if isinstance(said, bytes) else str(said)


def _verified(provider: SignOnProvider, response: OneLogin_Saml2_Response) -> SamlAnswer:
    in_response_to = response.get_in_response_to()
    if not in_response_to:
        raise SamlRefused("unsolicited")
    if response.document.get("Destination") != acs_url(provider):
        raise SamlRefused("destination")
    if not response.get_audiences():
        raise SamlRefused("no audience")
    _check_confirmation(provider, response, in_response_to)
    said = response.get_attributes()
    contexts = {"authn_context": response.get_authn_contexts()}
    assertion = Assertion(
        issuer=provider.issuer,
        subject=_subject(provider, response),
        university_id=_one(said, provider.university_id_claim),
        email=_one(said, provider.email_claim),
        second_factor=says_second_factor(provider.second_factor, contexts),
    )
    return SamlAnswer(assertion, in_response_to)


def _check_confirmation(provider: SignOnProvider, response: OneLogin_Saml2_Response, in_response_to: str) -> None:
    """A bearer confirmation must name exactly our address, our request and an end of validity (profiles 4.1.4.2)."""
    for confirmation in response.document.iterfind(f".//{{{Saml.NS_SAML}}}SubjectConfirmation"):
        data = confirmation.find(f"{{{Saml.NS_SAML}}}SubjectConfirmationData")
        if confirmation.get("Method") != Saml.CM_BEARER or data is None:
            continue
        named = (data.get("Recipient"), data.get("InResponseTo"))
        if named == (acs_url(provider), in_response_to) and data.get("NotOnOrAfter"):
            return
    raise SamlRefused("confirmation")


def _subject(provider: SignOnProvider, response: OneLogin_Saml2_Response) -> str:
    """The configured attribute, otherwise a lasting NameID.

    It is unique within the issuer, so name qualifiers are ignored.
    """
    if provider.subject_attribute:
        subject = _one(response.get_attributes(), provider.subject_attribute)
    elif response.get_nameid_format() not in (None, *LASTING_FORMATS):
        raise SamlRefused("the NameID does not last")
    else:
        subject = str(response.get_nameid() or "").strip()
    if not subject:
        raise SamlRefused("no subject")
    return subject


def _one(said: dict[str, list[Any]], name: str) -> str:
    """The attribute's value if it has exactly one; otherwise empty."""
    values = said.get(name, [])
    return str(values[0] or "").strip() if len(values) == 1 else ""


def _use_once(provider: SignOnProvider, response: OneLogin_Saml2_Response) -> None:
    """Refuses a second use in any browser for as long as the assertion would be valid."""
    ends = response.get_assertion_not_on_or_after() or 0
    seconds = max(60, int(ends - OneLogin_Saml2_Utils.now()) + 300)
    place = hashlib.sha256(f"{provider.issuer} {response.get_assertion_id()}".encode()).hexdigest()
    if not cache.add(f"saml-used:{place}", True, timeout=seconds):
        raise SamlRefused("used before")


def acs_url(provider: SignOnProvider) -> str:
    return settings.SITE_URL + reverse("saml_acs", args=[provider.id])


def _request_data(provider: SignOnProvider, response: str = "") -> dict[str, Any]:
    here = urlsplit(settings.SITE_URL)
    return {
        "https": "on" if here.scheme == "https" else "off",
        "http_host": here.netloc,
        "script_name": "",
        "path_info": reverse("saml_acs", args=[provider.id]),
        "get_data": {},
        "post_data": {"SAMLResponse": response} if response else {},
    }


def _toolkit_settings(provider: SignOnProvider) -> dict[str, Any]:
    metadata_url = settings.SITE_URL + reverse("saml_metadata", args=[provider.id])
    return {
        "strict": True,
        "debug": False,
        "sp": {
            "entityId": provider.sp_entity_id or metadata_url,
            "assertionConsumerService": {"url": acs_url(provider), "binding": Saml.BINDING_HTTP_POST},
            "NameIDFormat": Saml.NAMEID_UNSPECIFIED if provider.subject_attribute else Saml.NAMEID_PERSISTENT,
        },
        "idp": {
            "entityId": provider.issuer,
            "singleSignOnService": {"url": provider.sso_url, "binding": Saml.BINDING_HTTP_REDIRECT},
            "x509certMulti": {"signing": list(provider.certificates)},
        },
        "security": {
            "requestedAuthnContext": False,
            "wantNameId": not provider.subject_attribute,
            "rejectDeprecatedAlgorithm": True,
            "allowSingleLabelDomains": provider.allow_http,
            "allowRepeatAttributeName": True,
        },
    }
