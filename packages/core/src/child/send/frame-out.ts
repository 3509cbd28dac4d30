import type { ChildContext } from '../work.js';
import type { FailedPayload } from './sender.js';

const textEncoder = new TextEncoder();

/** A child's end of its result pipe: writes the frames of a chunk, and counts what they carry. */
export class FrameOut {
  readonly #context: ChildContext;
  /** Payloads of the chunk, so far. */
  sentBytes = 0;

  constructor(context: ChildContext) {
    this.#context = context;
  }

  /** Why the result of an item cannot be returned. */
  failed(index: number, payload: FailedPayload): void {
    this.write('failed', index, 1, textEncoder.encode(JSON.stringify(payload)));
  }

  write(
    kind: 'results' | 'thrown' | 'failed' | 'end',
    first: number,
    count: number,
    payload?: Uint8Array,
  ): void {
    this.sentBytes += payload?.byteLength ?? 0;
    this.#context.child.writeFrame(this.#context.protocol.frame[kind], first, count, payload);
  }
}
