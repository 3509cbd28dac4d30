import {
  abortReason,
  codeOfRefusal,
  type ForkError,
  finite,
  forkError,
  refusalInWords,
  systemError,
  whenAborted,
} from '@forkmap/core/internal';
import type { SysError } from '@forkmap/native';
import type { CheckedParMapOptions } from '../options.js';

interface Stops {
  options: CheckedParMapOptions;
  /** The verb, as messages name it. */
  verb: string;
  onAbort: (reason: unknown) => void;
  onTimeout: (error: ForkError) => void;
}

/** Watches for what stops a call from outside: its signal and its deadline. Gives back how to stop watching. */
export function watchStops({ options, verb, onAbort, onTimeout }: Stops): () => void {
  const { signal, timeout } = options;
  const beganMs = performance.now();
  const ignore = signal && whenAborted(signal, () => onAbort(abortReason(signal)));
  const timeoutMs = finite(timeout);
  const onTimer = () => onTimeout(timeoutError(options, verb, performance.now() - beganMs));
  const timer = timeoutMs === undefined ? undefined : setTimeout(onTimer, timeoutMs);
  return () => {
    ignore?.();
    clearTimeout(timer);
  };
}

function timeoutError({ name, timeout }: CheckedParMapOptions, verb: string, elapsedMs: number): ForkError {
  const message = `not done within timeout (${timeout} ms; ${elapsedMs.toFixed(0)} ms have passed)`;
  return forkError('ERR_FORKMAP_TIMEOUT', `${name ?? verb}: ${message}`);
}

/** The error of a call that could not begin. */
export function notForked(error: SysError, verb: string): ForkError {
  const cause = systemError(error);
  const what = refusalInWords(error) ?? `${cause.message}; nothing was forked`;
  return forkError(codeOfRefusal(error.syscall), `${verb}: ${what}`, { cause });
}
