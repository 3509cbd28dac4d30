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
    checked = binding;
    return binding;
  } catch (cause) {
    const why = (cause as Error).message;
    throw forkError('ERR_FORKMAP_UNSUPPORTED', `forking is not supported here: ${why}`, { cause });
  }
}

const OF_TWO_VERSIONS =
  'the addon is of another version than the package that uses it. Build it anew: npm rebuild @forkmap/native';

/** Whether the addon loads: this process can be forked. */
export function canFork(): boolean {
  try {
    native();
    return true;
  } catch {
    return false; // WHY: that it cannot is the answer.
  }
}

let isSpawned = false;

/** In a spawned process, once: what runs in it is to know that it is a child. */
export function becomeSpawnedChild(): void {
  isSpawned = true;
}

/** True inside a child that forkmap forked or spawned. */
export function isForkChild(): boolean {
  if (isSpawned) return true;
  try {
    return loadNative().child.isChild();
  } catch {
    return false; // WHY: where there is no addon, nothing was forked.
  }
}
