/**
 * How libraries fare in children: of each, what a program does with it, as JavaScript that gives a value. It must give the
 * same in a child as in the caller.
 * @type {Record<string, { use: string, load?: string }>}
 */
export const LIBRARIES = {
  'abort-controller': { use: `new lib.AbortController().signal.aborted` },
  bluebird: { use: `await lib.default.map([1, 2], (x) => x + 1)` },
  'core-js': { load: 'core-js/actual/index.js', use: `[3, 1, 2].toSorted()` },
  'decimal.js': { use: `new lib.default('0.1').plus('0.2').toString()` },
  immutable: { use: `lib.Map({ a: 1 }).set('b', 2).toJS()` },
  nanoid: { use: `lib.nanoid().length` },
  'nanoid-cjs': { use: `lib.nanoid().length` },
  pino: {
    use: `new Promise((done) => { const out = []; const log = lib.default({ base: null, timestamp: false }, { write: (line) => out.push(line) }); log.info('x'); done(out); })`,
  },
  ses: { use: `typeof globalThis.Compartment` },
  zod: { use: `lib.z.object({ a: lib.z.number() }).parse({ a: 1 })` },
  'zone.js': { use: `await new Promise((done) => setTimeout(() => done(1), 1))` },
  '@sinonjs/fake-timers': {
    use: `(() => { const clock = lib.default.createClock(); let n = 0; clock.setTimeout(() => n++, 5); clock.tick(10); return n; })()`,
  },
  '@jest/fake-timers': { use: `typeof lib.default.ModernFakeTimers` },
  '@opentelemetry/api': { use: `lib.trace.getTracer('x').startSpan('y').isRecording()` },
};

/** The ways in which a library may have been used when a child comes to it. */
export const WAYS = ['loaded', 'used before'];

/**
 * A program that uses a library in children, and says what came of it: JSON, `works` or the error's code.
 * @param {string} name @param {string} way
 */
export function programFor(name, way) {
  const { load = name, use = '' } = LIBRARIES[name] ?? {};
  return `
    import { parMap } from '@forkmap/pool';
    const lib = await import(${JSON.stringify(load)});
    const use = async () => ${use};
    ${way === 'used before' ? 'await use();' : ''}
    const results = await parMap([1, 2, 3, 4], use, { chunk: 1, lanes: 2, timeout: 60_000 }).catch((error) => error);
    const here = JSON.stringify(await use());
    const isRight = Array.isArray(results) && results.every((result) => JSON.stringify(result) === here);
    console.log(JSON.stringify(isRight ? 'works' : (results.code ?? ['wrong', results, here])));
    process.exit();
  `;
}
