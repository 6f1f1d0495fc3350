// Which moment is on screen: those that come in batches are played evenly, a recorded film over and over, and the parts
// of a single step one after the other.

const PACE = 100; // ms between two moments
const READY = 4.5; // moments that wait on the average, so that a late batch is not seen
const MOST = 16; // moments that wait; of more, such as in a hidden tab, the oldest go
const FILM_PACE = 160, FILM_END = 1800; // ms
const FEED = 400; // ms between two questions for more
const PART = 2000; // ms that a part of a step stays
const MORPH = 2000; // ms from noise to the forger's map
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const newestOf = (root) => root.queue[root.queue.length - 1] ?? root.moment;

// Take in the moments of a batch that are not known yet; of another run the old ones go.
const takeIn = (root, data) => {
  if (root.run !== data.run) {
    root.run = data.run;
    root.queue = [];
    root.moment = root.before = null;
  }
  const known = newestOf(root)?.step ?? -1;
  for (const frame of data.frames) if (frame.step > known) root.queue.push(decode(frame));
  if (calm.matches || !root.moment) root.queue.splice(0, root.queue.length - 1);
  root.queue.splice(0, root.queue.length - MOST);
};

const showMoment = (root, moment) => {
  if (root.moment) root.before = root.moment;
  root.moment = moment;
  root.turns += 1;
  root.canvas.dataset.step = moment.step;
  root.repaint();
};

const playOn = (root) => {
  if (root.timer || !root.queue.length) return;
  const turn = () => {
    root.timer = null;
    if (!root.isConnected || !root.queue.length) return;
    if (!root.morphing) showMoment(root, root.queue.shift());
    const lag = Math.min(25, Math.max(-25, 5 * (root.queue.length - READY)));
    root.timer = setTimeout(turn, PACE - lag);
  };
  root.timer = setTimeout(turn, root.moves && root.moment ? 2 * PACE : 0);
};

// Ask the server for more while the run goes on: a page that brought each batch would be put together anew for it.
const feedOn = (root) => {
  if (root.feeding || !root.data.feed) return;
  const turn = async () => {
    const { feed, run } = root.data;
    if (!root.isConnected || !feed) {
      root.feeding = null;
      return;
    }
    try {
      const answer = document.hidden ? null : await fetch(`${feed}?after=${newestOf(root)?.step ?? ""}`);
      const told = answer?.status === 200 ? await answer.json() : null;
      if (told && told.run === root.run && run === root.data.run) {
        takeIn(root, told);
        playOn(root);
      }
    } catch {
      // the server is away: the page says so, and brings moments itself now and then
    }
    root.feeding = setTimeout(turn, FEED);
  };
  root.feeding = setTimeout(turn, FEED);
};

// A recorded film stands still where less motion is wished, at its last and most telling moment.
const playFilm = (root, frames) => {
  clearTimeout(root.film);
  if (calm.matches) {
    showMoment(root, frames[frames.length - 1]);
    return;
  }
  let at = 0;
  const turn = () => {
    if (!root.isConnected || root.frames !== frames) return;
    if (!root.morphing) showMoment(root, frames[at++]);
    const ended = at === frames.length;
    if (ended) at = 0;
    root.film = setTimeout(turn, ended ? FILM_END : FILM_PACE);
  };
  turn();
};

// The forger takes evenly laid out noise and bends it: seen as often as one points at it.
const morph = (root) => {
  const { moment } = root;
  if (!moment || root.morphing) return;
  const from = evenGrid(moment.grid.length / 2), start = performance.now();
  const dots = placesOfNoise(root, moment.fakes.length / 2);
  const at = (share) => ({
    ...moment,
    grid: moment.grid.map((to, n) => from[n] + (to - from[n]) * share),
    fakes: moment.fakes.map((to, n) => dots[n] + (to - dots[n]) * share),
  });
  root.morphing = true;
  const end = () => {
    root.morphing = root.endMorph = null;
    root.shown = null;
    root.repaint();
    playOn(root);
  };
  root.endMorph = end;
  const turn = (now) => {
    if (root.endMorph !== end) return;
    const share = Math.min(1, Math.max(0, (now - start) / MORPH - 0.15) / 0.85), eased = share * share * (3 - 2 * share);
    root.shown = at(calm.matches ? 0 : eased);
    root.repaint();
    if (calm.matches) return; // the noise as it is laid out, until one points elsewhere
    if (share < 1) requestAnimationFrame(turn);
    else end();
  };
  requestAnimationFrame(turn);
};

// Of noise of one number a line, of two a square.
const evenGrid = (points) => {
  const across = Math.round(Math.sqrt(points)), isLine = across * across !== points;
  const place = (n, count) => 1.8 * n / (count - 1) - 0.9;
  return Array.from({ length: 2 * points }, (_, n) => {
    const point = n >> 1, isX = n % 2 === 0;
    if (isLine) return isX ? place(point, points) : 0;
    return isX ? place(point % across, across) : -place(Math.floor(point / across), across);
  });
};

const placesOfNoise = (root, count) => {
  const { noise, noise_size: size, spread } = root.data;
  return Array.from({ length: 2 * count }, (_, n) => {
    const axis = n % 2;
    return axis < size ? 0.9 * root.noise[(n >> 1) * size + axis] / spread : 0;
  });
};

// The parts of one training step: the first ones are seen as it was before it, those after an update as it is now.
const playParts = (root, parts) => {
  clearTimeout(root.partTimer);
  if (root.parts && !parts) {
    root.says.textContent = "";
    root.wiring.querySelectorAll(".lit").forEach((node) => node.classList.remove("lit"));
  }
  root.parts = parts;
  root.partNow = -1;
  if (parts) turnPart(root, 0, !calm.matches);
};

const turnPart = (root, at, goesOn) => {
  clearTimeout(root.partTimer);
  root.partNow = at;
  const part = root.parts.list[at];
  root.shown = part.after || !root.before ? null : root.before;
  root.wiring.querySelectorAll(".node").forEach((node) => node.classList.toggle("lit", part.lit.includes(node.name)));
  root.repaint();
  root.tellPart();
  if (goesOn && at + 1 < root.parts.list.length) root.partTimer = setTimeout(() => root.isConnected && root.parts && turnPart(root, at + 1, true), PART);
};
