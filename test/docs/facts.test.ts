import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EFFECT_OF_CODE } from '@forkmap/core/internal';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { PAR_MAP_DEFAULTS } from '../../packages/pool/dist/options.js';
import { root, tableRows } from '../helpers/markdown.js';

const KIB = 1024;

/** As the documents write a default. */
function written(value: unknown): string {
  if (typeof value === 'number' && value >= KIB ** 3 && value % KIB ** 3 === 0)
    return `${value / KIB ** 3} GiB`;
  return typeof value === 'string' ? `\`${value}\`` : String(value);
}

/** The members of an interface, with what their docstrings call their default. */
function members(file: string, name: string): [name: string, documented: string | undefined][] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found = source.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === name);
  if (!found || !ts.isInterfaceDeclaration(found)) throw new Error(`no interface ${name} in ${file}`);
  return found.members.map((member) => {
    const comment = ts.getJSDocCommentsAndTags(member).map((node) => node.getText(source));
    const documented = /Default: ([^.;]+)/.exec(comment.join())?.[1];
    return [member.name?.getText(source) ?? '', documented];
  });
}

const forkOptions = members('packages/core/src/options.ts', 'ForkOptions');
const parMapOptions = members('packages/pool/src/options.ts', 'ParMapOptions');
const defaults: Readonly<Record<string, unknown>> = PAR_MAP_DEFAULTS;

describe('the table of options in README.md', () => {
  const rows = tableRows('README.md', 'option');

  it('has every option, in the order of the code', () => {
    expect(rows.map(([name, of]) => [name, of])).toEqual([
      ...forkOptions.map(([name]) => [`\`${name}\``, 'all']),
      ...parMapOptions.map(([name]) => [`\`${name}\``, '`parMap`']),
    ]);
  });

  it('gives the defaults of the code', () => {
    const shown = rows.map(([name, , value]) => [name, value]);
    const known = [...forkOptions, ...parMapOptions].map(([name]) => {
      return [`\`${name}\``, name in defaults ? written(defaults[name]) : ''];
    });
    expect(shown).toEqual(known);
  });
});

describe('the docstring of an option gives the default of the code', () => {
  const documented = [...forkOptions, ...parMapOptions].filter(([name, value]) => value && name in defaults);

  it.each(documented)('%s: %s', (name, value) => {
    expect(value).toBe(written(defaults[name]));
  });
});

it('the table of errors in README.md has every code under its effect', () => {
  const rows = tableRows('README.md', 'effect');
  const shown = rows.flatMap(([effect, , codes]) => codes?.split(' ').map((code) => [code, effect]) ?? []);
  const known = Object.entries(EFFECT_OF_CODE).map(([code, effect]) => [`\`${code}\``, `\`${effect}\``]);
  expect(shown.sort()).toEqual(known.sort());
});
