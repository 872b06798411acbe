// Tables sort by the column whose heading is pressed, and the other way round when it is pressed again;
// what is no number stays below.
for (const table of document.querySelectorAll("table")) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const key = (row, column) => row.cells[column].dataset.v;
  const compare = (left, right) => {
    const numbers = [Number(left), Number(right)];
    if (numbers.every((number) => !Number.isNaN(number))) return numbers[0] < numbers[1] ? -1 : Number(numbers[0] > numbers[1]);
    return left.localeCompare(right, "en");
  };
  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      const rows = [...body.rows];
      const known = rows.filter((row) => key(row, column) !== undefined);
      known.sort((left, right) => sign * compare(key(left, column), key(right, column)));
      body.append(...known, ...rows.filter((row) => key(row, column) === undefined));
    });
  });
}
