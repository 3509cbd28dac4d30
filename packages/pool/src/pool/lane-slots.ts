/** Lanes that several calls share fairly: a free one goes to the call that waits and has the fewest. */
export class LaneSlots {
  #free: number;
  readonly #turns = new Set<Turn>();

  /** @param lanes how many there are */
  constructor(lanes: number) {
    this.#free = lanes;
  }

  /**
   * A call's place among the others.
   * @param alwaysOne the call may have one lane even where none is free, so that no call ever waits for another to end
   */
  join(alwaysOne: boolean): Turn {
    const turn: Turn = new Turn(alwaysOne, {
      isFree: () => this.#free > 0 || (alwaysOne && turn.held === 0),
      takeNow: () => {
        this.#free -= 1;
      },
      grant: () => this.#grant(),
      give: () => {
        this.#free += 1;
        this.#grant();
      },
      leave: () => this.#turns.delete(turn),
    });
    this.#turns.add(turn);
    return turn;
  }

  #grant(): void {
    for (;;) {
      const next = this.#next();
      if (!next || (this.#free <= 0 && !(next.alwaysOne && next.held === 0))) return;
      this.#free -= 1;
      next.take();
    }
  }

  /** The first of those with the fewest lanes. WHY moved to the end: those who are level take turns. */
  #next(): Turn | undefined {
    let next: Turn | undefined;
    for (const turn of this.#turns) {
      if (turn.isWaiting && (!next || turn.held < next.held)) next = turn;
    }
    if (next) {
      this.#turns.delete(next);
      this.#turns.add(next);
    }
    return next;
  }
}

interface Slots {
  isFree(): boolean;
  takeNow(): void;
  grant(): void;
  give(): void;
  leave(): void;
}

/** What one call has of the lanes, and waits for. */
export class Turn {
  readonly alwaysOne: boolean;
  readonly #slots: Slots;
  readonly #waiting: ((release: () => void) => void)[] = [];
  #hasLeft = false;
  /** Lanes that the call has now. */
  held = 0;

  constructor(alwaysOne: boolean, slots: Slots) {
    this.alwaysOne = alwaysOne;
    this.#slots = slots;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Resolves with how to let go of the lane; at once, and with nothing to let go of, once the call has left. */
  acquire(): Promise<() => void> | (() => void) {
    if (this.#hasLeft) return nothing;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#slots.grant();
    });
  }

  /** As `acquire`, where a lane is free: then nobody waits for one. */
  tryAcquire(): (() => void) | undefined {
    if (this.#hasLeft) return nothing;
    if (!this.#slots.isFree()) return undefined;
    this.#slots.takeNow();
    this.held += 1;
    return this.#release;
  }

  /** For `LaneSlots`: the first that waits gets a lane. */
  take(): void {
    this.held += 1;
    this.#waiting.shift()?.(this.#release);
  }

  readonly #release = (): void => {
    this.held -= 1;
    this.#slots.give();
  };

  leave(): void {
    this.#hasLeft = true;
    this.#slots.leave();
    for (const resolve of this.#waiting.splice(0)) resolve(nothing);
  }
}

function nothing(): void {
  // WHY: who had to wait in vain has nothing to give back.
}
