// Times are written in the institution's zone. A device that is set to another one also shows its own, beside them.
export function theirTimes(root) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const place of root.querySelectorAll("[data-their-time][hidden]")) {
    const moment = new Date(place.dataset.theirTime);
    const theirs = parts(moment, here);
    const ours = parts(moment, place.dataset.zone);
    if (theirs.day === ours.day && theirs.time === ours.time) continue;
    place.textContent = `${theirs.day === ours.day ? "" : `${theirs.day}, `}${theirs.time} your time`;
    place.hidden = false;
    const time = place.closest("a.time[aria-label]");
    if (time) time.setAttribute("aria-label", `${time.getAttribute("aria-label")} (${place.textContent})`);
  }
}

function parts(moment, timeZone) {
  const day = new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "long", day: "numeric", month: "long" });
  const time = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return { day: day.format(moment).replace(",", ""), time: time.format(moment) };
}
