// A table of runs, each cell with a picture of its fakes, coloured by how good they are; changed in place.
// data: { corner, columns: [text], rows: [text], alt, opens,
//         cells: [{ id or null, picture: PNG as base64 or null, number, note, background, ink, best, alt }] }
// A click on a cell sends its id as the trigger "opened"; what that does is said by `opens`.

const make = (kind, parent, text = "", rest = {}) => {
  const node = parent.appendChild(document.createElement(kind));
  node.textContent = text;
  return Object.assign(node, rest);
};

const build = (table, data) => {
  table.replaceChildren();
  const head = make("tr", make("thead", table));
  make(data.corner ? "th" : "td", head, data.corner);
  data.columns.forEach((text) => make("th", head, text, { scope: "col" }));
  const body = make("tbody", table);
  return data.rows.flatMap((text) => {
    const row = make("tr", body);
    make("th", row, text, { scope: "row" });
    return data.columns.map(() => {
      const button = make("button", make("td", row)), image = make("img", button, "", { alt: "" }), label = make("span", button);
      return { button, image, number: make("b", label), note: make("small", label) };
    });
  });
};

const fill = ({ button, image, number, note }, cell, opens) => {
  const source = cell.picture ? `data:image/png;base64,${cell.picture}` : "";
  if (image.shown !== source) {
    image.shown = source;
    image.hidden = !source;
    image.onload = () => {
      image.style.setProperty("--wide", `${image.naturalWidth}px`);
      image.style.setProperty("--tall", `${image.naturalHeight}px`);
    };
    if (source) image.src = source;
  }
  number.textContent = cell.number;
  note.textContent = cell.note;
  button.disabled = cell.id === null;
  button.title = button.disabled ? "" : opens;
  button.classList.toggle("best", cell.best);
  button.style.background = cell.background;
  button.style.color = cell.ink;
  button.setAttribute("aria-label", cell.alt);
};

export default ({ data, parentElement, setTriggerValue }) => {
  const table = parentElement.querySelector("table");
  const look = JSON.stringify([data.corner, data.columns, data.rows]);
  if (table.look !== look) {
    table.look = look;
    table.nodes = build(table, data);
  }
  table.setAttribute("aria-label", data.alt);
  table.nodes.forEach((nodes, place) => {
    const cell = data.cells[place];
    fill(nodes, cell, data.opens);
    nodes.button.onclick = () => setTriggerValue("opened", cell.id);
  });
};
