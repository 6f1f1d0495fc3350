// Plays sheets of fakes one after the other; a slider goes to any of them, and marks below it say at which epochs.
// data: JSON as bytes, { sheets: [PNG as base64], epochs: [n], told: [text], alt, play, pause, moment }

const PACE = 450; // milliseconds a sheet

const build = (film, data) => {
  const image = film.querySelector("img"), button = film.querySelector("button"), slider = film.querySelector("input");
  const output = film.querySelector("output"), marks = film.querySelector("ol"), last = data.sheets.length - 1;
  const sources = data.sheets.map((sheet) => `data:image/png;base64,${sheet}`);
  let timer = null;
  slider.max = last;
  slider.setAttribute("aria-label", data.moment);
  const step = Math.ceil(data.epochs.length / 9);
  marks.replaceChildren(...data.epochs.map((epoch, place) => {
    const mark = document.createElement("li");
    if (place === last || (place % step === 0 && last - place >= step)) mark.textContent = epoch;
    return mark;
  }));
  const turn = (place) => {
    slider.value = place;
    image.src = sources[place];
    image.alt = `${data.alt} ${data.told[place]}`;
    output.textContent = data.told[place];
    slider.setAttribute("aria-valuetext", data.told[place]);
  };
  const stop = () => { clearInterval(timer); timer = null; button.textContent = data.play; };
  const play = () => {
    if (Number(slider.value) === last) turn(0);
    button.textContent = data.pause;
    timer = setInterval(() => {
      if (!film.isConnected || Number(slider.value) === last) return stop();
      turn(Number(slider.value) + 1);
    }, PACE);
  };
  button.onclick = () => (timer ? stop() : play());
  slider.oninput = () => { stop(); turn(Number(slider.value)); };
  film.end = stop;
  turn(0);
  stop();
  if (last && !matchMedia("(prefers-reduced-motion: reduce)").matches) play();
};

export default ({ data: bytes, parentElement }) => {
  const film = parentElement.querySelector(".film"), text = new TextDecoder().decode(bytes);
  if (film.text === text) return; // the same film goes on
  film.end?.();
  film.text = text;
  build(film, JSON.parse(text));
};
