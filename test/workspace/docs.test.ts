import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { brokenLinks } from '../../scripts/lib/docs.mjs';
import { releaseAtEnd } from '../helpers/held.js';

it('links of the API documentation that lead nowhere are found', () => {
  const dir = mkdtempSync(join(tmpdir(), 'forkmap-pages-'));
  releaseAtEnd(() => rmSync(dir, { recursive: true }));
  const link = (href: string) => `<a class="x" href="${href}">text</a>`;
  const good = ['b.html', 'b.html#there', '#here', 'https://example.org/', 'style.css'];
  const bad = ['c.html', 'b.html#nowhere', '#nowhere'];
  writeFileSync(join(dir, 'a.html'), `<p id="here">${[...good, ...bad].map(link).join('')}`);
  writeFileSync(join(dir, 'b.html'), '<p id="there">');
  writeFileSync(join(dir, 'style.css'), '');
  expect(brokenLinks(dir)).toEqual(bad.map((href) => `a.html: ${href}`));
});
