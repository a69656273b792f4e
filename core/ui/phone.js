// On a narrow screen the sidebar lies over the page: it is closed when a run begins to be shown.

const shown = new Set();
const NARROW = 768; // pixels, from which on Streamlit has sidebar and page side by side

export default function ({ data }) {
  if (shown.has(data.run)) return;
  shown.add(data.run);
  const sidebar = document.querySelector('[data-testid="stSidebar"]');
  if (window.innerWidth >= NARROW || sidebar?.getAttribute("aria-expanded") !== "true") return;
  sidebar.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}
