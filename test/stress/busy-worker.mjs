/** A worker thread of the user's that is never idle: garbage, hot code, WebAssembly. */
import { churn, freshHotFunction } from './lib.mjs';

// (module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))
const wasm = new Uint8Array([
  ...[
    0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0,
  ],
  ...[10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11],
]);
const { WebAssembly } = /** @type {any} */ (globalThis);

let seed = 1;
for (;;) {
  churn(30_000);
  freshHotFunction(seed++)(100_000);
  const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(wasm));
  for (let i = 0; i < 1_000; i++) exports.add(i, i);
}
