/* What the browser is told once for the whole app: its language, what the list of pages is, what "Back" leads to, and
   where a keyboard goes on. data: { language, theme, pages: the name of the list of pages, settings: whether they are open }
   It says "theme" when the visitor, or the hour, has chosen another one: the app has colours of its own to change. */

export default ({ data, setTriggerValue }) => {
  document.documentElement.lang = data.language; // for who has pages read out or translated
  const pages = document.querySelector(".st-key-pages");
  pages?.setAttribute("role", "navigation");
  pages?.setAttribute("aria-label", data.pages);
  if (history.pushState === History.prototype.pushState) {
    keepHistory();
    keepFocus();
    skip();
    keepSettings();
  }
  document.documentElement.toggleAttribute("data-settings", data.settings);
  shown = data.theme;
  tellTheme(setTriggerValue);
};

/* Streamlit makes an entry of each change of the address, such as each notch of a slider, and "Back" would go through
   them all: only another page is a place to come back to. Nor is one that is told late, when "Back" was pressed twice. */
function keepHistory() {
  let isAsked = true; // somebody did something on this page since it was turned to
  addEventListener("popstate", () => { isAsked = false; }, true);
  addEventListener("pointerdown", () => { isAsked = true; }, true);
  addEventListener("keydown", ({ altKey }) => { isAsked ||= !altKey; }, true); // Alt and an arrow are "Back"
  history.pushState = (state, title, url) => {
    const stays = new URL(url, location.href).pathname === location.pathname;
    if (stays) history.replaceState(state, title, url);
    else if (isAsked) History.prototype.pushState.call(history, state, title, url);
  };
}

/* What is pressed and gone, or made anew, leaves a keyboard at the top of the page. It goes to what stands in its place
   under the same key, or is left of its setting. Otherwise to the button that comes next: Pause of a run that goes on,
   Start of one that does not, or the page's first. */
const NEXT = [".st-key-pause button", ".st-key-start button", "[data-testid=stBaseButton-primary]", "button"];
const CONTROLS = ":is(input, button, a, [role=radio], [role=slider])";

function keepFocus() {
  let last = null, places = [], byKey = false; // where the focus was, and whether a key was used since a hand pointed
  addEventListener("focusin", ({ target }) => { last = target; places = placesOf(target); }, true);
  addEventListener("keydown", () => { byKey = true; }, true);
  addEventListener("pointerdown", () => { byKey = false; }, true);
  const find = () => {
    if (!byKey || !last || (last.isConnected && !last.disabled)) return;
    if (![document.body, last].includes(document.activeElement)) return;
    if (document.querySelector("[role=dialog], .stApp:not([data-test-script-state=notRunning])")) return;
    const main = document.querySelector(".stMainBlockContainer");
    const found = [...places.map((place) => `${place} ${CONTROLS}`), ...NEXT].flatMap((which) => [...main.querySelectorAll(which)]);
    found.find((control) => !control.disabled && control.checkVisibility())?.focus();
  };
  const seen = { subtree: true, childList: true, attributeFilter: ["data-test-script-state", "disabled"] };
  new MutationObserver(find).observe(document.body, seen);
}

/* By which keys a control is found again: its own, and that of the setting which it belongs to. */
function placesOf(control) {
  const rooms = [control.closest("[class*=st-key-]"), control.closest("[class*=st-key-setting_]")];
  return rooms.filter(Boolean).map((room) => `.${CSS.escape([...room.classList].find((name) => name.startsWith("st-key-")))}`);
}

/* "Skip to main content" goes past the pages and the languages, which lie before it in the same part of the document. */
function skip() {
  addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-testid=stSkipToContent]")) return;
    event.preventDefault();
    event.stopPropagation();
    let content = document.querySelector("[data-testid=stLayoutWrapper]:has(> .st-key-language)");
    do content = content.nextElementSibling; while (content && !content.clientHeight);
    content?.setAttribute("tabindex", "-1");
    content?.focus();
  }, true);
}

/* Whether the settings are open stands at the root: a style that looked for the switch (`:has`) would be worked out anew
   for the whole page with each number that changes. */
function keepSettings() {
  addEventListener("change", ({ target }) => {
    if (target.closest(".st-key-settings_open")) document.documentElement.toggleAttribute("data-settings", target.checked);
  }, true);
}

/* `shown` is the theme that the app's own colours are of; a change that comes while they are on their way is told too. */
let shown = null, told = null;

function tellTheme(setTriggerValue) {
  const app = document.querySelector(".stApp");
  const tell = () => {
    let { colorScheme } = getComputedStyle(app); // says "light dark" where the system chooses all colours
    if (colorScheme === "light dark") colorScheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    if ([shown, told].includes(colorScheme)) return;
    told = colorScheme;
    setTriggerValue("theme", colorScheme);
  };
  if (!app.isWatched) new MutationObserver(tell).observe(app, { attributeFilter: ["class"] });
  app.isWatched = true;
  tell();
}
