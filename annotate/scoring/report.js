// The filters work without this. It keeps the keyboard from stopping at what they hide, and lets Escape close a tip.
"use strict";
for (const box of document.querySelectorAll(".filters input")) {
  const update = () => {
    for (const sign of document.querySelectorAll(".text [data-label='" + box.value + "']")) {
      sign.tabIndex = box.checked ? 0 : -1;
    }
  };
  box.addEventListener("change", update);
  update();
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.activeElement) document.activeElement.blur();
});
