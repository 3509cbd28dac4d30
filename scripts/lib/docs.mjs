/** The API's documentation. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { runModule, StepError } from './run.mjs';
import { root } from './workspace.mjs';

const folder = join(root, 'docs', 'api');

/** TypeDoc's own complaints are errors (typedoc.json); its pages are read again, as a browser would. */
export function buildDocs() {
  rmSync(folder, { recursive: true, force: true });
  runModule('typedoc/bin/typedoc', ['--logLevel', 'Warn']);
  const broken = brokenLinks(folder);
  if (broken.length > 0) throw new StepError(`docs/api has links that lead nowhere:\n${broken.join('\n')}`);
  console.log(`docs/api: ${pagesIn(folder).length} pages, every link leads somewhere`);
}

/**
 * Links between the pages of a folder whose page, or place in it, is not there.
 * @param {string} dir @returns {string[]}
 */
export function brokenLinks(dir) {
  const pages = new Map(pagesIn(dir).map((page) => [page, readFileSync(page, 'utf8')]));
  return Array.from(pages).flatMap(([page, html]) => {
    const targets = Array.from(html.matchAll(/<a [^>]*?href="([^"]+)"/g), ([, href]) => String(href));
    const lost = targets.filter((href) => !/^[a-z]+:/.test(href) && !leadsSomewhere(href, page, pages));
    return [...new Set(lost)].map((href) => `${relative(dir, page)}: ${href}`);
  });
}

/** @param {string} href @param {string} page @param {ReadonlyMap<string, string>} pages */
function leadsSomewhere(href, page, pages) {
  const [path = '', place] = decodeURI(href).split('#');
  const target = path === '' ? page : join(dirname(page), path);
  const html = pages.get(target);
  if (html === undefined) return existsSync(target) && place === undefined;
  return place === undefined || place === '' || html.includes(`id="${place}"`);
}

/** @param {string} dir */
function pagesIn(dir) {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.html')).map((file) => join(dir, file));
}
