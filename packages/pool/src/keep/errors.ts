import {
  errorOfOutcome,
  type FailedPayload,
  type ForkError,
  finite,
  forkError,
  PROTOCOL,
} from '@forkmap/core/internal';
import type { Outcome } from '@forkmap/native';
import type { CheckedKeepOptions } from './options.js';

const textDecoder = new TextDecoder();

/** The errors of the calls of one kept function. */
export class KeptErrors {
  readonly #options: CheckedKeepOptions;
  readonly #oomKills: () => number;
  readonly subject: string;

  constructor(options: CheckedKeepOptions, oomKills: () => number) {
    this.#options = options;
    this.#oomKills = oomKills;
    this.subject = options.name ?? 'the kept function';
  }

  unsendable(cause: Error & { path?: string; what?: string }): ForkError {
    const path = cause.path?.replace(/^\[(\d+)\]/, (_, at: string) => `argument ${at}`) || 'its arguments';
    const message = `${this.subject}: ${path} cannot be sent to its child: ${cause.what ?? cause.message}`;
    return forkError('ERR_FORKMAP_SERIALIZE_INPUT', message, { cause });
  }

  queueFull(maxQueue: number): ForkError {
    const message = `${this.subject}: ${maxQueue} calls wait already, and no more may (maxQueue). Try again later, or raise lanes`;
    return forkError('ERR_FORKMAP_QUEUE_FULL', message);
  }

  /** Over `timeout`. */
  late(timeoutMs: number, hasBegun: boolean): ForkError {
    if (hasBegun) {
      const message = `${this.subject}: not done within timeout (${timeoutMs} ms); its child was killed`;
      return forkError('ERR_FORKMAP_TIMEOUT', message);
    }
    const message = `${this.subject}: not begun within timeout (${timeoutMs} ms): no lane was free`;
    return forkError('ERR_FORKMAP_TIMEOUT', message, { effect: 'CallableDidNotExecute' });
  }

  /** Over `itemTimeout`. */
  slow(): ForkError {
    const message = `${this.subject}: took more than itemTimeout (${this.#options.itemTimeout} ms); its child was killed`;
    return forkError('ERR_FORKMAP_TIMEOUT', message);
  }

  /** Its child was killed on account of another call. */
  bystander({ pid }: Outcome): ForkError {
    const message = `${this.subject}: its child was killed for another call that it was at; how far this one came is not known. Set concurrency to 1, or retries`;
    return forkError('ERR_FORKMAP_KILLED', message, { pid, signal: 'SIGKILL' });
  }

  /** Nothing can be forked any more. */
  lost(outcome: Outcome): ForkError {
    const message = `${this.subject}: its snapshot is gone, and no child can be forked any more. Call refresh()`;
    return this.refused(outcome, message);
  }

  refused(outcome: Outcome, message?: string): ForkError {
    const error = errorOfOutcome(outcome, { subject: this.subject });
    return forkError(error?.code ?? 'ERR_FORKMAP_FORK', message ?? error?.message ?? this.subject, {
      effect: 'CallableDidNotExecute',
      ...(error?.cause !== undefined && { cause: error.cause }),
    });
  }

  /** Its child has died. */
  died(outcome: Outcome): ForkError {
    const { itemTimeout, memoryLimit } = this.#options;
    const context = {
      subject: this.subject,
      itemTimeoutMs: finite(itemTimeout),
      memoryBytes: finite(memoryLimit),
      oomKills: this.#oomKills,
    };
    const said =
      outcome.ending === PROTOCOL.ending.outputClosed
        ? 'it closed its socket'
        : 'it said nothing of this call';
    return (
      errorOfOutcome({ ...outcome, isWhole: false }, context) ??
      forkError('ERR_FORKMAP_TRUNCATED', `${this.subject}: the child ended, and ${said}`, {
        pid: outcome.pid,
      })
    );
  }

  /** What the child itself says of a result that it cannot return. */
  failed(payload: ArrayBuffer, pid: number): ForkError {
    const { code, message, path, what } = JSON.parse(textDecoder.decode(payload)) as FailedPayload;
    const text = path === undefined ? message : `its result${path} cannot be sent: ${what}`;
    return forkError(code, `${this.subject}: ${text}`, { pid });
  }

  undecodable(cause: unknown, pid: number): ForkError {
    const message = `${this.subject}: its result arrived, but could not be decoded`;
    return forkError('ERR_FORKMAP_DESERIALIZE', message, { cause, pid });
  }

  /** The result is in a file whose descriptor this process had no room for. */
  unreceived(pid: number): ForkError {
    const message = `${this.subject}: its result came, but this process has no descriptor left to receive it. Raise ulimit -n`;
    return forkError('ERR_FORKMAP_READ', message, { pid });
  }
}
