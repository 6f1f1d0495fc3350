// A sheet of small pictures, one of which is picked by a tap or by the arrow keys; changed in place.
// data: JSON as bytes, { pixels: base64 of uint8 values picture by picture, width, height, channels, columns,
//         alts: [text], scores: [0..1] or null, picked: number or null, name }
// Sends the trigger "picked" with the number of a picture.

const decode = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

const draw = (canvas, bytes, { width, height, channels }, place) => {
  Object.assign(canvas, { width, height });
  const paint = canvas.getContext("2d"), image = paint.createImageData(width, height), size = width * height;
  for (let p = 0; p < size; p++) {
    const from = (place * size + p) * channels;
    for (let c = 0; c < 3; c++) image.data[4 * p + c] = bytes[from + (channels === 3 ? c : 0)];
    image.data[4 * p + 3] = 255;
  }
  paint.putImageData(image, 0, 0);
};

const build = (sheet, data) => {
  sheet.replaceChildren();
  sheet.style.setProperty("--columns", data.columns);
  return data.alts.map((_, place) => {
    const button = sheet.appendChild(document.createElement("button"));
    button.type = "button";
    const canvas = button.appendChild(document.createElement("canvas")), bar = button.appendChild(document.createElement("i"));
    button.onclick = () => sheet.send(place);
    return { button, canvas, bar };
  });
};

const move = (sheet, event) => {
  const ways = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -sheet.columns, ArrowDown: sheet.columns };
  const from = sheet.nodes.findIndex(({ button }) => button === document.activeElement);
  const to = sheet.nodes[from + ways[event.key]];
  if (!(event.key in ways) || from < 0) return;
  event.preventDefault();
  to?.button.focus();
};

export default ({ data: bytes, parentElement, setTriggerValue }) => {
  const sheet = parentElement.querySelector(".pick"), text = new TextDecoder().decode(bytes);
  sheet.send = (place) => setTriggerValue("picked", place);
  if (sheet.text === text) return;
  sheet.text = text;
  const data = JSON.parse(text);
  sheet.setAttribute("aria-label", data.name);
  sheet.columns = data.columns;
  if (sheet.nodes?.length !== data.alts.length) sheet.nodes = build(sheet, data);
  if (sheet.pixels !== data.pixels) {
    const pixels = decode(sheet.pixels = data.pixels);
    sheet.nodes.forEach(({ canvas }, place) => draw(canvas, pixels, data, place));
  }
  sheet.nodes.forEach(({ button, bar }, place) => {
    button.setAttribute("aria-label", data.alts[place]);
    button.setAttribute("aria-pressed", place === data.picked);
    button.tabIndex = place === (data.picked ?? 0) ? 0 : -1;
    bar.style.setProperty("--belief", data.scores[place]);
  });
  sheet.onkeydown = (event) => move(sheet, event);
};
