// Saves what is being typed into a form with a text box, a moment after the last key. The server says which forms it keeps;
// a form that was sent has no draft. Forms with data-no-draft are left alone.

const PAUSE = 2000;
const LONGEST = 30000;
const timers = new WeakMap();

function body(form) {
  const typed = new FormData(form);
  for (const [name, value] of [...typed]) if (value instanceof File) typed.delete(name);
  typed.append("draft_address", new URL(form.action, document.baseURI).pathname);
  return typed;
}

async function save(form) {
  const box = timers.get(form)?.box;
  timers.delete(form);
  if (form.dataset.sending) return;
  try {
    const answer = await fetch("/drafts/", { method: "POST", body: body(form), credentials: "same-origin", redirect: "manual" });
    if (answer.status === 404) form.dataset.noDraft = "yes";
    if (answer.status === 204) note(form, box?.closest(".field") ?? form);
  } catch {
    // No connection: what was typed is still on the page, and the next key tries again.
  }
}

// Beside the box that was typed into: a form may be as long as its page.
function note(form, place) {
  let line = form.querySelector("[data-draft-note]");
  if (!line) {
    line = document.createElement("p");
    line.className = "muted small";
    line.dataset.draftNote = "yes";
  }
  place.append(line);
  line.textContent = `Draft saved at ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`;
}

export function drafts(root) {
  root.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || form.method !== "post" || form.dataset.noDraft || !form.querySelector("textarea")) return;
    const since = timers.get(form)?.since ?? Date.now();
    clearTimeout(timers.get(form)?.timer);
    const wait = Date.now() - since > LONGEST ? 0 : PAUSE;
    timers.set(form, { since, box: event.target, timer: setTimeout(save, wait, form) });
  });
  root.addEventListener("submit", (event) => {
    clearTimeout(timers.get(event.target)?.timer);
    timers.delete(event.target);
  });
  // Leaving the page within the pause: one last request that outlives it.
  window.addEventListener("pagehide", () => {
    for (const form of document.forms) {
      if (!timers.has(form) || form.dataset.sending) continue;
      clearTimeout(timers.get(form).timer);
      navigator.sendBeacon("/drafts/", body(form));
    }
  });
}
