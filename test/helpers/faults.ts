import { constants } from 'node:os';
import { type Faults, loadNative } from '@forkmap/native';

/** The test build's own functions. The file that uses them sets FORKMAP_ADDON to 'faults' before it imports anything. */
export function faults(): Faults {
  const found = loadNative().faults;
  if (!found) throw new Error("this process has the ordinary addon: set FORKMAP_ADDON to 'faults' first");
  return found;
}

export const ERRNOS = ['EINTR', 'EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM', 'EPIPE', 'EIO'] as const;

/** Makes the nth call of a kind fail, from now on, here and in all that is forked from here. */
export function planFault(syscall: string, nth: number, errno: (typeof ERRNOS)[number] | 'EPERM'): void {
  const call = faults().calls.indexOf(syscall);
  if (call < 0) throw new Error(`no such call in the seam: ${syscall}`);
  faults().plan(call, nth, constants.errno[errno]);
}
