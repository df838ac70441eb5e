/* The dashboard's drawings, in the colours of the style sheet: bars with their numbers beside them, and the trend.
 * What is drawn stands in #drawing (reports/dashboards.py); each drawing has a table that says the same, and whose links
 * a click on the drawing follows. */
"use strict";
(() => {
  const source = document.getElementById("drawing");
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
  if (!source || !window.echarts) return;
  const { bars, trend, words } = JSON.parse(source.textContent);
  const drawn = new Map();

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--sw-${name}`).trim();
  const base = () => ({
    animation: false,
    aria: { enabled: false }, // the table beside it is what is read aloud
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, color: token("text-2") },
  });
  const axis = () => ({
    axisLine: { lineStyle: { color: token("line") } },
    axisTick: { show: false },
    axisLabel: { color: token("text-2"), fontSize: 12 },
    splitLine: { lineStyle: { color: token("line") } },
  });

  function barsOf(rows) {
    const colour = { ink: token("ink"), amber: token("amber"), grey: token("field") };
    return {
      ...base(),
      grid: { left: 4, right: 64, top: 0, bottom: 0, containLabel: true },
      xAxis: { type: "value", show: false },
      yAxis: {
        ...axis(), type: "category", inverse: true, data: rows.map((row) => row[0]),
        axisLine: { show: false }, axisLabel: { color: token("text"), fontSize: 13, width: 108, overflow: "truncate" },
      },
      series: [{
        type: "bar", barMaxWidth: 14, cursor: "pointer",
        data: rows.map(([, value, tone]) => ({ value, itemStyle: { color: colour[tone], borderRadius: [0, 2, 2, 0] } })),
        label: {
          show: true, position: "right", color: token("text"), fontSize: 13,
          formatter: ({ dataIndex: at }) => rows[at].slice(1).filter((part, place) => place !== 1 && part !== "").join(" · "),
        },
      }],
    };
  }

  function trendOf({ days, counts: [received, resolved, missed], off }) {
    const last = days.length - 1;
    const close = Math.abs(received[last] - resolved[last]) * 9 < Math.max(1, ...received, ...resolved);
    const named = new Map(off.map(([first, until, name]) => [Math.floor((first + until) / 2), name]));
    const below = close ? (received[last] >= resolved[last] ? 8 : -8) : 0;
    const line = (name, data, style, label) => ({
      name, type: "line", data, symbol: "none", cursor: "pointer", lineStyle: { width: 2, ...style },
      endLabel: { show: true, formatter: `${name} {c}`, ...label },
    });
    return {
      ...base(),
      grid: { left: 36, right: 72, top: 18, bottom: 22 },
      xAxis: {
        ...axis(), type: "category", data: days, splitLine: { show: false },
        axisLabel: { color: token("text-2"), interval: (at) => (last - at) % 5 === 0 },
      },
      yAxis: [
        { ...axis(), type: "value", splitNumber: 4, minInterval: 1, axisLine: { show: false } },
        { type: "value", min: 0, max: 1, show: false },
      ],
      series: [
        {
          ...line(words.received, received, { color: token("ink") }, { color: token("ink"), fontWeight: 600, offset: [0, -below] }),
        },
        line(words.resolved, resolved, { color: token("field"), type: [5, 3] }, { color: token("text-2"), offset: [0, below] }),
        {
          name: words.missed, type: "scatter", symbolSize: 9, itemStyle: { color: token("red") }, cursor: "pointer",
          label: { show: true, formatter: ({ data }) => data[2], position: "top", color: token("red"), fontSize: 12, distance: 2 },
          data: missed.map((number, at) => [at, 0, number]).filter(([, , number]) => number),
        },
        { // days off: a ground behind everything, the holiday's name in its middle
          type: "bar", yAxisIndex: 1, silent: true, barWidth: "101%", z: 0, itemStyle: { color: token("line"), opacity: 0.45 },
          label: { show: true, position: "insideTop", color: token("text-2"), fontSize: 12, formatter: ({ dataIndex: at }) => named.get(at) ?? "" },
          data: days.map((_day, at) => (off.some(([first, until]) => first <= at && at <= until) ? 1 : 0)),
        },
      ],
    };
  }

  function nearest(chart, x, y) { // the day under the pointer, and the number of that day that lies nearest to it
    const day = chart.convertFromPixel({ xAxisIndex: 0 }, x);
    const height = (number) => chart.convertToPixel({ yAxisIndex: 0 }, number);
    const away = trend.counts.map((numbers, series) => {
      if (series < 2) return Math.abs(height(numbers[day]) - y);
      return numbers[day] ? Math.abs(height(0) - y) : Infinity;
    });
    return [day, away.lastIndexOf(Math.min(...away))];
  }

  function follow(place, row, column) {
    const link = place.parentElement.querySelectorAll("tbody tr")[row]?.querySelectorAll("a")[column];
    if (link) window.location.assign(link.href);
  }

  function draw() {
    for (const place of document.querySelectorAll("[data-chart]")) {
      const key = place.dataset.chart;
      const chart = drawn.get(key) ?? window.echarts.init(place, null, { renderer: "svg" });
      if (!drawn.has(key)) {
        drawn.set(key, chart);
        if (key === "trend") chart.getZr().on("click", ({ offsetX, offsetY }) => follow(place, ...nearest(chart, offsetX, offsetY)));
        else chart.on("click", ({ dataIndex }) => follow(place, dataIndex, 0));
      }
      chart.setOption(key === "trend" ? trendOf(trend) : barsOf(bars[key]), true);
    }
  }

  draw();
  window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
  window.addEventListener("beforeprint", () => drawn.forEach((chart) => chart.resize()));
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
})();
