import { constants } from 'node:os';
import { decodeThrown, FROM_KEPT, PROTOCOL } from '@forkmap/core/internal';
import type { Outcome } from '@forkmap/native';
import type { KeptErrors } from './errors.js';
import type { CheckedKeepOptions } from './options.js';
import { Resident } from './resident.js';
import type { Source } from './source.js';

/** How often a fork that was refused is tried again, before its error stands. */
const MAX_REFUSALS = 8;
const FIRST_PAUSE_MS = 5;
const RETRIED_ERRNOS = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE', 'ENOBUFS']);
/** `maxCalls`, give or take so much: children that were born together do not all end together. */
const JITTER = 0.1;

/** What a child says of a call. */
export interface Said {
  kind: number;
  id: number;
  payload: ArrayBuffer | null;
}

/** Who is told what becomes of children. */
export interface Householder {
  /** One takes calls, or takes more of them. */
  ready(): void;
  /** What one says of a call. */
  said(resident: Resident, said: Said): void;
  /** One is gone, with what it was at. */
  ended(resident: Resident, outcome: Outcome): void;
  /** None could be born, though one was needed. Not called again for the same need. */
  barren(error: unknown): void;
}

interface Parts {
  source: Source;
  options: CheckedKeepOptions;
  lanes: number;
  errors: KeptErrors;
  householder: Householder;
}

/** The kept children of one snapshot: as many as are wanted, replaced as they go. */
export class Household {
  readonly #parts: Parts;
  readonly residents = new Set<Resident>();
  readonly bornMs = performance.now();
  /** Children that are being born. */
  #unborn = 0;
  /** How many there should be. */
  #wanted = 0;
  #refusals = 0;
  #pause: NodeJS.Timeout | undefined;
  #isEnding = false;
  #emptied: (() => void) | undefined;
  /** The snapshot is gone: why nothing can be forked any more. */
  lost: Outcome | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get source(): Source {
    return this.#parts.source;
  }

  /** Sees to it that there are so many children that take calls, or will. */
  want(children: number): void {
    if (children > this.#wanted) this.#wanted = children;
    this.#fill();
  }

  /** As `want`, for one more than there are. */
  wantMore(): void {
    if (this.#unborn === 0) this.want(Math.min(this.#parts.lanes, this.#staying() + 1));
  }

  /** The free child that has been there longest: it is the warmest. */
  pick(): Resident | undefined {
    const { concurrency } = this.#parts.options;
    let picked: Resident | undefined;
    let atWork = 0;
    for (const resident of this.residents) {
      if (resident.isAtWork) atWork += 1;
      if (!canTake(resident, concurrency)) continue;
      // WHY the first of those with the fewest calls: no call waits for another of its child while one is idle.
      if (!picked || resident.inFlight.size < picked.inFlight.size) picked = resident;
    }
    if (picked && !picked.isAtWork && atWork >= this.#parts.lanes) return undefined;
    return picked;
  }

  /** It has nothing to do any more. */
  rest(resident: Resident): void {
    const { idleTimeout } = this.#parts.options;
    if (resident.isRetiring) this.#end(resident);
    else if (idleTimeout !== undefined && idleTimeout !== Number.POSITIVE_INFINITY) {
      resident.idleTimer = setTimeout(() => this.#dismiss(resident), idleTimeout).unref();
    }
  }

  /** It takes no further calls; another is born in its place at once, ahead of need. */
  retire(resident: Resident): void {
    if (resident.isRetiring) return;
    resident.isRetiring = true;
    this.#fill();
    if (!resident.isAtWork) this.#end(resident);
  }

  /** Ends all children as soon as they have nothing to do, and what they come from. */
  async close(): Promise<void> {
    this.#isEnding = true;
    this.#wanted = 0;
    clearTimeout(this.#pause);
    for (const resident of this.residents) this.retire(resident);
    if (this.residents.size > 0 || this.#unborn > 0) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    }
    await this.source.close();
  }

  #staying(): number {
    let staying = this.#unborn;
    for (const { isRetiring, isGone } of this.residents) if (!isRetiring && !isGone) staying += 1;
    return staying;
  }

  #fill(): void {
    if (this.#isEnding || this.lost || this.#pause) return;
    const free = this.source.slots - this.residents.size - this.#unborn;
    const births = Math.min(free, this.#wanted - this.#staying());
    for (let i = 0; i < births; i++) void this.#bear();
  }

  async #bear(): Promise<void> {
    const resident: Resident = new Resident(this.#quota(), () => this.rest(resident));
    this.#unborn += 1;
    let forked: Awaited<ReturnType<Source['fork']>>;
    try {
      forked = await this.source.fork((kind, id, count, payload) =>
        this.#hear(resident, kind, { id, count, payload }),
      );
    } finally {
      this.#unborn -= 1;
    }
    if ('refused' in forked) this.#refused(forked.refused);
    else {
      this.#refusals = 0;
      resident.link = forked;
      this.residents.add(resident);
      if (this.#isEnding) this.#end(resident);
    }
    this.#look();
  }

  #quota(): number {
    const { isolation, maxCalls } = this.#parts.options;
    if (isolation === 'call') return 1;
    if (maxCalls === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(1, Math.round(maxCalls * (1 + JITTER * (2 * Math.random() - 1))));
  }

  #hear(
    resident: Resident,
    kind: number,
    { id, count, payload }: { id: number; count: number; payload: ArrayBuffer | null },
  ): void {
    const { householder, options } = this.#parts;
    if (kind === 0) this.#end(resident, count);
    else if (kind === FROM_KEPT.ready) {
      resident.isReady = true;
      this.rest(resident);
      householder.ready();
    } else if (kind === FROM_KEPT.unready) {
      const { codec, types } = options;
      resident.unready = {
        error: payload && decodeThrown(new Uint8Array(payload), { codec, ...(types && { types }) }),
      };
    } else {
      resident.isFull = false;
      householder.said(resident, { kind, id, payload });
    }
  }

  /** It was idle for too long, and is not replaced before it is needed. */
  #dismiss(resident: Resident): void {
    if (resident.isAtWork || resident.isGone) return;
    this.#wanted = Math.max(0, this.#wanted - 1);
    this.#end(resident);
  }

  #end(resident: Resident, errno = 0): void {
    if (resident.isGone) return;
    resident.isGone = true;
    clearTimeout(resident.idleTimer);
    void this.#settleEnd(resident, errno);
  }

  async #settleEnd(resident: Resident, errno: number): Promise<void> {
    const { aborted, tooLarge } = PROTOCOL.ending;
    if (errno === 0) resident.link.kill(aborted);
    else if (errno === constants.errno.EMSGSIZE) resident.link.kill(tooLarge);
    const outcome = await resident.link.end();
    this.residents.delete(resident);
    this.#parts.householder.ended(resident, outcome);
    if (!resident.isReady && !this.#isEnding) {
      this.#stillborn(resident.unready?.error ?? this.#parts.errors.died(outcome));
    }
    this.#look();
  }

  #refused(outcome: Outcome): void {
    const { errors, householder } = this.#parts;
    if (outcome.ending === PROTOCOL.ending.snapshotGone) {
      this.lost = outcome;
      householder.barren(errors.lost(outcome));
      return;
    }
    const error = errors.refused(outcome);
    const { code } = (error.cause ?? {}) as { code?: string };
    if (RETRIED_ERRNOS.has(code ?? '') && this.#refusals < MAX_REFUSALS && !this.#isEnding) {
      const pauseMs = FIRST_PAUSE_MS * 2 ** this.#refusals++;
      this.#pause ??= setTimeout(() => {
        this.#pause = undefined;
        this.#fill();
      }, pauseMs);
      return;
    }
    this.#refusals = 0;
    this.#stillborn(error);
  }

  /** WHY fewer are wanted then: a child that always dies at birth would be born for ever. */
  #stillborn(error: unknown): void {
    this.#wanted = Math.min(this.#wanted, this.#staying());
    this.#parts.householder.barren(error);
  }

  #look(): void {
    this.#fill();
    if (this.#isEnding && this.residents.size === 0 && this.#unborn === 0) this.#emptied?.();
  }
}

function canTake(resident: Resident, concurrency: number): boolean {
  const { isReady, isRetiring, isGone, isFull, inFlight } = resident;
  return isReady && !isRetiring && !isGone && !isFull && inFlight.size < concurrency;
}
