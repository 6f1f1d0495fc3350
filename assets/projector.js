/* The projector view of any page: big type, no controls that tempt, one thing at a time; it can be frozen and blanked.
   data: { on, words: { turn, bar, back, next, freeze, blank, leave, again, whole, thing, frozen, back_word, ... } }
   It says "turn" when the view is turned on or off, and "stands" when its picture does: "frozen", "black", or "". Keys, in this view alone and never while somebody types: those that a
   presenter's remote sends too. */

const KEYS = { PageDown: "next", ArrowRight: "next", PageUp: "back", ArrowLeft: "back", f: "freeze", b: "blank", ".": "blank", Escape: "leave" };
/* What can stand alone on the screen; of one within another, the outer one. */
const THINGS = [".story", ".scene", ".st-key-fakes", ".st-key-reals", ".st-key-standing", "[class*=st-key-course_of_]", ".model", ".step", ".room_pictures", ".st-key-room_door", ".dots", ".lines", "table", ".st-key-lesson"].join();
const LARGEST = 2.5; // times: beyond that, a small thing looks lost in its own squares
const BAR = 80; // pixels below, for the buttons
const MAIN = "[data-testid=stMain]";

let part, words = {}, isOn = false, thing = 0, ice = null, stood = "", tell = () => {}, tellStands = () => {};

export default ({ parentElement, data, setTriggerValue }) => {
  const fresh = parentElement.querySelector(".projector");
  if (fresh) { // beside the app: what hides or freezes a page leaves it alone
    document.querySelectorAll("body > .projector").forEach((old) => old.remove());
    document.body.append(fresh);
    part = fresh;
    isOn = false;
    stood = "";
  }
  words = data.words;
  part.setAttribute("aria-label", words.bar);
  tell = (on) => { turn(on); setTriggerValue("turn", on); };
  tellStands = (how) => setTriggerValue("stands", how);
  for (const button of part.querySelectorAll("[data-do]")) {
    const word = button.querySelector("small");
    if (word) word.textContent = words[`${button.dataset.do}_word`];
    button.title = words[button.dataset.do];
    button.setAttribute("aria-label", words[button.dataset.do]);
    button.onclick = () => DO[button.dataset.do]();
  }
  part.querySelector(".projector_bar").setAttribute("aria-label", words.bar);
  turn(data.on);
};

const DO = {
  turn: () => tell(true),
  leave: () => tell(false),
  next: () => show(thing + 1),
  back: () => show(thing - 1),
  freeze: () => freeze(!ice),
  blank: () => blank(true),
  again: () => blank(false),
};

function turn(on) {
  if (on === isOn) return;
  isOn = on;
  document.documentElement.toggleAttribute("data-projector", on);
  part.querySelector(".projector_bar").hidden = !on;
  freeze(false);
  blank(false);
  show(0);
  dispatchEvent(new Event("resize")); // charts and pictures look again how much room there is
  if (on) {
    addEventListener("keydown", press, true);
    seen.observe(document.body, { subtree: true, childList: true });
  } else {
    removeEventListener("keydown", press, true);
    seen.disconnect();
  }
}

function press(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.("input, textarea, select, [role=slider], [role=radio], [contenteditable=true]")) return;
  const what = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!what || (document.querySelector("[role=dialog]") && what === "leave")) return;
  event.preventDefault();
  event.stopPropagation();
  if (part.querySelector(".projector_black").hidden) DO[what]();
  else if (what !== "freeze") DO.again(); // any way out of the dark
}

/* One thing at a time: what leads to it is marked, and all beside that way is hidden (assets/style/projector.css). */

const seen = new MutationObserver(() => mark());

function things() {
  const found = [...document.querySelectorAll(`${MAIN}:not(.projector_ice) :is(${THINGS})`)];
  return found.filter((one) => !one.parentElement.closest(THINGS) && (one.checkVisibility() || one.closest("[data-beside]")));
}

function show(number) {
  thing = 0;
  mark();
  const all = things();
  thing = Math.max(0, Math.min(number, all.length));
  mark();
  const at = part.querySelector(".projector_at");
  at.textContent = thing ? words.thing.replace("#", thing).replace("@", all.length) : words.whole;
  part.querySelector("[data-do=back]").disabled = !thing;
  if (ice) { lift(); cover(); }
}

let shown = null;

function mark() {
  const one = isOn && thing ? (shown?.isConnected ? shown : things()[thing - 1]) : null;
  if (one === shown && (!one || one.hasAttribute("data-alone"))) return;
  shown = one;
  for (const old of document.querySelectorAll("[data-alone], [data-way]")) {
    old.removeAttribute("data-alone");
    old.removeAttribute("data-way");
    old.style.zoom = "";
  }
  document.documentElement.toggleAttribute("data-one", !!one);
  if (!one) return;
  one.setAttribute("data-alone", "");
  for (let way = one.parentElement; way && !way.matches(MAIN); way = way.parentElement) way.setAttribute("data-way", "");
  fit(one);
  setTimeout(() => shown === one && fit(one), 500); // when what draws itself has found its size
}

/* As large as the screen has room for: what is larger breaks its lines elsewhere, so it is tried. */
function fit(one) {
  const room = document.querySelector(MAIN).clientHeight - BAR;
  for (let times = LARGEST; times >= 1; times -= 0.25) {
    one.style.zoom = times;
    const { height } = one.getBoundingClientRect();
    if (height <= room && one.scrollWidth <= one.clientWidth + 1) return;
  }
}

/* Frozen: a still picture of the page lies over it, and the run goes on behind. */

function freeze(on) {
  part.querySelector("[data-do=freeze]").setAttribute("aria-pressed", on);
  part.querySelector(".projector_frozen").textContent = on ? words.frozen : "";
  lift();
  if (on) cover();
  sayHowItStands();
}

const live = () => document.querySelector(`${MAIN}:not(.projector_ice)`);

function lift() {
  ice?.remove();
  ice = null;
  live()?.removeAttribute("inert");
}

function cover() {
  const main = live();
  if (!main) return;
  ice = main.cloneNode(true);
  ice.classList.add("projector_ice");
  ice.setAttribute("aria-hidden", "true");
  for (const one of [ice, ...ice.querySelectorAll("[id]")]) one.removeAttribute("id");
  const [from, to] = [main, ice].map((side) => side.querySelectorAll("canvas"));
  from.forEach((canvas, n) => { if (canvas.width && canvas.height) to[n].getContext("2d").drawImage(canvas, 0, 0); });
  main.after(ice);
  ice.scrollTop = main.scrollTop;
  main.setAttribute("inert", "");
}

function blank(on) {
  const black = part.querySelector(".projector_black");
  if (black.hidden === !on) return;
  black.hidden = !on;
  (on ? black : part.querySelector("[data-do=blank]")).focus();
  sayHowItStands();
}

/* For the teacher's desk, which stands elsewhere. */
function sayHowItStands() {
  const now = !part.querySelector(".projector_black").hidden ? "black" : ice ? "frozen" : "";
  if (now === stood) return;
  stood = now;
  tellStands(now);
}
