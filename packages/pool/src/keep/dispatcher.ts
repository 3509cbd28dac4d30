import { constants } from 'node:os';
import { type CodecOptions, forkError, PROTOCOL } from '@forkmap/core/internal';
import type { Outcome } from '@forkmap/native';
import type { CallHost } from '../pool/host.js';
import { CallQueue } from './call-queue.js';
import type { KeptErrors } from './errors.js';
import type { Household, Householder, Said } from './household.js';
import { type KeptCall, whenHeard } from './kept-call.js';
import { KeptMeter } from './kept-stats.js';
import { LaneTickets } from './lane-tickets.js';
import type { CheckedKeepOptions } from './options.js';
import { readAnswer } from './read-answer.js';
import type { Resident } from './resident.js';
import { stayAlive } from './stay-alive.js';

const MAX_REFUSALS = 8;

interface Parts {
  options: CheckedKeepOptions;
  codec: CodecOptions;
  errors: KeptErrors;
  host: CallHost;
}

/**
 * The calls of a kept function, on their way to its children:
 *
 *   add ──▶ queued ──a child and a lane are free──▶ running ──result, error──▶ settled
 *              │ ▲                                     │
 *     endEarly │ └─ its child died before it began ────┤ its child died: fails, or begins again (retries)
 *              ▼                                       ▼
 */
export class Dispatcher implements Householder {
  readonly #options: CheckedKeepOptions;
  readonly #codec: CodecOptions;
  readonly #errors: KeptErrors;
  readonly #lanes: LaneTickets;
  readonly queue = new CallQueue();
  readonly meter = new KeptMeter();
  /** Whose children are given calls; none before it is founded. */
  household: Household | undefined;
  /** Told when no call is queued or running. */
  onIdle: (() => void) | undefined;
  running = 0;

  constructor({ options, codec, errors, host }: Parts) {
    this.#options = options;
    this.#codec = codec;
    this.#errors = errors;
    this.#lanes = new LaneTickets(host, () => this.pump());
  }

  /** Calls that are not settled. */
  get open(): number {
    return this.running + this.queue.size;
  }

  add(call: KeptCall): void {
    if (this.open === 0) stayAlive.hold();
    this.queue.push(call);
    this.pump();
    const { maxQueue } = this.#options;
    if (maxQueue !== undefined && this.queue.size > maxQueue && call.state === 'queued') {
      this.#drop(call, this.#errors.queueFull(maxQueue));
    }
  }

  /** Its caller wants no more of it. */
  endEarly(call: KeptCall, why: (hasBegun: boolean) => unknown): void {
    if (call.state === 'queued') this.#drop(call, why(false));
    else if (call.state === 'running' && !call.doom) {
      call.isCulprit = true;
      call.doom = { error: why(true) };
      call.child?.link.kill(PROTOCOL.ending.aborted);
    }
  }

  /** Of a call that waits. */
  #drop(call: KeptCall, error: unknown): void {
    this.queue.forget();
    this.#count(true);
    call.reject(error);
    this.#look();
  }

  #count(isFailed: boolean): void {
    this.meter.done += 1;
    if (isFailed) this.meter.failed += 1;
  }

  #look(): void {
    if (this.open > 0) return;
    stayAlive.release();
    this.onIdle?.();
  }

  /** Gives calls to children, as long as there are both. */
  pump(): void {
    const household = this.household;
    while (household && this.queue.size > 0) {
      if (household.lost) {
        this.#refuseAll(household.lost);
        return;
      }
      const resident = household.pick();
      if (!resident) {
        household.wantMore();
        return;
      }
      if (!this.#hasRoom(household, resident)) continue;
      if (!resident.isAtWork) {
        resident.releaseLane = this.#lanes.take();
        if (!resident.releaseLane) return;
      }
      const call = this.queue.take();
      if (call) this.#give(household, resident, call);
      else if (!resident.isAtWork) this.#freeLane(resident);
    }
  }

  /** WHY before a call: what earlier ones have left over the limit must not be laid to one that has yet to begin. */
  #hasRoom(household: Household, resident: Resident): boolean {
    if (this.#options.memoryLimit === undefined || resident.isAtWork || !resident.link.exceedsMemory())
      return true;
    this.meter.replaced += 1;
    household.retire(resident);
    return false;
  }

  #give(household: Household, resident: Resident, call: KeptCall): void {
    clearTimeout(resident.idleTimer);
    const errno = resident.give(call);
    if (errno !== 0) {
      this.#notGiven(resident, call, errno);
      return;
    }
    call.state = 'running';
    call.child = resident;
    call.beganMs = performance.now();
    this.running += 1;
    this.meter.began(call.beganMs - call.madeMs);
    const { itemTimeout } = this.#options;
    if (itemTimeout !== undefined && itemTimeout !== Number.POSITIVE_INFINITY) {
      call.itemTimer = setTimeout(() => whenHeard(call, () => this.#endSlow(call)), itemTimeout);
    }
    if (resident.quota <= 0) household.retire(resident);
  }

  #notGiven(resident: Resident, call: KeptCall, errno: number): void {
    const { EAGAIN, EPIPE, ECONNRESET } = constants.errno;
    if (errno === EAGAIN || errno === EPIPE || errno === ECONNRESET) {
      // It hears nothing now; or it has died, which will be heard.
      resident.isFull = true;
      this.queue.putBack(call);
    } else {
      const message = `${this.#errors.subject}: its arguments could not be sent to its child (errno ${errno})`;
      this.#count(true);
      call.reject(forkError('ERR_FORKMAP_PIPE', message));
      this.#look();
    }
    if (!resident.isAtWork) this.#freeLane(resident);
  }

  /** Over `itemTimeout`. */
  #endSlow(call: KeptCall): void {
    if (call.state !== 'running' || call.doom) return;
    call.isCulprit = true;
    if (call.retries === 0) call.doom = { error: this.#errors.slow() };
    call.child?.link.kill(PROTOCOL.ending.itemTimeout);
  }

  #freeLane(resident: Resident): void {
    resident.releaseLane?.();
    resident.releaseLane = undefined;
  }

  /** A child takes calls. */
  ready(): void {
    this.pump();
  }

  barren(error: unknown): void {
    const lost = this.household?.lost;
    if (lost) {
      this.#refuseAll(lost);
      return;
    }
    const call = this.queue.take();
    if (!call) return;
    this.#count(true);
    call.reject(error);
    this.#look();
    this.pump();
  }

  said(resident: Resident, { kind, id, payload }: Said): void {
    const call = resident.inFlight.get(id);
    if (!call) return;
    resident.inFlight.delete(id);
    const outcome =
      call.doom ?? readAnswer({ kind, payload, pid: resident.link.pid }, this.#codec, this.#errors);
    this.meter.ended(performance.now() - call.beganMs);
    this.running -= 1;
    this.#count('error' in outcome);
    if ('error' in outcome) call.reject(outcome.error);
    else call.fulfil(outcome.value);
    if (!resident.isAtWork) {
      resident.link.takeOutput();
      this.#freeLane(resident);
      resident.rest();
    }
    this.#look();
    if (this.queue.size > 0) this.pump();
  }

  ended(resident: Resident, outcome: Outcome): void {
    const calls = [...resident.inFlight.values()];
    resident.inFlight.clear();
    if (resident.isReady && outcome.ending !== PROTOCOL.ending.aborted) this.meter.replaced += 1;
    for (const call of calls.reverse()) this.#settleDied(call, outcome, calls);
    this.#freeLane(resident);
    if (calls.length > 0) this.#look();
    this.pump();
  }

  /** Its child has died. The last one first: those that go back into the queue are put before the others. */
  #settleDied(call: KeptCall, outcome: Outcome, siblings: readonly KeptCall[]): void {
    this.running -= 1;
    call.stopClock();
    const hasBegun = call.ordinal <= outcome.begun;
    const mayBegin = hasBegun ? call.retries-- > 0 : ++call.refusals <= MAX_REFUSALS;
    if (!call.doom && mayBegin) {
      this.queue.putBack(call);
      return;
    }
    this.#count(true);
    if (hasBegun) this.meter.ended(performance.now() - call.beganMs);
    call.reject(call.doom ? call.doom.error : this.#deathOf(call, outcome, siblings));
  }

  #deathOf(call: KeptCall, outcome: Outcome, siblings: readonly KeptCall[]): unknown {
    const isForAnother = siblings.some((other) => other !== call && other.isCulprit);
    const { aborted, itemTimeout } = PROTOCOL.ending;
    if (isForAnother && (outcome.ending === aborted || outcome.ending === itemTimeout)) {
      return this.#errors.bystander(outcome);
    }
    return this.#errors.died(outcome);
  }

  #refuseAll(lost: Outcome): void {
    const calls = this.queue.takeAll();
    for (const call of calls) {
      this.#count(true);
      call.reject(this.#errors.lost(lost));
    }
    if (calls.length > 0) this.#look();
  }
}
