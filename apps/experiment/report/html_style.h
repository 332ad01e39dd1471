// The style sheet of report.html.
#pragma once

namespace nabla::experiment {

// --s1 … --s8 are the colours of the series: after Okabe & Ito (2008) in the light scheme, the same
// hues lighter in the dark scheme.
inline constexpr const char* kHtmlStyle = R"css(
:root {
  color-scheme: light dark;
  --paper: #ffffff; --sheet: #f6f7f9; --ink: #1b1f24; --quiet: #5b6470; --line: #e3e6ea;
  --accent: #0072b2; --bad: #b3261e;
  --s1: #0072b2; --s2: #d55e00; --s3: #009e73; --s4: #cc79a7;
  --s5: #e69f00; --s6: #56b4e9; --s7: #6a51a3; --s8: #7f7f7f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --sheet: #1c2026; --ink: #e8eaed; --quiet: #9aa4b0; --line: #2c323a;
    --accent: #5db3ea; --bad: #ff8a80;
    --s1: #4ba6e6; --s2: #f2803a; --s3: #2cc597; --s4: #e39cc4;
    --s5: #f3b63b; --s6: #93d2f7; --s7: #a48fe0; --s8: #b3b3b3;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 Inter, system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif;
}
main { max-width: 1180px; margin: 0 auto; padding: 3rem 1.5rem 5rem; }
header { border-bottom: 1px solid var(--line); padding-bottom: 1.75rem; }
.eyebrow {
  color: var(--accent); font-size: .78rem; font-weight: 600; letter-spacing: .09em;
  text-transform: uppercase; margin: 0;
}
h1 { font-size: clamp(1.7rem, 4vw, 2.6rem); line-height: 1.15; letter-spacing: -.02em;
  margin: .35rem 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; letter-spacing: -.01em; margin: 3.2rem 0 .9rem; }
h3 { font-size: 1rem; margin: 0 0 .2rem; }
p { max-width: 46rem; margin: 0 0 .8rem; }
.question { font-size: 1.1rem; color: var(--quiet); }
.facts { display: flex; flex-wrap: wrap; gap: .6rem 2.4rem; margin: 1.4rem 0 0; padding: 0; }
.facts div { min-width: 5rem; }
.facts dt { color: var(--quiet); font-size: .8rem; }
.facts dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.facts .bad { color: var(--bad); }
.verdict {
  margin: 2rem 0 0; padding: 1.1rem 1.3rem; background: var(--sheet); border-radius: 10px;
  border-left: 4px solid var(--accent); font-size: 1.06rem; max-width: none;
}
.note { color: var(--quiet); font-size: .9rem; }
.scroll { overflow-x: auto; margin: 0 0 1.2rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); font-size: .9rem; padding: 0 0 .5rem; }
th { font-weight: 600; color: var(--quiet); font-size: .8rem; text-align: left;
  border-bottom: 1px solid var(--quiet); }
th, td { padding: .5rem .9rem .5rem 0; vertical-align: top; }
td { border-bottom: 1px solid var(--line); }
td:first-child { font-weight: 500; }
th.n, td.n { text-align: right; white-space: nowrap; }
td small { color: var(--quiet); font-size: .92em; font-weight: 400; }
.matrix td.n { padding: .5rem .7rem; border: 2px solid var(--paper); border-radius: 6px;
  text-align: center; line-height: 1.25; }
.matrix th { border: 0; }
.matrix th.n { text-align: center; white-space: normal; padding: .5rem .7rem; }
.matrix small { display: block; color: inherit; opacity: .75; }
.figures { display: grid; gap: 2.4rem 2rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 460px), 1fr)); }
.figures { margin-bottom: 1.8rem; }
figure { margin: 0; min-width: 0; }
figure.wide { grid-column: 1 / -1; }
figure svg { display: block; width: 100%; min-width: 460px; height: auto; font-family: inherit; }
figure.wide svg { min-width: 700px; max-width: 980px; }
figcaption { color: var(--quiet); font-size: .88rem; margin-top: .35rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; font-size: .88rem;
  margin: .3rem 0 .4rem; padding: 0; list-style: none; }
.legend li { display: flex; align-items: center; gap: .45rem; }
.legend i { width: 1.5rem; height: 0; border-top: 3px solid; border-radius: 2px; }
.legend i.dashed { border-top-style: dashed; }
pre { background: var(--sheet); border-radius: 8px; padding: .9rem 1.1rem; overflow-x: auto;
  font: .88rem/1.5 ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace; margin: 0 0 1rem; }
code { font: .9em ui-monospace, "SF Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
details { border-top: 1px solid var(--line); padding: .8rem 0; }
details:last-of-type { border-bottom: 1px solid var(--line); }
summary { cursor: pointer; font-weight: 600; }
details > *:not(summary) { margin-top: .8rem; }
footer { margin-top: 3rem; color: var(--quiet); font-size: .85rem; }
@media (max-width: 600px) { main { padding: 1.6rem 1rem 3rem; } h2 { margin-top: 2.4rem; } }
@media print { main { max-width: none; padding: 0; } figure, tr { break-inside: avoid; } }
)css";

}  // namespace nabla::experiment
