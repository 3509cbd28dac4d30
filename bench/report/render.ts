/** Makes README.md's tables and report.html from a result. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchResult } from '../result.js';
import { pageOf } from './page.js';
import { tablesOf } from './tables.js';

const BEGIN = '<!-- results: written by `npm run bench` -->';
const END = '<!-- /results -->';

/** Writes `report.html` into the folder, and puts the tables between the marks of its README.md, or makes one. */
export function renderAll(result: BenchResult, outDir: string): void {
  mkdirSync(outDir, { recursive: true });
  const page = join(outDir, 'report.html');
  writeFileSync(page, pageOf(result));
  const readme = join(outDir, 'README.md');
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : `${BEGIN}\n${END}\n`;
  writeFileSync(readme, replaceBetweenMarks(text, tablesOf(result)));
  console.log(`${page}\n${readme}`);
}

function replaceBetweenMarks(text: string, tables: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`README.md lacks the marks ${BEGIN} and ${END}`);
  return `${text.slice(0, from)}${BEGIN}\n\n${tables}\n\n${text.slice(to)}`;
}
