import { SpillWriter } from '../../spill.js';
import { KeptService } from '../kept/service.js';
import { leaveAtExit, makeProcessOwn, takePid } from '../own/identity.js';
import { watchLoopInChild } from '../own/loop.js';
import { ownOutputInChild } from '../own/output.js';
import { followParentInChild } from '../own/privileges.js';
import { refreshRandomInChild, settleRandomInChild } from '../own/random.js';
import { seeded } from '../own/seed.js';
import { type AtWork, leaveCold, runWork, senderFor } from '../run/run-work.js';
import { runWarm, type WarmFailure } from '../run/warm.js';
import type { ItemSender } from '../send/sender.js';
import type { ChildContext, ChildWork, Surroundings } from '../work.js';

/** The call's board, as memory, and how many lanes have a slot on it. */
export interface BoardMemory {
  memory: ArrayBuffer;
  lanes: number;
}

/** A lane's place on the board, and what sends its results. */
interface Desk {
  context: ChildContext;
  sender: ItemSender;
}

/** WHY not all of them: where there are more, one is made by the child that needs it. */
const PREPARED_DESKS = 16;

/**
 * A child's life, in two parts. Constructing it makes the process a child's, for whatever lane: in the snapshot, once for
 * all that are forked from it. `run` is what each of them does for itself.
 * WHY as much as possible in the first: what a child writes to memory is copied for it, page by page.
 */
export class Life {
  readonly #surroundings: Surroundings;
  readonly #work: ChildWork;
  readonly #board: BoardMemory;
  readonly #desks: Desk[] = [];
  readonly #atWork: AtWork = { start: 0 };
  #isWarm = false;
  #warmFailure: WarmFailure | undefined;

  constructor(surroundings: Surroundings, work: ChildWork, board: BoardMemory) {
    work.invoke = seeded(work, work.invoke);
    this.#surroundings = surroundings;
    this.#work = work;
    this.#board = board;
    makeProcessOwn(surroundings, work);
    leaveAtExit(surroundings, this.#atWork);
    followParentInChild(surroundings);
    ownOutputInChild(surroundings);
    settleRandomInChild(surroundings);
    if (!work.mustBeSync) watchLoopInChild(surroundings, this.#atWork);
    const desks = Math.min(board.lanes, PREPARED_DESKS);
    for (let lane = 0; lane < desks; lane++) this.#desks.push(this.#deskFor(lane));
    // WHY here too: to find the property's place for the first time takes as long as many items do.
    takePid((this.#desks[0] as Desk).context);
  }

  /** In the snapshot, if there is one; or else in the child itself. */
  warm(pid: number): void {
    const { host } = this.#surroundings;
    this.#isWarm = true;
    (host as { pid: number }).pid = pid;
    if (this.#work.warm) this.#warmFailure = runWarm(this.#work.warm);
  }

  run(lane: number, start: number, end: number): void {
    const { context, sender } = this.#desks[lane] ?? this.#deskFor(lane);
    takePid(context);
    refreshRandomInChild(context, this.#work);
    const { kept: fn } = this.#work;
    if (fn) {
      const link = this.#surroundings.child.kept;
      new KeptService({ context, work: this.#work, fn, atWork: this.#atWork, link }).begin();
      return;
    }
    const parts = { context, work: this.#work, sender, atWork: this.#atWork };
    if (this.#work.warm && !this.#isWarm) this.warm(this.#surroundings.host.pid);
    if (this.#warmFailure) leaveCold(parts, start, this.#warmFailure);
    else runWork(parts, start, end);
  }

  #deskFor(lane: number): Desk {
    const { memory, lanes } = this.#board;
    const { slot: at } = this.#surroundings.protocol;
    const slot = new Int32Array(
      memory,
      lane * at.bytesPerSlot,
      at.bytesPerSlot / Int32Array.BYTES_PER_ELEMENT,
    );
    const slotTimes = new Float64Array(
      memory,
      slot.byteOffset,
      slot.byteLength / Float64Array.BYTES_PER_ELEMENT,
    );
    const spill = this.#spillFor(lane, lanes * at.bytesPerSlot, slot);
    const { host, child, protocol, inherited } = this.#surroundings;
    // WHY not spread: objects that are made so have a shape each, and code that has seen them finds its way anew in a child.
    const context: ChildContext = { host, child, protocol, inherited, slot, slotTimes, spill };
    return { context, sender: senderFor(context, this.#work) };
  }

  #spillFor(lane: number, firstAt: number, slot: Int32Array): SpillWriter | undefined {
    const { memory } = this.#board;
    if (this.#work.gathering || memory.byteLength === firstAt) return undefined;
    const { spill, slot: at } = this.#surroundings.protocol;
    const place = { memory, offset: firstAt + lane * (spill.text + spill.textBytes) };
    return new SpillWriter(place, { slot, spilledAt: at.spilled, codec: this.#work.codec });
  }
}
