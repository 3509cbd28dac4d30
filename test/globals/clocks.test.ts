/** Programs that replace what the language gives: the library goes on with what there was when it was loaded. */
import { describe, expect, it } from 'vitest';
import { runText } from '../helpers/processes.js';

/** What a call must give whatever was replaced, one line each. */
const CALLS = `
const { parMap } = await import('@forkmap/pool');
const { forkMap, forkMapSync } = await import('@forkmap/core');
const tell = async (name, act) => {
  try { console.log(name, JSON.stringify(await act())); } catch (error) { console.log(name, error.code ?? error.name, error.message); }
};
async function calls() {
  const numbers = Array.from({ length: 3000 }, (_, i) => i);
  await tell('many', async () => (await parMap(numbers, (x) => x * 2, { chunk: 100 })).at(-1));
  await tell('sync', () => forkMapSync(() => ({ a: [1] })));
  await tell('async', () => forkMap(async () => ({ a: await 1 })));
  await tell('date', async () => {
    const [date] = await parMap([5], (time) => new Date(time));
    return [date instanceof Date, date.getTime(), Object.getPrototypeOf(date) === Object.getPrototypeOf(new Date())];
  });
  await tell('timeout', () => parMap([1], () => new Promise(() => process.stdin.on('data', () => {}).resume() && Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60000)), { timeout: 100 }).catch((error) => error.code));
  await tell('setup', () => parMap([1], (x) => globalThis.ready + x, { setup: () => { globalThis.ready = 1; } }));
}
`;

const RIGHT = [
  'many 5998',
  'sync {"a":[1]}',
  'async {"a":1}',
  'date [true,5,true]',
  'timeout "ERR_FORKMAP_TIMEOUT"',
  'setup [2]',
];

/** Per clock, or other replacement: how it is put in place, and how away again. */
const REPLACEMENTS: Record<string, { before?: string; put: string; away?: string; nodeArgs?: string[] }> = {
  '@sinonjs/fake-timers, the Date alone': {
    put: `const { default: FakeTimers } = await import('@sinonjs/fake-timers');
      const clock = FakeTimers.install({ toFake: ['Date'] });`,
    away: 'clock.uninstall();',
  },
  '@sinonjs/fake-timers, all of it': {
    put: `const { default: FakeTimers } = await import('@sinonjs/fake-timers'); const clock = FakeTimers.install();`,
    away: 'clock.uninstall();',
  },
  '@sinonjs/fake-timers, before the library is loaded': {
    before: `const { default: FakeTimers } = await import('@sinonjs/fake-timers'); const clock = FakeTimers.install();`,
    put: '',
    away: 'clock.uninstall();',
  },
  "node:test's mock.timers": {
    put: `const { mock } = await import('node:test'); mock.timers.enable();`,
    away: 'mock.timers.reset();',
  },
  "jest's modern timers": {
    put: `const { ModernFakeTimers } = (await import('@jest/fake-timers')).default;
      const clock = new ModernFakeTimers({ global: globalThis, config: { fakeTimers: {} } }); clock.useFakeTimers();`,
    away: 'clock.useRealTimers();',
  },
  "jest's legacy timers": {
    put: `const { LegacyFakeTimers } = (await import('@jest/fake-timers')).default;
      const fn = (impl) => { const f = (...a) => impl?.(...a); f.mockImplementation = (i) => { impl = i; return f; }; return f; };
      const clock = new LegacyFakeTimers({ global: globalThis, config: {}, moduleMocker: { fn, getMockImplementation: () => {} },
        timerConfig: { idToRef: (id) => ({ id, ref() { return this; }, unref() { return this; } }), refToId: (timer) => timer?.id } });
      clock.useFakeTimers();`,
    away: 'clock.useRealTimers();',
  },
  'zone.js': { put: `await import('zone.js');` },
  'zone.js, before the library is loaded': { before: `await import('zone.js');`, put: '' },
  'core-js': { put: `await import('core-js');` },
  'bluebird for Promise': {
    put: `globalThis.Promise = (await import('bluebird')).default;`,
  },
  'bluebird for Promise, before the library is loaded': {
    before: `globalThis.Promise = (await import('bluebird')).default;`,
    put: '',
  },
  'the lockdown of SES': {
    put: `await import('ses'); lockdown({ errorTaming: 'unsafe', consoleTaming: 'unsafe' });`,
  },
  'the lockdown of SES, before the library is loaded': {
    before: `await import('ses'); lockdown({ errorTaming: 'unsafe', consoleTaming: 'unsafe' });`,
    put: '',
  },
  '--frozen-intrinsics': { put: '', nodeArgs: ['--frozen-intrinsics'] },
  'a frozen %TypedArray%.prototype': { put: 'Object.freeze(Object.getPrototypeOf(Uint8Array.prototype));' },
};

describe.each(Object.entries(REPLACEMENTS))(
  'with %s',
  (_name, { before = '', put, away = '', nodeArgs = [] }) => {
    it('calls give what they give, meanwhile and afterwards', async () => {
      const program = `${before}\n${CALLS}\n${put}\nawait calls();\n${away}\nawait calls();`;
      const { stdout, stderr } = await runText(program, { nodeArgs });
      expect(stdout.split('\n'), stderr).toEqual([...RIGHT, ...RIGHT, '']);
    });
  },
);

it('results that take long to decode are taken in under a faked clock', async () => {
  // WHY so many: between parts of what it takes in, the caller gives its event loop a turn.
  const { stdout, stderr } = await runText(`
    import { parMap } from '@forkmap/pool';
    import FakeTimers from '@sinonjs/fake-timers';
    const texts = Array.from({ length: 400_000 }, (_, i) => i);
    FakeTimers.install();
    console.log((await parMap(texts, (x) => ({ x, text: 'text ' + x, list: [x] }), { chunk: 200_000 })).length);
  `);
  expect(stdout, stderr).toBe('400000\n');
});
