/* What the browser is told once for the whole app: its language, what "Back" leads to, and where a keyboard goes on. */

export default ({ data }) => {
  document.documentElement.lang = data; // for who has pages read out or translated
  if (history.pushState === History.prototype.pushState) {
    keepHistory();
    keepFocus();
  }
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

/* A button that is gone once it was pressed, such as Start or Stop, leaves a keyboard at the top of the page. It goes to
   the button that comes next instead: Pause of a run that goes on, Start of one that does not, or the page's first. */
const NEXT = [".st-key-pause button", ".st-key-start button", "[data-testid=stBaseButton-primary]", "button"];

function keepFocus() {
  let last = null, byKey = false; // where the focus was, and whether a key was used since a hand pointed somewhere
  addEventListener("focusin", ({ target }) => { last = target; }, true);
  addEventListener("keydown", () => { byKey = true; }, true);
  addEventListener("pointerdown", () => { byKey = false; }, true);
  const find = () => {
    if (!byKey || !last || last.isConnected || document.activeElement !== document.body) return;
    if (document.querySelector("[role=dialog], .stApp:not([data-test-script-state=notRunning])")) return;
    const main = document.querySelector(".stMainBlockContainer");
    const next = NEXT.flatMap((which) => [...main.querySelectorAll(which)]).find((button) => !button.disabled);
    next?.focus();
  };
  const seen = { subtree: true, childList: true, attributeFilter: ["data-test-script-state"] };
  new MutationObserver(find).observe(document.body, seen);
}
