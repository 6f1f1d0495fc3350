/* A bookmark in the browser itself: which lesson this visitor is in, and how far; no server keeps it.
   data: { link: what the address says of the lesson, or null where none is on; asks: whether to tell what was kept;
           forgets: whether to keep it no more }
   It says "found" once, with what was kept. */

const KEY = "lesson";

export default ({ data, setTriggerValue }) => {
  try {
    if (data.forgets) localStorage.removeItem(KEY);
    else if (data.link) localStorage.setItem(KEY, JSON.stringify(data.link));
    else if (data.asks && localStorage.getItem(KEY)) setTriggerValue("found", JSON.parse(localStorage.getItem(KEY)));
  } catch { /* a browser that keeps nothing: then the link alone does */ }
};
