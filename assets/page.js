/* What the browser is told once for the whole app: which language this is, and what counts as a page. */

export default ({ data }) => {
  document.documentElement.lang = data; // for who has pages read out or translated
  if (!("mayTurn" in document)) keepHistory();
};

/* Streamlit makes an entry of each change of the address, such as each notch of a slider, and "Back" would go through
   them all: only another page is a place to come back to. Nor is one that is told late, when "Back" was pressed twice. */
function keepHistory() {
  document.mayTurn = true; // whether the next turn to another page is one that somebody asked for on this one
  addEventListener("popstate", () => (document.mayTurn = false), true);
  addEventListener("pointerdown", () => (document.mayTurn = true), true);
  addEventListener("keydown", ({ altKey }) => (document.mayTurn ||= !altKey), true); // Alt and an arrow are "Back"
  history.pushState = (state, title, url) => {
    const stays = new URL(url, location.href).pathname === location.pathname;
    if (stays) history.replaceState(state, title, url);
    else if (document.mayTurn) History.prototype.pushState.call(history, state, title, url);
  };
}
