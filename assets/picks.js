// A sheet of small pictures that can be tapped, crisp at whole multiples of their pixels, changed in place.
// data: JSON as bytes, { pixels: base64 of uint8 values picture by picture, count, size, channels,
//         columns: [most, ..., fewest], most: the largest multiple, names: [text], pressed: [places], marks: { place: text }, alt }
// A tap on a picture sends its place as the trigger "tapped".

const GAP = 4, EDGE = 6;

const paint = (canvas, bytes, { size, channels }, place) => {
  const start = place * size * size * channels, context = canvas.getContext("2d");
  canvas.width = canvas.height = size;
  const image = context.createImageData(size, size);
  for (let p = 0; p < size * size; p++) {
    for (let c = 0; c < 3; c++) image.data[4 * p + c] = bytes[start + p * channels + (channels === 3 ? c : 0)];
    image.data[4 * p + 3] = 255;
  }
  context.putImageData(image, 0, 0);
};

const lay = (sheet) => {
  const { columns, size, most } = sheet.data;
  const room = (count) => ((sheet.clientWidth + GAP) / count - GAP - EDGE) / size; // screen pixels for one of theirs
  const count = columns.find((each) => room(each) >= Math.min(2, most)) ?? columns.at(-1);
  const isCrisp = room(count) >= Math.min(2, most), scale = Math.min(most, isCrisp ? Math.floor(room(count)) : room(count));
  sheet.style.setProperty("--columns", count);
  sheet.style.setProperty("--side", `${Math.max(Math.floor(size * scale), 24)}px`);
  sheet.classList.toggle("crisp", isCrisp);
};

const fill = (sheet, data, tell) => {
  const isNew = !sheet.data || sheet.data.pixels !== data.pixels || sheet.data.size !== data.size;
  const bytes = isNew && Uint8Array.from(atob(data.pixels), (letter) => letter.charCodeAt(0));
  while (sheet.children.length > data.count) sheet.lastChild.remove();
  while (sheet.children.length < data.count) {
    const button = sheet.appendChild(document.createElement("button"));
    button.type = "button";
    button.append(document.createElement("canvas"));
  }
  [...sheet.children].forEach((button, place) => {
    const [canvas] = button.children, text = data.marks[place] ?? "";
    if (isNew) paint(canvas, bytes, data, place);
    button.setAttribute("aria-label", text ? `${data.names[place]}, ${text}` : data.names[place]);
    button.setAttribute("aria-pressed", data.pressed.includes(place));
    button.dataset.mark = text; // which the style writes on the picture
    button.onclick = () => {
      button.setAttribute("aria-pressed", true); // at once; the page says a moment later what became of it
      tell(place);
    };
  });
  sheet.data = data;
};

export default ({ data: bytes, parentElement, setTriggerValue }) => {
  const sheet = parentElement.querySelector(".picks"), text = new TextDecoder().decode(bytes);
  const data = JSON.parse(text);
  sheet.setAttribute("aria-label", data.alt);
  fill(sheet, data, (place) => setTriggerValue("tapped", place));
  if (!sheet.observer) {
    sheet.observer = new ResizeObserver(() => lay(sheet));
    sheet.observer.observe(sheet);
  }
  lay(sheet);
};
