import { isDeepStrictEqual } from 'node:util';
import { loadNative, type NativeBinding } from '@forkmap/native';
import { forkError } from './errors/classes.js';
import { PROTOCOL } from './protocol.js';

let checked: NativeBinding | undefined;

/** The addon. Throws `ERR_FORKMAP_UNSUPPORTED`, which says how to mend it, where there is none. */
export function native(): NativeBinding {
  if (checked) return checked;
  try {
    const binding = loadNative();
    // WHY anew: what the addon made is of the main context, and this may be another one of node:vm.
    const protocol = JSON.parse(JSON.stringify(binding.protocol));
    if (!isDeepStrictEqual(protocol, PROTOCOL)) throw new Error(OF_TWO_VERSIONS);
    if (Object.hasOwn(process, CHILD) && !binding.child.isChild()) throw new Error(OF_ANOTHER_COPY);
    checked = binding;
    return binding;
  } catch (cause) {
    const why = (cause as Error).message;
    throw forkError('ERR_FORKMAP_UNSUPPORTED', `forking is not supported here: ${why}`, { cause });
  }
}

const OF_TWO_VERSIONS =
  'the addon is of another version than the package that uses it. Build it anew: npx forkmap build';

const OF_ANOTHER_COPY =
  'this process is a child of another copy of forkmap, and only that one can fork it. Install one copy (npm dedupe), or use ' +
  'parMap, which runs inline in a child';

/** Whether the addon loads: this process can be forked. */
export function canFork(): boolean {
  try {
    native();
    return true;
  } catch {
    return false; // WHY: that it cannot is the answer.
  }
}

/** The variable of the environment by which a process knows that it was started to run a lane. */
export const LANE_VARIABLE = 'FORKMAP_LANE_PROCESS';

/**
 * What a process is known by as a child, to every copy of this library in it.
 * WHY of the process: copies share nothing else.
 */
const CHILD = Symbol.for('forkmap.child');

/** Marks a process, or what stands for it, as a child. */
export function markAsChild(host: object = process): void {
  Object.defineProperty(host, CHILD, { value: true, configurable: true });
}

// WHY when this is loaded, before the program of the lane: whatever a process that was started for a lane runs instead,
// such as the text of `node -e`, must start no others; and what it starts itself must not find the variable.
if (process.env[LANE_VARIABLE] !== undefined) {
  delete process.env[LANE_VARIABLE];
  markAsChild();
}

/** In a spawned process, once: what runs in it is to know that it is a child. */
export function becomeSpawnedChild(): void {
  markAsChild();
}

/** True inside a child that forkmap forked or spawned. */
export function isForkChild(): boolean {
  if (Object.hasOwn(process, CHILD)) return true;
  try {
    return loadNative().child.isChild();
  } catch {
    return false; // WHY: where there is no addon, nothing was forked.
  }
}
