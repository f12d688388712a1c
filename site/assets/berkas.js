/* The files that a person chooses, or drops anywhere on the page: left alone the browser would open those in its place. */
"use strict";
const Berkas = {
  /* Calls `take` with the files each time some are given; a chosen one can be chosen again once it was taken. */
  given(take) {
    const chooser = document.getElementById("berkas");
    const over = (on) => document.body.classList.toggle("melayang", on);
    chooser.addEventListener("change", () => {
      if (chooser.files.length) void take([...chooser.files]).then(() => { chooser.value = ""; });
    });
    window.addEventListener("dragover", (event) => {
      event.preventDefault();
      over(true);
    });
    window.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) over(false);
    });
    window.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      if (event.dataTransfer.files.length) void take([...event.dataTransfer.files]);
    });
  },
};
