/**
 * The names of all that is kept in Redis. Everything of one caller has the caller's id in braces, so that a Redis
 * Cluster keeps it in one slot.
 *
 *   {caller}:news            stream: what workers report (messages.ts)
 *   {caller}:lease:CALL      there while the caller of the call is alive
 *   {caller}:open:ATTEMPT    there while the attempt at a chunk may still claim items
 *   {caller}:blob:ID:PART    programs, items and large results, in parts
 *   workers, workers:info    who is alive (registry.ts)
 *   ends                     channel: calls that are over
 */
export class Keys {
  readonly prefix: string;
  readonly #base: string;

  constructor(prefix: string, caller: string) {
    this.prefix = prefix;
    this.#base = `${prefix}:{${caller}}`;
  }

  get news(): string {
    return `${this.#base}:news`;
  }

  lease(call: string): string {
    return `${this.#base}:lease:${call}`;
  }

  open(attempt: string): string {
    return `${this.#base}:open:${attempt}`;
  }

  blob(id: string): (part: number) => string {
    return (part) => `${this.#base}:blob:${id}:${part}`;
  }
}

/** The channel by which workers learn at once that a call is over. */
export function endsChannel(prefix: string): string {
  return `${prefix}:ends`;
}

/** What is published there, as JSON. */
export interface CallEnd {
  call: string;
  /** What runs is to be killed at once. */
  isCalledOff: boolean;
}

/** The name of BullMQ's queue: workers of another release never see its jobs. */
export function queueName(prefix: string, release: string): string {
  return `${prefix}-${release}`;
}

/** A chunk as a job: names and numbers alone. Items and results have keys of their own. */
export interface ChunkJob {
  caller: string;
  call: string;
  attempt: string;
  start: number;
  end: number;
  /** The call's program, and the chunk's items. */
  program: BlobRef;
  items: BlobRef;
}

/** Bytes in Redis. */
export interface BlobRef {
  id: string;
  /** How many keys they are spread over. */
  parts: number;
}
