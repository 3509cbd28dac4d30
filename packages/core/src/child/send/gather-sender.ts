import { encodeThrown, UnsendableError } from '../../codec/index.js';
import { type Gathered, type Gathering, SEGMENT_HEADER_BYTES, SEGMENT_IS_OVER } from '../run/gathering.js';
import type { ChildContext, ChildWork } from '../work.js';
import { encodeTimed } from './encode-timed.js';
import { explained } from './explained.js';
import { FrameOut } from './frame-out.js';
import { type FailedPayload, type ItemSender, messageOf } from './sender.js';

/** WHY larger than a pipe: a few thousand values in one batch are encoded much faster than in many. */
const SEGMENT_BYTES = 256 * 1024;

/**
 * Sends what ranges of items come to, as segments: RESULTS frames whose payload has any number of values for the
 * items that they cover.
 */
export class GatherSender implements ItemSender {
  readonly #context: ChildContext;
  readonly #work: ChildWork;
  readonly #out: FrameOut;
  readonly #gathering: Gathering;
  #hasFailed = false;

  constructor(context: ChildContext, work: ChildWork, gathering: Gathering) {
    this.#context = context;
    this.#work = work;
    this.#out = new FrameOut(context);
    this.#gathering = gathering;
  }

  /** The chunk may end here: an item failed, or no more of them are needed. */
  get hasFailed(): boolean {
    return this.#hasFailed || this.#gathering.isOver;
  }

  get sentBytes(): number {
    return this.#out.sentBytes;
  }

  begin(start: number): void {
    this.#hasFailed = false;
    this.#out.sentBytes = 0;
    this.#gathering.begin(start, (index, error) => this.thrown(index, error));
  }

  result(): void {
    if (this.#gathering.weight >= SEGMENT_BYTES && !this.#gathering.isOver)
      this.#send(this.#gathering.take());
  }

  thrown(index: number, error: unknown): void {
    this.#out.write('thrown', index, 1, encodeThrown(explained(error), this.#work.codec));
    this.#hasFailed = true;
  }

  failed(index: number, payload: FailedPayload): void {
    this.#out.failed(index, payload);
    this.#hasFailed = true;
  }

  flush(): void {
    // WHY nothing: what was gathered from a part of a range may be no use without the rest.
  }

  finish(start: number): void | PromiseLike<void> {
    const send = () => {
      if (!this.#hasFailed) this.#send(this.#gathering.take());
    };
    const fail = (error: unknown) => {
      this.thrown(start, error);
      send();
    };
    if (this.#hasFailed) return send();
    try {
      const finishing = this.#gathering.finish();
      if (finishing !== undefined) return finishing.then(send, fail);
    } catch (error) {
      return fail(error);
    }
    send();
  }

  end(start: number): void {
    this.#out.write('end', start, 0);
  }

  #send(gathered: Gathered): void {
    const { first, end, values, ends, isOver } = gathered;
    if (first === end) return;
    let encoded: Uint8Array;
    try {
      encoded = encodeTimed(this.#context, values, this.#work);
    } catch (error) {
      this.#unsendable(gathered, error);
      return;
    }
    if (encoded.byteLength > this.#work.maxResultBytes) {
      if (ends && end - first > 1) {
        for (const half of halves(gathered, ends)) this.#send(half);
        return;
      }
      const message = `the encoded result has ${encoded.byteLength} bytes, more than maxResultBytes (${this.#work.maxResultBytes})`;
      this.failed(first, { code: 'ERR_FORKMAP_RESULT_TOO_LARGE', message });
      return;
    }
    const payload = new Uint8Array(SEGMENT_HEADER_BYTES + encoded.byteLength);
    const header = new DataView(payload.buffer);
    header.setUint32(0, values.length, true);
    header.setUint32(4, isOver ? SEGMENT_IS_OVER : 0, true);
    payload.set(encoded, SEGMENT_HEADER_BYTES);
    this.#out.write('results', first, end - first, payload);
  }

  #unsendable({ first, ends }: Gathered, error: unknown): void {
    const at = error instanceof UnsendableError ? error.index : 0;
    const offset = ends ? ends.findIndex((end) => end > at) : 0;
    this.failed(first + Math.max(0, offset), {
      code: 'ERR_FORKMAP_SERIALIZE',
      message: messageOf(error),
      ...(error instanceof UnsendableError && { path: error.path, what: error.what + error.advice }),
    });
  }
}

function halves({ first, end, values, isOver }: Gathered, ends: readonly number[]): [Gathered, Gathered] {
  const items = (end - first) >> 1;
  const split = ends[items - 1] as number;
  return [
    { first, end: first + items, values: values.slice(0, split), ends: ends.slice(0, items), isOver: false },
    {
      first: first + items,
      end,
      values: values.slice(split),
      ends: ends.slice(items).map((at) => at - split),
      isOver,
    },
  ];
}
