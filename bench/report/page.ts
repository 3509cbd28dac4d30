/** report.html: the plots, with what to read off them. One file, no script, nothing fetched. */
import type { BenchResult } from '../result.js';
import { judgeClaims } from './must-show.js';
import { codecBars, ladderBars } from './plots-bars.js';
import { contenderBars } from './plots-contenders.js';
import { memoryCurves } from './plots-memory.js';
import { curves, heatMaps } from './plots-sweep.js';
import { drawSvg, type Plot } from './theme.js';
import { machineLine } from './words.js';

interface Chapter {
  title: string;
  /** How to read it. */
  text: string;
  plots: Plot[];
}

export function pageOf(result: BenchResult): string {
  const chapters = chaptersOf(result).filter(({ plots }) => plots.length > 0);
  const sections = chapters.map(
    ({ title, text, plots }) =>
      `<section><h2>${escapeHtml(title)}</h2><p>${escapeHtml(text)}</p><div class="plots">\n` +
      `${plots.map((plot) => `<figure style="width:${plot.width}px">${drawSvg(plot)}</figure>`).join('\n')}</div></section>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>forkmap: benchmark</title>
<style>${style}</style>
<main>
<h1>forkmap: benchmark</h1>
<p>${escapeHtml(machineLine(result))} Medians; every trial is a process of its own, contenders take turns, answers are checked.
Compare figures of one run only.</p>
<section><h2>What is promised</h2>${claimsOf(result)}</section>
${sections.join('\n')}
</main>
</html>
`;
}

function chaptersOf(result: BenchResult): Chapter[] {
  return [
    {
      title: 'Contenders',
      text:
        'Shorter is better. The pale bar is what one pays who calls once: starting the pool, sending it what every item reads, ' +
        'and the first run. The strong bar is a further run. Orange is forkmap, blue are Node’s pools, grey is no parallelism ' +
        'at all, green are other languages.',
      plots: contenderBars(result),
    },
    {
      title: 'Chunk sweep: where the time goes',
      text:
        'Dark is good: the percentage is the share of the lanes’ time that went to the items themselves. Towards the left the ' +
        'forks eat the time, more so with a larger heap; at “all” one lane has everything and the others have nothing. The last ' +
        'column should be as dark as the best of its row.',
      plots: heatMaps(result),
    },
    {
      title: 'Chunk sweep: overhead per item',
      text:
        'Wall time beyond the ideal, per item, on logarithmic scales. A fresh child per chunk (solid, orange) falls in proportion ' +
        'to the chunk and rises with the heap; one child per lane (dashed, blue) hardly depends on either. At “all” only one lane ' +
        'is at work.',
      plots: curves(result),
    },
    {
      title: 'Ladder: what each layer adds',
      text:
        'From the bottom of the machine to the top of the library, by the size of the heap. The C program has the same mappings ' +
        'with as many resident pages: nothing that forks this process can take less. “Each further chunk” is to be compared with it.',
      plots: ladderBars(result),
    },
    {
      title: 'Memory',
      text:
        'Proportional set size, summed over all processes: pages that are shared count once. Children share the index with the ' +
        'caller; threads and processes of a pool have a copy each.',
      plots: memoryCurves(result),
    },
    {
      title: 'Codecs',
      text:
        'How long a batch of 512 results takes. Decoding is the caller’s own time, and so the serial part of every map. A fresh ' +
        'child encodes with code that may never have run before: the first call counts there. Of these, only forkmap’s codec and ' +
        'devalue give back all values as they were.',
      plots: codecBars(result),
    },
  ];
}

function claimsOf(result: BenchResult): string {
  const rows = judgeClaims(result).map(
    ({ what, wanted, got, holds }) =>
      `<tr class="${holds === undefined ? 'unknown' : holds ? 'yes' : 'no'}"><td>${escapeHtml(what)}</td>` +
      `<td>${escapeHtml(wanted)}</td><td>${escapeHtml(got)}</td><td>${holds === undefined ? '–' : holds ? 'yes' : 'no'}</td></tr>`,
  );
  return `<table><tr><th>what</th><th>wanted</th><th>measured</th><th>holds</th></tr>${rows.join('')}</table>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const style = `
:root { color-scheme: light dark; --ink: #1d2430; --faint: #5b6470; --rule: #d9dde3; --page: #ffffff; --yes: #1f7a3d; --no: #b3261e }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --faint: #a3abb7; --rule: #3a414c; --page: #14181f; --yes: #6fce8e; --no: #ff8a80 }
}
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
main { max-width: 980px; margin: 0 auto; padding: 24px 16px 64px }
h1 { font-size: 24px; margin: 0 0 8px } h2 { font-size: 18px; margin: 36px 0 4px }
p { max-width: 76ch; margin: 4px 0 12px; color: var(--faint) }
.plots { display: flex; flex-wrap: wrap; gap: 16px }
figure { margin: 0; max-width: 100% } figure svg { width: 100%; height: auto; display: block }
table { border-collapse: collapse; width: 100% } th { text-align: left; color: var(--faint); font-weight: 600 }
th, td { padding: 6px 8px; border-bottom: 1px solid var(--rule); vertical-align: top }
tr.yes td:last-child { color: var(--yes); font-weight: 600 } tr.no td:last-child { color: var(--no); font-weight: 600 }
`;
