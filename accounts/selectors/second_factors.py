from allauth.mfa.models import Authenticator

PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Kinds of second factor; recovery codes only stand in for one."""
