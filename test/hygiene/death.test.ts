import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { releaseAtEnd } from '../helpers/held.js';
import { survivors } from '../helpers/processes.js';
import { Session } from '../helpers/session.js';

const FIXTURE = join('hygiene', 'keeps-children-busy.mjs');

/** How many lines each way prints once all its children are at work. */
const WAYS = {
  forkMap: 1,
  forkMapSync: 1,
  parMap: 2,
  'parMap of synchronous functions': 2,
  'parMap of many chunks': 2,
  'parMap in kept children': 2,
  'spawned processes': 2,
  'spawned processes that block': 2,
  'a worker thread': 2,
};
const PROGRAMS = { 'children that run programs': 4, 'children that wait for programs': 4 };
const WITHIN_MS = 1_000;

describe.each(Object.entries({ ...WAYS, ...PROGRAMS }))('%s', (way, lines) => {
  it('Ctrl-C ends the origin and all that it started, within a second', async () => {
    const session = new Session(FIXTURE, way);
    await session.lines(lines);
    const pids = session.processes();
    expect(pids.length).toBeGreaterThan(1);
    const end = once(session.program, 'exit');
    session.interrupt();
    expect(await survivors(pids, WITHIN_MS)).toEqual([]);
    expect(await end).toEqual([null, 'SIGINT']);
    expect(session.processes()).toEqual([]);
  });
});

const deaths = [
  ...Object.keys(WAYS).map((way) => [way, 'SIGKILL'] as const),
  ...(['SIGTERM', 'SIGHUP'] as const).flatMap((signal) => [
    ['forkMap', signal] as const,
    ['parMap', signal] as const,
  ]),
];
it.each(deaths)('%s: %s of the origin leaves no child', async (way, signal) => {
  const session = new Session(FIXTURE, way);
  await session.lines(WAYS[way as keyof typeof WAYS]);
  const pids = session.processes();
  session.program.kill(signal);
  expect(await survivors(pids, WITHIN_MS)).toEqual([]);
  expect(session.processes()).toEqual([]);
});

// While forkMapSync blocks, the origin can hear of nothing.
const handling = Object.entries(WAYS).filter(([way]) => way !== 'forkMapSync');
it.each(handling)('%s: an origin that handles SIGINT keeps its children', async (way, lines) => {
  const session = new Session(FIXTURE, way, 'handles SIGINT');
  await session.lines(lines);
  const pids = session.processes();
  for (let i = 0; i < 3; i++) {
    session.interrupt();
    expect(await session.lines(1)).toEqual(['heard SIGINT']);
  }
  expect(session.processes()).toEqual(pids);
  session.program.kill('SIGKILL');
  expect(await survivors(pids, WITHIN_MS)).toEqual([]);
});

it('Ctrl-C in a terminal leaves the terminal as it was', async () => {
  const program = join(import.meta.dirname, '..', 'fixtures', FIXTURE);
  // The shell catches SIGINT, to go on after it.
  const script = `trap : INT; stty -g; ${process.execPath} ${program} parMap; stty -g`;
  const terminal = spawn('script', ['-qefc', script, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  releaseAtEnd(() => void terminal.kill('SIGKILL'));
  let seen = '';
  const busy = new Promise<void>((resolve) => {
    terminal.stdout.on('data', (bytes) => {
      seen += bytes;
      if (/^\d+\r\n\d+\r\n/m.test(seen)) resolve();
    });
  });
  await busy;
  terminal.stdin.write('\x03');
  await once(terminal, 'close');
  const settings = seen.match(/[\da-f]+(:[\da-f]+){10,}/g);
  expect(settings).toHaveLength(2);
  expect(settings?.[0]).toBe(settings?.[1]);
});
