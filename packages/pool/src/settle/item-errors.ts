import {
  errorOfOutcome,
  type FailedPayload,
  ForkError,
  type ForkErrorCode,
  forkError,
  oomKillCounter,
} from '@forkmap/core/internal';
import type { Outcome } from '@forkmap/native';
import type { Range } from '../call/chunks.js';
import type { CheckedParMapOptions } from '../options.js';

/** The errors of a call's items: what their messages say, and where they say it was. */
export class ItemErrors {
  readonly #options: CheckedParMapOptions;
  readonly #place: (range: Range) => Range;
  readonly #oomKills = oomKillCounter();

  /** @param place which of the caller's items are meant by a range; default: the same */
  constructor(options: CheckedParMapOptions, place?: (range: Range) => Range) {
    this.#options = options;
    this.#place = place ?? ((range) => ({ ...range }));
  }

  /** What an item came to whose child ended; undefined where that ended as it should. */
  ended(outcome: Outcome, range: Range, index: number, culprit?: number): ForkError | undefined {
    const { timeout, itemTimeout, memoryLimit, warm } = this.#options;
    const lost =
      culprit === undefined ? '' : ` had finished, but its result was lost at item ${this.#indexOf(culprit)}`;
    const where = this.#whereIs(index, range);
    const context = {
      subject: this.#named(`item ${where.index} of chunk [${where.chunk.start}, ${where.chunk.end})${lost}`),
      timeoutMs: timeout,
      itemTimeoutMs: itemTimeout,
      memoryBytes: memoryLimit,
      hasWarm: warm !== undefined,
      oomKills: this.#oomKills,
    };
    return errorOfOutcome(outcome, context, where);
  }

  /**
   * Its child ended without its result, however it ended.
   * @param culprit where the item had finished: the one that the child died of, before the result was sent
   */
  died(outcome: Outcome, range: Range, index: number, culprit?: number): ForkError {
    return (
      this.ended(outcome, range, index, culprit) ??
      this.#error('ERR_FORKMAP_TRUNCATED', index, range, 'the child ended without its result', {
        pid: outcome.pid,
      })
    );
  }

  /** A FAILED frame says why it has no result. */
  failed(at: number, range: Range, { code, message, path, what }: FailedPayload, pid: number): ForkError {
    const index = this.#indexOf(at);
    const full =
      path === undefined ? `item ${index}: ${message}` : `[${index}]${path} cannot be sent: ${what}`;
    return forkError(code, this.#named(full), { ...this.#whereIs(at, range), pid });
  }

  /** The call was halted. @param hasBegun its child was ended while it was at work */
  halted(at: number, hasBegun: boolean): ForkError {
    const index = this.#indexOf(at);
    const why = 'so many have failed that the call was halted';
    if (!hasBegun)
      return forkError('ERR_FORKMAP_HALTED', this.#named(`item ${index} was not begun: ${why}`), { index });
    const message = `item ${index}: its child was ended while it was at work: ${why}`;
    return forkError('ERR_FORKMAP_KILLED', this.#named(message), { index, signal: 'SIGKILL' });
  }

  /** What is not about any item. */
  ofCall({ code, message }: FailedPayload): ForkError {
    return forkError(code, this.#named(message));
  }

  undecodable(index: number, range: Range, cause: unknown): ForkError {
    const what = 'its result arrived, but could not be decoded';
    return this.#error('ERR_FORKMAP_DESERIALIZE', index, range, what, { cause });
  }

  undriven(index: number, range: Range, cause: unknown): ForkError {
    if (cause instanceof ForkError)
      return this.#error(cause.code, index, range, cause.message, { cause: cause.cause });
    const what = 'the thread that drove its child has ended, and its results are lost';
    return this.#error('ERR_FORKMAP_READ', index, range, what, { cause });
  }

  unsendable(index: number, range: Range, error: unknown): ForkError {
    const cause = error as Error & { path?: string; what?: string };
    const at = this.#indexOf(index);
    const place = cause.path ? `[${at}]${cause.path}` : `item ${at}`;
    const message = this.#named(
      `${place} cannot be sent to a spawned process: ${cause.what ?? cause.message}`,
    );
    return forkError('ERR_FORKMAP_SERIALIZE_INPUT', message, { ...this.#whereIs(index, range), cause });
  }

  #error(
    code: ForkErrorCode,
    index: number,
    range: Range,
    what: string,
    fields: { pid?: number; cause?: unknown },
  ): ForkError {
    const message = this.#named(`item ${this.#indexOf(index)}: ${what}`);
    return forkError(code, message, { ...this.#whereIs(index, range), ...fields });
  }

  #indexOf(index: number): number {
    return this.#place({ start: index, end: index + 1 }).start;
  }

  #whereIs(index: number, range: Range): { index: number; chunk: Range } {
    return { index: this.#indexOf(index), chunk: this.#place(range) };
  }

  #named(message: string): string {
    return this.#options.name === undefined ? message : `${this.#options.name}: ${message}`;
  }
}
