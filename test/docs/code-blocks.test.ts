import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { complaintsAbout } from '../helpers/compile.js';
import { type CodeBlock, codeBlocks, documents, root } from '../helpers/markdown.js';
import { runProgram } from '../helpers/processes.js';

const folder = 'test/dist/docs';
const nameOf = ({ document, line }: CodeBlock) => `${document.replaceAll('/', '-')}-${line}`;
const blocks = documents.flatMap(codeBlocks).map((block) => [nameOf(block), block] as const);

describe('the code in the documents', () => {
  it('is there', () => {
    expect(blocks.map(([name]) => name)).toContainEqual(expect.stringMatching(/^README\.md-/));
  });

  it('compiles', () => {
    const overlay = new Map(blocks.map(([name, { code }]) => [`${folder}/${name}.mts`, code]));
    expect(complaintsAbout([...overlay.keys()], overlay)).toEqual([]);
  });

  it.each(blocks)('%s runs, and prints what is shown', async (name, { code, output }) => {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, `${name}.mjs`), outputText);
    const end = await runProgram(`../dist/docs/${name}.mjs`);
    expect(end, end.stderr).toMatchObject({ code: 0, ...(output !== undefined && { stdout: output }) });
  });
});
