// The map of bodies x posts is one stop of the Tab key: inside it, the arrows go from square to square.
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

for (const table of document.querySelectorAll("[data-heat]")) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("td > a")]);
  const squares = rows.flat();
  for (const square of squares) square.tabIndex = -1;
  if (squares.length) squares[0].tabIndex = 0;

  function reach(square) {
    for (const one of squares) one.tabIndex = one === square ? 0 : -1;
    square.focus();
  }

  table.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const y = rows.findIndex((row) => row.includes(event.target));
    if (!step || y < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = rows[y + step[0]]?.[rows[y].indexOf(event.target) + step[1]];
    event.preventDefault();
    if (next) reach(next);
  });
}
