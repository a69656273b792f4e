// Brings into sight what a visitor waits for: a run that begins to be shown, and its result.

const begun = new Set(); // runs that were followed
const shown = new Set(); // those of them whose result was shown
const NARROW = 768; // pixels, from which on Streamlit has sidebar and page side by side

/** On a narrow screen the sidebar lies over the page. */
function closeSidebar() {
  const sidebar = document.querySelector('[data-testid="stSidebar"]');
  if (window.innerWidth >= NARROW || sidebar?.dataset.collapsed !== "false") return;
  sidebar.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}

/** The result stands above the charts: whoever has scrolled down to them is brought to it. */
function showResult() {
  const view = document.querySelector(".st-key-training-view");
  const { top, bottom } = view?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
  if (top < 0 && bottom > 0) view.scrollIntoView({ block: "start" });
}

export default function ({ data: { run, ended, followed } }) {
  if (followed && !begun.has(run)) {
    begun.add(run);
    closeSidebar();
  }
  if (ended && begun.has(run) && !shown.has(run)) {
    shown.add(run);
    showResult();
  }
}
