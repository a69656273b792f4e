// A Plotly chart that is drawn anew in place while a run goes on: what somebody has zoomed into,
// hidden or is just dragging stays. Streamlit's own chart is another element with each new figure.

const loading = {};
// What has been zoomed into and hidden, by the chart's name: also for when it is drawn elsewhere.
const views = {};

/** Plotly's library, fetched once from this server. */
function plotly(path) {
  loading[path] ??= new Promise((resolve, reject) => {
    const streamlit = document.querySelector('script[src*="static/js/"]');
    const root = streamlit ? new URL("../../", streamlit.src) : document.baseURI;
    const script = document.createElement("script");
    script.src = new URL(path, root).href;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      delete loading[path];
      script.remove();
      reject(new Error("The chart's library did not arrive. Reload the page."));
    };
    document.head.append(script);
  });
  return loading[path];
}

/** The figure in the colours of the page, as Streamlit's own charts have them. */
function themed(json, element) {
  const style = getComputedStyle(element);
  const color = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const text = color("text-color");
  const { data, layout } = JSON.parse(json.replaceAll("#000037", text));
  const font = { color: text, family: color("font"), size: 14 };
  const axis = {
    gridcolor: color("border-color-light"),
    linecolor: color("border-color-light"),
    zerolinecolor: color("border-color-light"),
    tickfont: font,
    title: { font: { ...font, size: 15 } },
  };
  layout.template = {
    layout: {
      font,
      xaxis: { ...axis, showgrid: false, zeroline: false },
      yaxis: axis,
      legend: { font },
      hoverlabel: {
        bgcolor: color("background-color"),
        bordercolor: color("border-color"),
        font,
      },
      margin: { pad: 8 },
    },
  };
  delete layout.height;
  layout.autosize = true;
  return { data, layout };
}

/** Draw what the chart was last given, unless somebody is dragging in it: then afterwards. */
async function draw(chart) {
  if (chart.drawing || chart.held) return;
  chart.drawing = true;
  try {
    while (chart.due && !chart.held && chart.isConnected) {
      chart.due = false;
      const { data, layout } = themed(chart.figure, chart);
      apply(viewOf(chart, layout.uirevision), data, layout);
      await chart.plotly.react(chart, data, layout, chart.config);
      if (!chart.begun) begin(chart);
    }
  } finally {
    chart.drawing = false;
  }
}

/** What the visitor has made of a chart; of another metric or axis they have made nothing yet. */
function viewOf(chart, revision) {
  if (views[chart.name]?.revision !== revision) {
    views[chart.name] = { revision, zoomed: {}, hidden: [], whole: false };
  }
  return views[chart.name];
}

function apply(view, data, layout) {
  for (const [name, axis] of view.whole ? Object.entries(layout) : []) {
    if (!/^[xy]axis\d*$/.test(name) || axis.fixedrange || !axis.range) continue;
    const { range, ...rest } = axis;
    layout[name] = { ...rest, autorange: true };
  }
  for (const [axis, range] of Object.entries(view.zoomed)) {
    layout[axis] = { ...layout[axis], range: [...range], autorange: false };
  }
  for (const trace of data) {
    if (view.hidden.includes(trace.legendgroup ?? trace.name)) trace.visible = "legendonly";
  }
}

function redraw(chart) {
  chart.due = true;
  draw(chart);
}

function reset(chart) {
  Object.assign(views[chart.name], { zoomed: {}, whole: false });
  redraw(chart);
}

/** As Plotly does it: back to the axes as they were; from there to all values, and back. */
function doubleClicked(chart) {
  const view = views[chart.name];
  const whole = !Object.keys(view.zoomed).length && !view.whole;
  Object.assign(view, { zoomed: {}, whole });
  redraw(chart);
}

/** Remember what is zoomed into, and keep to the size there is. */
function begin(chart) {
  chart.begun = true;
  chart.on("plotly_relayout", (change) => {
    for (const name of Object.keys(change)) {
      const axis = name.match(/^([xy]axis\d*)\./)?.[1];
      if (axis) views[chart.name].zoomed[axis] = [...chart.layout[axis].range];
    }
  });
  chart.on("plotly_restyle", () => {
    const hidden = chart.data.filter((trace) => trace.visible === "legendonly");
    views[chart.name].hidden = hidden.map((trace) => trace.legendgroup ?? trace.name);
  });
  chart.on("plotly_doubleclick", () => doubleClicked(chart));
  new ResizeObserver(() => {
    if (chart.isConnected && chart.offsetWidth) chart.plotly.Plots.resize(chart);
  }).observe(chart);
}

/** Plotly zooms when the mouse goes up, which the browser tells after the pointer does. */
function letGo(chart) {
  if (!chart.held) return;
  setTimeout(() => {
    chart.held = false;
    draw(chart);
  }, 50);
}

function made(parent, Plotly) {
  const chart = document.createElement("div");
  chart.className = "epochscope-chart";
  chart.plotly = Plotly;
  chart.config = {
    displaylogo: false,
    doubleClick: false, // its own reset would come back with the next epoch
    modeBarButtonsToRemove: ["autoScale2d", "resetScale2d", "lasso2d", "select2d"],
    modeBarButtonsToAdd: [
      { name: "Reset zoom", icon: Plotly.Icons.home, click: () => reset(chart) },
      {
        name: "Full screen",
        icon: Plotly.Icons.zoombox,
        click: () =>
          document.fullscreenElement ? document.exitFullscreen() : chart.requestFullscreen(),
      },
    ],
  };
  chart.gone = new AbortController();
  const heard = { capture: true, signal: chart.gone.signal };
  chart.addEventListener("pointerdown", () => (chart.held = true), heard);
  for (const end of ["pointerup", "pointercancel"]) {
    window.addEventListener(end, () => letGo(chart), heard);
  }
  parent.append(chart);
  return chart;
}

/** Let go of a chart that is no longer on the page. */
function leave(chart) {
  if (chart.isConnected) return;
  chart.gone.abort();
  chart.plotly.purge(chart);
}

export default async function ({ data, parentElement }) {
  const Plotly = await plotly(data.library);
  const found = parentElement.querySelector(".epochscope-chart");
  const chart = found ?? made(parentElement, Plotly);
  chart.style.height = data.height;
  chart.setAttribute("role", "figure");
  chart.setAttribute("aria-label", data.words);
  chart.name = data.name;
  chart.figure = data.figure;
  redraw(chart);
  // Streamlit calls this also for a call that took longer than the next one was waited for.
  return () => setTimeout(() => leave(chart), 0);
}
