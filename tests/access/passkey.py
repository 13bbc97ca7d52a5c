from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from tests.access.bodies import Ids


def credential() -> Ids:
    """What a browser sends when a passkey is created."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    made = AttestedCredentialData.create(bytes(16), b"a" * 16, ES256.from_cryptography_key(key))
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    attested = AttestationObject.create("none", AuthenticatorData.create(bytes(32), flags, 0, bytes(made)), {})
    said = CollectedClientData.create("webauthn.create", b"challenge", "https://careers.example.ac.uk")
    response = {"clientDataJSON": websafe_encode(said), "attestationObject": websafe_encode(attested)}
    id = websafe_encode(b"a" * 16)
    return {"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {}}
