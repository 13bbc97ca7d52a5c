/* The door: reads a student's code with the camera, and keeps what is scanned without a network until it is back.
   Only the registration's id, the time and a number of its own are kept, and they are deleted once they are sent. */
import jsQR from "jsqr";

const WAITING = "door-waiting";
const CODE = /\/registrations\/([2-9a-z]{12})\/?/;
const input = document.querySelector("[data-door-input]");
const scanner = document.querySelector("[data-door-scanner]");
const queueUrl = document.querySelector("[data-door-queue]")?.dataset.doorQueue;
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? JSON.parse(document.body.getAttribute("hx-headers"))["x-csrftoken"];
const waiting = () => JSON.parse(localStorage.getItem(WAITING) ?? "[]");
const say = (text) => { document.querySelector("#announcer").textContent = text; };

function show() {
  const place = document.querySelector("[data-door-waiting]");
  const count = waiting().length;
  if (!place) return;
  place.hidden = !count;
  place.textContent = `${count} scanned without a network. We’ll send ${count === 1 ? "it" : "them"} when it is back.`;
}

function keep(registration) {
  const all = waiting().filter((each) => each.registration !== registration);
  all.push({ registration, at: new Date().toISOString(), key: crypto.randomUUID(), url: queueUrl });
  localStorage.setItem(WAITING, JSON.stringify(all));
  say("Saved. We’ll send it when the network is back.");
  show();
}

/* Deletes a scan only when the server has said what became of it: a page to sign in, or an error, says nothing. */
async function send() {
  for (const each of waiting()) {
    const body = new FormData();
    body.set("registration", each.registration);
    body.set("how", "code");
    body.set("at", each.at);
    body.set("clock", new Date().toISOString());
    body.set("sent_key", each.key);
    let said;
    try {
      const answer = await fetch(each.url, { method: "POST", body, headers: { "x-csrftoken": token() } });
      if (!answer.ok || answer.redirected) break;
      said = await answer.json();
    } catch {
      break;
    }
    localStorage.setItem(WAITING, JSON.stringify(waiting().filter((other) => other.key !== each.key)));
    const line = document.createElement("li");
    line.textContent = said.words;
    document.querySelector("[data-door-sent]").append(line);
    say(said.words);
  }
  show();
}

function found(text) {
  const code = CODE.exec(text)?.[1];
  if (!code) return;
  if (navigator.onLine) {
    input.value = text;
    input.form.requestSubmit();
  } else {
    keep(code);
  }
}

async function scan(button, video) {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    say("The camera cannot be used. Type the name instead.");
    button.textContent = "The camera cannot be used. Type the name instead.";
    return;
  }
  video.hidden = false;
  await video.play();
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let last = "";
  const look = () => {
    if (!video.srcObject) return;
    if (video.videoWidth) {
      [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
      context.drawImage(video, 0, 0);
      const code = jsQR(context.getImageData(0, 0, canvas.width, canvas.height).data, canvas.width, canvas.height);
      if (code && code.data !== last) {
        last = code.data;
        found(code.data);
      }
    }
    setTimeout(look, 150);
  };
  look();
}

if (scanner && navigator.mediaDevices) {
  scanner.hidden = false;
  const button = scanner.querySelector("[data-door-scan]");
  button.addEventListener("click", () => scan(button, scanner.querySelector("video")));
}
window.addEventListener("online", send);
show();
if (navigator.onLine) send();
