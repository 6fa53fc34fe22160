// The filters work without this. It keeps the keyboard from stopping at what they hide, and lets Escape close a tip.
"use strict";
const boxes = [...document.querySelectorAll(".filters input")];
const shown = (id) => document.getElementById(id)?.checked ?? true;
const only = document.getElementById("only-differing");
const update = () => {
  const labels = new Set(boxes.filter((box) => box.value !== "on" && box.checked).map((box) => box.value));
  for (const sign of document.querySelectorAll(".text [data-label]")) {
    const sentence = sign.closest(".sentence");
    const hidden = !labels.has(sign.dataset.label)
      || (!shown("show-quoted") && sentence.classList.contains("quoted"))
      || (only?.checked && !sentence.classList.contains("differing"));
    sign.tabIndex = hidden ? -1 : 0;
  }
};
for (const box of boxes) {
  box.addEventListener("change", update);
}
update();
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.activeElement) document.activeElement.blur();
});
