import { fileURLToPath } from 'node:url';
import newest from 'typescript';
import oldest from 'typescript-5.4';
import { describe, expect, it } from 'vitest';
import { scaled } from '../helpers/time.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/packages/${name}`, import.meta.url));

/** What a compiler says of programs that use the packages as they are published, every declaration looked at. */
function complaints(ts: typeof newest, module: 'Node16' | 'NodeNext' | 'Bundler') {
  const isBundler = module === 'Bundler';
  const options: newest.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    types: ['node'],
    target: ts.ScriptTarget.ES2022,
    module: isBundler ? ts.ModuleKind.ESNext : ts.ModuleKind[module],
    moduleResolution: ts.ModuleResolutionKind[module],
  };
  const files = isBundler ? ['uses-types.mts'] : ['uses-types.mts', 'uses-types.cts'];
  const program = ts.createProgram(files.map(fixture), options);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start ?? 0).line + 1 : 0;
    return `${file?.fileName}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

const compilers = { '5.4': oldest as unknown as typeof newest, 'of the workspace': newest };

describe('the types, to a program that checks every declaration', () => {
  it.each([
    ['5.4', 'Node16'],
    ['5.4', 'Bundler'],
    ['of the workspace', 'NodeNext'],
  ] as const)(
    'are right: TypeScript %s, moduleResolution %s',
    (version, module) => {
      expect(complaints(compilers[version], module)).toEqual([]);
    },
    scaled(60_000),
  );
});
