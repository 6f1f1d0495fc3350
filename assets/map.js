// Shows the picture of the point under the pointer of a Plotly map.
// data: JSON as bytes, { id: selector of what the map is in, picture: PNG as base64, size, columns }
// A point's customdata is its picture's place on the sheet, row by row.

export default ({ data: bytes, parentElement }) => {
  const host = parentElement.querySelector(".map-pictures"), text = new TextDecoder().decode(bytes);
  if (host.text !== text) {
    host.text = text;
    host.map = JSON.parse(text);
    host.sheet = Object.assign(new Image(), { src: `data:image/png;base64,${host.map.picture}` });
  }
  const card = (host.card ??= host.appendChild(document.createElement("div")));
  card.className = "on-map";
  card.hidden = true;
  const canvas = (host.canvas ??= card.appendChild(document.createElement("canvas")));

  const show = ({ points, event }) => {
    const place = points[0].customdata, { size, columns } = host.map;
    if (!Number.isInteger(place)) return;
    canvas.width = canvas.height = size;
    canvas.dataset.place = place;
    canvas.getContext("2d").drawImage(
      host.sheet, (place % columns) * size, Math.floor(place / columns) * size, size, size, 0, 0, size, size,
    );
    card.hidden = false;
    const left = event.clientX + 140 > innerWidth ? event.clientX - 140 : event.clientX + 18;
    card.style.left = `${left}px`;
    card.style.top = `${Math.max(8, event.clientY - 140)}px`;
  };
  const hide = () => { card.hidden = true; };
  const attach = () => {
    const plot = document.querySelector(`${host.map.id} .js-plotly-plot`);
    if (!plot?.on || plot === host.plot) return;
    host.plot = plot;
    plot.on("plotly_hover", show);
    plot.on("plotly_unhover", hide);
    plot.addEventListener("mouseleave", hide);
  };
  attach();
  host.watcher?.disconnect();
  host.watcher = new MutationObserver(attach); // the map comes after this, and anew with other colours
  host.watcher.observe(document.querySelector(host.map.id) ?? document.body, { childList: true, subtree: true });
  return () => { host.watcher.disconnect(); hide(); };
};
