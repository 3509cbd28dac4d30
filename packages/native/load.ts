/**
 * Finds the addon for this machine, and loads it once: the one that was built here, else the one that came with the
 * package. Any of them serves every version of Node, by Node-API.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { NativeBinding } from './index.js';

const require = createRequire(import.meta.url);

// WHY each path as a literal: a bundler or tracer that follows `require` finds the files that the program needs.
const prebuilt: Record<string, () => unknown> = {
  'linux-x64': () => require('../prebuilds/linux-x64/forkmap.node'),
  'linux-x64-musl': () => require('../prebuilds/linux-x64-musl/forkmap.node'),
  'linux-arm64': () => require('../prebuilds/linux-arm64/forkmap.node'),
  'linux-arm64-musl': () => require('../prebuilds/linux-arm64-musl/forkmap.node'),
};

let loaded: NativeBinding | undefined;
let loadError: Error | undefined;

/** The addon, loaded once. Throws an Error that says what is missing and how to mend it. */
export function loadNative(): NativeBinding {
  if (loaded) return loaded;
  if (loadError) throw loadError;
  try {
    loaded = load();
    return loaded;
  } catch (error) {
    loadError = error as Error;
    throw loadError;
  }
}

function load(): NativeBinding {
  if (process.platform !== 'linux') {
    throw new Error(`forking needs Linux; this is ${process.platform}. Elsewhere use engine: 'inline'`);
  }
  const binding = require_(builtHere() ?? prebuilt[target()]);
  const why = binding.whyUnfit();
  if (why) throw new Error(`Node ${process.version} ${why}`);
  return binding;
}

/** The addon that was compiled on this machine, by `forkmap build` or in a checkout. */
function builtHere(): (() => unknown) | undefined {
  const name = process.env.FORKMAP_ADDON === 'faults' ? 'forkmap_faults' : 'forkmap';
  const path = fileURLToPath(new URL(`../build/${name}.node`, import.meta.url));
  return existsSync(path) ? () => require(path) : undefined;
}

/** What this process is, as the folders of `prebuilds` are named. */
function target(): string {
  return `${process.platform}-${process.arch}${isMusl() ? '-musl' : ''}`;
}

/** WHY by what is mapped: a machine may have both C libraries, but a process has one. */
function isMusl(): boolean {
  return readFileSync('/proc/self/maps', 'latin1').includes('/ld-musl-');
}

function require_(addon: (() => unknown) | undefined): NativeBinding {
  if (!addon) throw new Error(`no addon was built for ${target()}. Compile it here: npx forkmap build`);
  try {
    return addon() as NativeBinding;
  } catch (cause) {
    throw new Error(whyNotLoaded(cause as NodeJS.ErrnoException), { cause });
  }
}

function whyNotLoaded({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ERR_DLOPEN_DISABLED') {
    return 'this process may load no addons. Run Node with --allow-addons beside --permission, and without --no-addons';
  }
  if (code === 'MODULE_NOT_FOUND') {
    return `the addon for ${target()} is missing from this installation. Compile it here: npx forkmap build`;
  }
  return `the addon for ${target()} does not load: ${message}`;
}
