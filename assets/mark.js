/* A part of the page that a lesson points at: ringed as long as the step is on, and brought into view once.
   data: { part: the CSS selector of the part } */

let seen = "";

export default ({ data }) => {
  const style = document.createElement("style");
  style.textContent = `${data.part} { outline: 4px solid var(--accent); outline-offset: 4px; border-radius: 6px; }`;
  document.head.append(style);
  let frame = 0;
  let tries = 120; // of two seconds: the page is drawn after the lesson
  const look = () => {
    const part = document.querySelector(data.part);
    if (part) {
      if (seen !== data.part) part.scrollIntoView({ block: "nearest" });
      seen = data.part;
    } else if (--tries > 0) frame = requestAnimationFrame(look);
  };
  look();
  return () => {
    cancelAnimationFrame(frame);
    style.remove();
  };
};
