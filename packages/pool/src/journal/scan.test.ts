import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LineReader, scanLines } from './scan.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'scan-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function scan(text: string, headBytes = 4) {
  const file = join(dir, 'lines');
  writeFileSync(file, text);
  const fd = openSync(file, 'r');
  const lines: [start: number, head: string][] = [];
  const end = scanLines(fd, headBytes, ({ start, head }) => lines.push([start, head.toString()]));
  const reader = new LineReader(fd);
  const read = lines.map(([start]) => reader.lineAt(start).toString());
  closeSync(fd);
  return { lines, end, read };
}

test('lines are told with where they begin, and a torn one is not', () => {
  const { lines, end, read } = scan('abcdef\n\nxy\ntorn');
  expect(lines).toEqual([
    [0, 'abcd'],
    [7, ''],
    [8, 'xy'],
  ]);
  expect(end).toBe(11);
  expect(read).toEqual(['abcdef', '', 'xy']);
});

test('lines longer than what is read at once, and heads that lie across', () => {
  for (const length of [2 ** 20 - 2, 2 ** 20 - 1, 2 ** 20, 3 * 2 ** 20]) {
    const long = 'l'.repeat(length);
    const { lines, end, read } = scan(`${long}\nabcdef\n`);
    expect(lines).toEqual([
      [0, 'llll'],
      [length + 1, 'abcd'],
    ]);
    expect(end).toBe(length + 8);
    expect(read).toEqual([long, 'abcdef']);
  }
});

test('an empty file has no lines', () => {
  expect(scan('')).toEqual({ lines: [], end: 0, read: [] });
});
