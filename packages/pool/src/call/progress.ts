import type { Progress } from '../options.js';

const MIN_GAP_MS = 50;

interface Counts {
  done: number;
  failed: number;
  running: number;
}

interface Parts {
  total: () => number;
  /** Of the items whose results have arrived. */
  counts: () => Counts;
  /** Items finished whose results have not. */
  atWork?: () => number;
  /** Items that a journal knew: no rate goes by them. */
  fromJournal?: () => number;
  /** `onProgress` threw, where nobody calls for it. */
  fail?: (error: unknown) => void;
}

/** Tells `onProgress`, at most 20 times per second, and once at the end. */
export class ProgressMeter {
  readonly #tell: (progress: Progress) => void;
  readonly #of: Parts;
  readonly #startedMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #toldMs = Number.NEGATIVE_INFINITY;
  #done = 0;

  constructor(tell: (progress: Progress) => void, of: Parts) {
    this.#tell = tell;
    this.#of = of;
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), MIN_GAP_MS).unref();
  }

  /** Time has passed, or results have arrived. */
  tick(): void {
    if (performance.now() - this.#toldMs >= MIN_GAP_MS) this.#look();
  }

  finish(): void {
    clearInterval(this.#timer);
    // WHY the larger: of a call that fails, results that were at work do not arrive any more.
    this.#report(Math.max(this.#done, this.#of.counts().done));
  }

  #look(): void {
    const { done } = this.#of.counts();
    const total = this.#of.total();
    // WHY the larger: of a chunk that just ended, the results may be on their way.
    const known = Math.max(this.#done, Math.min(done + (this.#of.atWork?.() ?? 0), total - 1));
    if (done === total || known === this.#done) return;
    try {
      this.#report(known);
    } catch (error) {
      if (!this.#of.fail) throw error;
      this.#of.fail(error);
    }
  }

  #report(done: number): void {
    const now = performance.now();
    this.#toldMs = now;
    this.#done = done;
    const total = this.#of.total();
    const elapsed = now - this.#startedMs;
    const fromJournal = this.#of.fromJournal?.() ?? 0;
    const ran = done - fromJournal;
    const eta = ran > 0 ? (elapsed / ran) * (total - done) : undefined;
    this.#tell({
      ...{ ...this.#of.counts(), done, total, elapsed },
      ...(fromJournal > 0 && { fromJournal }),
      ...(eta !== undefined && { eta }),
    });
  }
}
