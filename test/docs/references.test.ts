import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, readDocument, root } from '../helpers/markdown.js';

/** `[text](target)`, but for addresses and places in the same document. */
const linksIn = (text: string) =>
  Array.from(text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g), ([, target]) => target as string);

/** Paths in backticks: they have a slash and an ending, and no placeholder. */
const pathsIn = (text: string) =>
  Array.from(
    text.matchAll(/`([\w.@-]+(?:\/[\w.@-]+)*\/[\w@-]+\.\w+|(?:[\w.-]+\/){2,})`/g),
    ([, path]) => path as string,
  );

describe.each(documents)('%s', (document) => {
  const text = readDocument(document);
  const here = dirname(join(root, document));

  it('links to what there is', () => {
    expect(linksIn(text).filter((target) => !existsSync(join(here, target)))).toEqual([]);
  });

  it('names files that there are', () => {
    const isThere = (path: string) => existsSync(join(here, path)) || existsSync(join(root, path));
    expect(pathsIn(text).filter((path) => !isThere(path))).toEqual([]);
  });

  it('names commands that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const named = Array.from(text.matchAll(/\bnpm run ([\w:]+)/g), ([, name]) => name as string);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});
