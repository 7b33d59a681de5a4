"use strict";
const form = document.getElementById("filter"), outlet = document.getElementById("of-outlet");
const words = document.getElementById("of-words"), told = document.getElementById("of-all");
const findings = Array.from(document.querySelectorAll(".finding"), (one) => [one, (one.dataset.outlets || "").split(" "), one.textContent.toLowerCase()]);
function choose() {
  const wanted = words.value.trim().toLowerCase();
  const chosen = Boolean(outlet.value || wanted);
  let shown = 0;
  for (const [one, outlets, text] of findings) {
    const fits = (!outlet.value || outlets.includes(outlet.value)) && text.includes(wanted);
    one.hidden = !fits;
    shown += fits;
  }
  for (const more of document.querySelectorAll(".more-findings")) {
    if (chosen && !more.open) more.dataset.opened = more.open = true;
    if (!chosen && more.dataset.opened) { more.open = false; delete more.dataset.opened; }
  }
  told.textContent = chosen ? ` ${shown} of ${findings.length}` : "";
}
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", choose);
form.hidden = false;
