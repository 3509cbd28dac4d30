import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { countHoldings, expectNoLeaks, growth } from './leaks.js';

describe('growth()', () => {
  let cleanUp: (() => unknown) | undefined;
  afterEach(async () => {
    await cleanUp?.();
    cleanUp = undefined;
  });

  it('names a descriptor that was left open', () => {
    const before = countHoldings();
    const fd = openSync('/dev/null', 'r');
    cleanUp = () => closeSync(fd);
    expect(growth(before, countHoldings()).join()).toMatch(new RegExp(`file: .*\\b${fd} -> /dev/null`));
  });

  it('names a child that still lives', async () => {
    const before = countHoldings();
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    cleanUp = async () => child.kill() && (await once(child, 'exit'));
    await once(child, 'spawn');
    expect(growth(before, countHoldings()).join()).toContain(`child: 0 became 1: ${child.pid} (`);
  });

  it('names a zombie', async () => {
    const before = countHoldings();
    const child = spawn('true', { stdio: 'ignore' });
    cleanUp = () => once(child, 'exit');
    // Blocks the event loop, so that nothing can reap the child.
    while (!readFileSync(`/proc/${child.pid}/stat`, 'utf8').includes(') Z '));
    expect(growth(before, countHoldings()).join()).toContain(`zombie: 0 became 1: ${child.pid} (true)`);
  });

  it('says nothing where nothing grew', () => {
    expect(growth(countHoldings(), countHoldings())).toEqual([]);
  });
});

describe('expectNoLeaks()', () => {
  expectNoLeaks();

  it('waits for what is about to be level', () => {
    spawn('sleep', ['0.05'], { stdio: 'ignore' });
  });
});
