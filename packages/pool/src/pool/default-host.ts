import { defaultLanes } from '../lanes.js';
import type { CallHost, Host } from './host.js';
import { LaneSlots } from './lane-slots.js';

const NO_DEFAULTS = Object.freeze({});

let slots: { lanes: number; free: LaneSlots } | undefined;

/**
 * The pool of the free functions. Its lanes are shared fairly by all calls that do not ask for a number of their own;
 * a call always gets one. A call that says `lanes` has these to itself, whatever else goes on.
 */
export const defaultHost: Host = {
  defaults: NO_DEFAULTS,
  get lanes() {
    return defaultLanes();
  },
  maxLanes: Number.POSITIVE_INFINITY,
  assertOpen: () => undefined,
  open(ownLanes) {
    if (ownLanes) return standalone;
    const lanes = defaultLanes();
    // WHY look again: FORKMAP_LANES may change while a program runs, as tests do.
    if (slots?.lanes !== lanes) slots = { lanes, free: new LaneSlots(lanes) };
    const turn = slots.free.join(true);
    return {
      ...standalone,
      acquire: () => turn.acquire(),
      tryAcquire: () => turn.tryAcquire(),
      leave: () => turn.leave(),
      close: () => turn.leave(),
    };
  },
  keep(ownLanes) {
    return this.open(ownLanes);
  },
};

const nothing = () => undefined;

/** A call on its own: it waits for nobody, and nobody counts. */
const standalone: CallHost = {
  acquire: () => nothing,
  tryAcquire: () => nothing,
  leave: nothing,
  saw: nothing,
  sawDeath: nothing,
  close: nothing,
};
