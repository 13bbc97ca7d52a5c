/* A tablet that stands alone: the answer to one person is gone before the next one comes. */
const SECONDS = 8;
const answer = document.querySelector("[data-tablet-answer]");

if (answer?.textContent.trim()) setTimeout(() => answer.replaceChildren(), SECONDS * 1000);
