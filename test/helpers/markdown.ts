import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every document that is written by hand, as paths below the workspace's root. */
export const documents: readonly string[] = [
  ...['.', 'docs'],
  ...['native', 'core', 'pool', 'cli'].map((name) => join('packages', name)),
]
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
  .filter((path) => path.endsWith('.md'));

export const readDocument = (path: string): string => readFileSync(join(root, path), 'utf8');

export interface CodeBlock {
  document: string;
  line: number;
  code: string;
  /** What the block prints, where the document shows it: a block `text` that comes next. */
  output: string | undefined;
}

/** The blocks of TypeScript in a document. */
export function codeBlocks(document: string): CodeBlock[] {
  const text = readDocument(document);
  return Array.from(text.matchAll(/^```ts\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm), (match) => ({
    document,
    line: text.slice(0, match.index).split('\n').length,
    code: match[1] as string,
    output: match[2],
  }));
}

/** The rows of the table whose first heading is `heading`, as trimmed cells without their backticks. */
export function tableRows(document: string, heading: string): string[][] {
  const lines = readDocument(document).split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  if (start < 0) throw new Error(`${document} has no table of '${heading}'`);
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
