/* What is typed and not yet saved, or was refused, is not left without a question. */

const form = document.getElementById("form");
const cellOf = (node) => node.closest("[data-cell]");

form.addEventListener("input", (event) => { cellOf(event.target)?.setAttribute("data-typed", ""); });
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) cellOf(event.target)?.removeAttribute("data-typed");
});
addEventListener("beforeunload", (event) => {
  if (form.querySelector("[data-typed], [data-refused]")) event.preventDefault();
});
