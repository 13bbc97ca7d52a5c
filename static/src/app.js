// Everything works without this file; with it, pages are quicker and kinder. No inline scripts, no eval (strict CSP).
import htmx from "htmx.org";
import { drafts } from "./drafts.js";
import { passkeys } from "./passkeys.js";
import { theirTimes } from "./their_time.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  // Pages hold personal data and may be open on shared computers: keep none of them in the browser's storage.
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  // Refusals (409) and invalid forms (422) are pages to be read, so they are swapped in like any answer.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "409|422", swap: true },
    { code: "...", swap: false, error: true },
  ],
});

const say = (text) => {
  const region = document.getElementById("announcer");
  if (region) region.textContent = text;
};

function showMessage(text) {
  const messages = document.getElementById("messages");
  if (!messages) return;
  const alert = document.createElement("div");
  alert.className = "alert tone-error";
  alert.setAttribute("role", "alert");
  const body = document.createElement("div");
  body.textContent = text;
  alert.append(document.createElement("span"), body);
  messages.replaceChildren(alert);
  messages.scrollIntoView({ block: "nearest" });
}

// Error summaries and refusals take the focus, so that they are read first.
function focusFirst(root) {
  const target = root.querySelector?.("[data-focus]");
  if (target) {
    target.focus({ preventScroll: false });
    const title = document.title;
    if (target.classList.contains("error-summary") && !title.startsWith("Error: ")) document.title = `Error: ${title}`;
  }
  return Boolean(target);
}

function enhance(root) {
  theirTimes(root);
  for (const button of root.querySelectorAll("[data-print], [data-copy]")) button.hidden = false;
  for (const button of root.querySelectorAll("[data-autosubmit] [data-autosubmit-button]")) button.hidden = true;
}

// A form is sent once: the pressed button says so, and comes back when the page does.
function guard(event) {
  const form = event.target;
  if (event.defaultPrevented && !form.matches("[hx-post], [hx-get]")) return;
  if (form.method !== "post" || form.hasAttribute("data-no-guard")) return;
  if (form.dataset.sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sending = "yes";
  const button = event.submitter ?? form.querySelector("[type=submit]");
  const busy = button?.dataset.busy || "Sending…";
  say(busy);
  if (!button) return;
  button.setAttribute("aria-disabled", "true");
  const label = button.querySelector("[data-label]");
  if (label) {
    label.dataset.label = label.textContent;
    label.textContent = busy;
  }
}

function release(form) {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("[aria-disabled=true]")) {
    button.removeAttribute("aria-disabled");
    const label = button.querySelector("[data-label]");
    if (label?.dataset.label) label.textContent = label.dataset.label;
  }
}

document.addEventListener("submit", guard, true);
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-autosubmit]");
  if (form && event.target.matches("select, input[type=radio], input[type=checkbox], input[type=date]")) form.requestSubmit();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-print], [data-copy]");
  if (button?.hasAttribute("data-print")) window.print();
  if (button?.hasAttribute("data-copy")) {
    const source = document.querySelector(button.dataset.copy);
    if (!source) return;
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
      say("Copied");
      button.dataset.copied = "yes";
    } catch {
      // Clipboards need a secure page: select the text instead, so that it can be copied by hand.
      window.getSelection().selectAllChildren(source);
      say("Selected: copy it with your keyboard");
    }
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// How far an upload has come; the bar is in the page, hidden until the first byte is under way.
// A list with data-keys="rows" goes by j and k, and / leads to its search; every row is a link anyway.
document.addEventListener("keydown", (event) => {
  const list = document.querySelector('[data-keys="rows"]');
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (!list || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector('input[type="search"]')?.focus();
    return;
  }
  if (event.key !== "j" && event.key !== "k") return;
  const links = [...list.querySelectorAll("a.row-link")];
  const here = links.indexOf(document.activeElement.closest("a.row-link"));
  links[Math.min(Math.max(here + (event.key === "j" ? 1 : -1), 0), links.length - 1)]?.focus();
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector?.("[data-progress]");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = Math.round((100 * event.detail.loaded) / event.detail.total);
});

document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute?.("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.target?.removeAttribute?.("aria-busy");
  const form = event.detail.elt?.closest?.("form");
  if (form) release(form);
});
document.addEventListener("htmx:load", (event) => {
  enhance(event.detail.elt);
  if (event.detail.elt === document.body) return;
  if (!focusFirst(event.detail.elt.parentElement ?? event.detail.elt)) {
    const summary = event.detail.elt.querySelector?.("[data-announce]") ?? null;
    if (summary) say(summary.textContent.replace(/\s+/g, " ").trim());
  }
});
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 401 || status === 403) window.location.reload();
  else showMessage("Something went wrong at our end. Nothing was changed. Please try again in a moment.");
});
document.addEventListener("htmx:sendError", () => showMessage("We could not reach the service. Check your connection and try again."));

enhance(document);
passkeys(document, showMessage);
drafts(document);
focusFirst(document);
