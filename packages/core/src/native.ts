import { loadNative, type NativeBinding } from '@forkmap/native';
import { forkError } from './errors/classes.js';

/** The addon. Throws `ERR_FORKMAP_UNSUPPORTED`, which says how to mend it, where there is none. */
export function native(): NativeBinding {
  try {
    return loadNative();
  } catch (cause) {
    const why = (cause as Error).message;
    throw forkError('ERR_FORKMAP_UNSUPPORTED', `forking is not supported here: ${why}`, { cause });
  }
}

/** True inside a child that forkmap forked. */
export function isForkChild(): boolean {
  try {
    return loadNative().child.isChild();
  } catch {
    return false; // WHY: where there is no addon, nothing was forked.
  }
}
