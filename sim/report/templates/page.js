"use strict";
// Every heading of a table becomes a button: once for rising, once more for falling, a third time for the first order.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const asGiven = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const valueOf = (row, place) => {
    const cell = row.cells[place];
    return "value" in cell.dataset ? Number(cell.dataset.value) : cell.textContent.trim();
  };
  const compare = (one, other) =>
    typeof one === "number" && typeof other === "number"
      ? one - other
      : String(one).localeCompare(String(other), "en", { numeric: true });
  heads.forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const next = { none: "ascending", ascending: "descending", descending: "none" }[head.getAttribute("aria-sort")];
      for (const other of heads) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", next);
      const rows = [...asGiven];
      if (next !== "none") {
        const turn = next === "ascending" ? 1 : -1;
        // What is empty says nothing, and stays at the end either way.
        rows.sort((a, b) => {
          const [one, other] = [valueOf(a, place), valueOf(b, place)];
          if (one === "" || other === "") return (one === "") - (other === "");
          return turn * compare(one, other);
        });
      }
      body.append(...rows);
    });
  });
}
