import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import timers from 'node:timers/promises';
import { forkMap, forkMapSync, isForkChild } from '@forkmap/core';
import { parMap } from '@forkmap/pool';
import { beforeAll, describe, expect, it } from 'vitest';
import { scaled } from '../helpers/time.js';
import { addOneInWasm } from '../inside/wasm.js';
import { LIVES } from './lives.js';

const names = Object.keys(LIVES);
const LIVING_MS = 60;

/** A child that gives all of the origin's life the occasion to go on: it waits, and makes the loop turn in every way. */
async function liveOn(): Promise<string> {
  const until = performance.now() + LIVING_MS;
  const port = new MessageChannel();
  while (performance.now() < until) {
    port.port1.postMessage('x');
    await fs.promises.stat('.');
    await timers.setTimeout(2);
    spawnSync('true');
    await timers.setImmediate();
  }
  await WebAssembly.compile(addOneInWasm);
  return 'lived';
}

function liveOnWithoutLoop(): string {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  spawnSync('true');
  Atomics.wait(cell, 0, 0, LIVING_MS);
  spawnSync('true');
  return 'lived';
}

const CALLS = [
  ['forkMap', () => forkMap(liveOn)],
  ['forkMapSync', async () => forkMapSync(liveOnWithoutLoop)],
  ['parMap', async () => (await parMap([0, 1], liveOn, { chunk: 1 }))[1]],
  [
    'parMap of a synchronous function',
    async () => (await parMap([0, 1], liveOnWithoutLoop, { chunk: 1 }))[1],
  ],
] as const;

describe.each(CALLS)('in a child of %s', (_name, call) => {
  const inOrigin = new Set<string>();
  let inChild: string[];
  let result: string | undefined;

  beforeAll(async () => {
    const dir = fs.mkdtempSync(join(tmpdir(), 'forkmap-hygiene-'));
    const marks = join(dir, 'marks');
    fs.writeFileSync(marks, '');
    const ends = Object.entries(LIVES).map(([name, live]) => {
      const mark = () => (isForkChild() ? fs.appendFileSync(marks, `${name}\n`) : inOrigin.add(name));
      return live(mark, dir);
    });
    result = await call();
    const deadline = performance.now() + scaled(5_000);
    while (inOrigin.size < names.length && performance.now() < deadline) await timers.setTimeout(5);
    for (const end of ends) if (typeof end === 'function') await end();
    inChild = [...new Set(fs.readFileSync(marks, 'utf8').split('\n'))];
    fs.rmSync(dir, { recursive: true });
  });

  it('the function runs to its end', () => {
    expect(result).toBe('lived');
  });

  it.each(names)('%s of the origin does not go on, but in the origin', (name) => {
    expect({ inChild: inChild.includes(name), inOrigin: inOrigin.has(name) }).toEqual({
      inChild: false,
      inOrigin: true,
    });
  });
});
