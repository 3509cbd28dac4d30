/**
 * Four worker threads make keys without pause, and so do children: each fork may catch a lock of OpenSSL's.
 * Settings: calls=400.
 */
import { generateKeyPairSync } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { parMap } from '@forkmap/pool';
import { report, setting } from './lib.mjs';

const calls = setting('calls', 400);
const maker = `const { generateKeyPairSync } = require('node:crypto');
  for (;;) generateKeyPairSync('ec', { namedCurve: 'P-256' });`;
const workers = Array.from({ length: 4 }, () => new Worker(maker, { eval: true }));
await Promise.all(workers.map((worker) => new Promise((online) => worker.once('online', online))));
/** @type {Record<string, number>} */
const errors = {};
for (let call = 0; call < calls; call++) {
  const makeKey = () => generateKeyPairSync('ed25519').publicKey.asymmetricKeyType;
  const settled = await parMap([1, 2, 3, 4], makeKey, { chunk: 2, lanes: 2, settle: true, timeout: 60_000 });
  for (const one of settled) {
    const what = one.status === 'fulfilled' ? one.value : one.reason.code;
    if (what !== 'ed25519') errors[what] = (errors[what] ?? 0) + 1;
  }
}
const failures = Object.values(errors).reduce((sum, count) => sum + count, 0);
report('key makers', { calls, failures, errors });
await Promise.all(workers.map((worker) => worker.terminate()));
process.exitCode = failures > 0 ? 1 : 0;
