// Passkeys (WebAuthn). A form with data-passkey="create" or "get" carries a hidden field named credential; its button is
// hidden until the browser turns out to have passkeys. Options come from the JSON block that data-options names, or else
// from the form's own address.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const described = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

function creating({ publicKey }) {
  // A passkey here signs in by itself: it is kept by the device, which asks for finger, face or PIN.
  const selection = { ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" };
  return {
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: described(publicKey.excludeCredentials),
      authenticatorSelection: selection,
    },
  };
}

function getting({ publicKey }) {
  return { publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: described(publicKey.allowCredentials) } };
}

function told(credential) {
  const { response } = credential;
  const parts = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    parts.attestationObject = text(response.attestationObject);
    parts.transports = response.getTransports?.() ?? [];
  } else {
    parts.authenticatorData = text(response.authenticatorData);
    parts.signature = text(response.signature);
    parts.userHandle = response.userHandle ? text(response.userHandle) : null;
  }
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    response: parts,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function options(form) {
  const block = document.getElementById(form.dataset.options ?? "");
  if (block) {
    const data = JSON.parse(block.textContent);
    return data.creation_options ?? data.request_options;
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).request_options;
}

async function ask(form, showMessage) {
  try {
    const asked = await options(form);
    const credential =
      form.dataset.passkey === "create" ? await navigator.credentials.create(creating(asked)) : await navigator.credentials.get(getting(asked));
    form.elements.credential.value = JSON.stringify(told(credential));
    form.submit();
  } catch (problem) {
    if (problem.name === "InvalidStateError") showMessage("This device already holds a passkey of yours.");
    else if (problem.name === "NotAllowedError") showMessage("No passkey was used. Try again, or choose another way.");
    else showMessage("That did not work. Try again, or choose another way.");
  }
}

export function passkeys(root, showMessage) {
  if (!window.PublicKeyCredential || !navigator.credentials) {
    for (const words of root.querySelectorAll("[data-without-passkeys]")) words.hidden = false;
    return;
  }
  for (const form of root.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[data-passkey-button]");
    button.hidden = false;
    button.addEventListener("click", () => ask(form, showMessage));
  }
  for (const part of root.querySelectorAll("[data-with-passkeys]")) part.hidden = false;
}
