import { ChunkFrames, PROTOCOL } from '@forkmap/core/internal';
import type { Driven, Outcome, Range } from '@forkmap/pool/internal';
import { onOurClocks } from '../wire/clock.js';
import {
  asClaim,
  asRefusal,
  asStep,
  type Claim,
  contextOf,
  type News,
  type Refusal,
  type Step,
} from '../wire/messages.js';
import type { Seal } from '../wire/seal.js';
import { lostOutcome, mergeSteps } from './merge.js';

/** How an attempt at a chunk ended: with what the supervisor is to settle, or with nothing begun. */
export type Ending = { driven: Driven } | { refusal: Refusal } | 'unclaimed' | 'cancelled';

interface Parts {
  id: string;
  range: Range;
  seal: Seal;
  maxPayloadBytes: number;
  /** Told of how far the items are: `begun` and `done`, by index. */
  onProgress: (begun: number, done: number) => void;
}

/**
 * One job for one chunk, as its caller sees it:
 *
 *   queued ──claim──▶ claimed ──step──▶ … ──last step──▶ ended
 *      │                 └──worker gone──▶ ended: what arrived stands, what was claimed is unknown
 *      └──job or workers gone──▶ ended: unclaimed
 */
export class Attempt {
  readonly id: string;
  readonly range: Range;
  readonly ended: Promise<Ending>;
  readonly #parts: Parts;
  readonly #steps: Step[] = [];
  #claim: Claim | undefined;
  #end: (ending: Ending) => void = () => undefined;
  isEnded = false;

  constructor(parts: Parts) {
    this.id = parts.id;
    this.range = parts.range;
    this.#parts = parts;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Who runs it, where anybody does. */
  get worker(): string | undefined {
    return this.#claim?.worker;
  }

  /** What a worker sent. What is not sound ends the attempt: nobody can say what such a worker does. */
  take(news: News): void {
    if (this.isEnded || news.kind === 'mark') return;
    try {
      const { seal } = this.#parts;
      this.#takeOpened(news.kind, seal.open(contextOf.news(news.kind, this.id), news.data));
    } catch (error) {
      const { message } = error as Error;
      if (this.#claim) this.lose(message);
      else this.#finish({ refusal: { code: 'ERR_FORKMAP_CODE_MISMATCH', message } });
    }
  }

  /** Its worker, or its job, is gone. Known then: what was claimed, and what has arrived. */
  lose(why = ''): void {
    if (!this.#claim) {
      this.#finish('unclaimed');
      return;
    }
    const name = this.#claim.name + (why && ` (${why})`);
    const lost = lostOutcome(this.#steps, { start: this.#arrived, end: this.#claim.end, name });
    this.#finish({ driven: lost });
  }

  cancel(): void {
    this.#finish('cancelled');
  }

  get #arrived(): number {
    return this.#steps.at(-1)?.end ?? this.range.start;
  }

  #takeOpened(kind: 'claim' | 'step' | 'refusal', value: unknown): void {
    const rest = { start: this.#arrived, end: this.range.end };
    if (kind === 'refusal') {
      if (!this.#claim) this.#finish({ refusal: asRefusal(value) });
    } else if (kind === 'claim') {
      this.#claim = asClaim(value, rest);
      this.#parts.onProgress(this.#claim.end, this.#arrived);
    } else {
      this.#takeStep(asStep(value, { start: rest.start, end: this.#claim?.end ?? rest.start }));
    }
  }

  #takeStep(step: Step): void {
    this.#steps.push({ ...step, outcome: this.#checked(step) });
    this.#parts.onProgress(step.end, step.end);
    if (step.isLast || step.end === this.range.end) this.#finish({ driven: mergeSteps(this.#steps) });
  }

  /** WHY again, as the worker has done it: frames may say something else than they seem to. */
  #checked({ start, end, outcome }: Step): Outcome {
    if (!outcome.frames) return onOurClocks(outcome);
    const frames = new ChunkFrames({ start, end, maxPayloadBytes: this.#parts.maxPayloadBytes });
    frames.push(new Uint8Array(outcome.frames));
    const isSound = frames.state === 'open' && !frames.hasPartial;
    if (isSound) return { ...onOurClocks(outcome), isWhole: outcome.isWhole && frames.isWhole };
    const { frames: _, ...rest } = onOurClocks(outcome);
    return { ...rest, isWhole: false, ending: PROTOCOL.ending.brokenFrame };
  }

  #finish(ending: Ending): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.#end(ending);
  }
}
