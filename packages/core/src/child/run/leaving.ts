import type { ChildContext, ChildWork } from '../work.js';
import { isThenable } from './thenable.js';

/** For so long a child waits for what its event loop has begun: writes and other requests that nobody awaited. */
export const DRAIN_MS = 5_000;
/** The same where an item has failed: its caller waits, and other items may be in flight. */
const DRAIN_AFTER_FAILURE_MS = 500;
const FIRST_LOOK_MS = 1;
const LOOK_MS = 5;

/** Bits of `ChildBinding.pendingWork`. */
const REQUESTS_PENDING = 1;
const STREAMS_OPEN = 2;

const textEncoder = new TextEncoder();

/**
 * What a child does after its last item, before it leaves: runs `teardown`, and waits for what its event loop has begun,
 * for a bounded time. What goes wrong in there is told on standard error: the results stand.
 */
export class Leaving {
  readonly #context: ChildContext;
  readonly #teardown: ChildWork['teardown'];
  /** What is to be gone on with where the event loop has nothing left. */
  #goOn: () => void = () => undefined;

  constructor(context: ChildContext, teardown: ChildWork['teardown']) {
    this.#context = context;
    this.#teardown = teardown;
  }

  /** @param leave called once, when nothing is left to be waited for */
  begin(leave: () => void, hasFailed: boolean): void {
    const drain = () => this.#drain(leave, hasFailed ? DRAIN_AFTER_FAILURE_MS : DRAIN_MS);
    if (this.#teardown) this.#tearDown(this.#teardown, drain);
    else drain();
  }

  /** The event loop has nothing left. */
  sawEmptyLoop(): void {
    this.#goOn();
  }

  /** A callback that belongs to no item threw. */
  sawStray(error: unknown): void {
    this.#tell(`after its last item a child came to an error that nobody caught: ${shown(error)}`);
  }

  #tearDown(teardown: () => unknown, next: () => void): void {
    const failed = (error: unknown) => {
      this.#tell(`teardown failed in a child: ${shown(error)}`);
      once();
    };
    const once = () => {
      if (this.#goOn !== never) return;
      this.#goOn = next;
      next();
    };
    const never = () => {
      this.#tell("teardown's promise can never settle: nothing is left in the child's event loop");
      once();
    };
    this.#goOn = never;
    let value: unknown;
    try {
      value = teardown();
      if (isThenable(value)) {
        Promise.resolve(value).then(once, failed);
        return;
      }
    } catch (error) {
      failed(error);
      return;
    }
    once();
  }

  /** WHY a tick: streams begin what they were given when the stack is empty. Where nothing has begun, that is all there is. */
  #drain(leave: () => void, withinMs: number): void {
    process.nextTick(() => {
      if (!this.#hasWork()) leave();
      else this.#await(leave, withinMs);
    });
  }

  #await(leave: () => void, withinMs: number): void {
    const dueMs = performance.now() + withinMs;
    this.#goOn = leave;
    const look = () => {
      const isLate = performance.now() >= dueMs;
      if (this.#hasWork() && !isLate) {
        setTimeout(look, LOOK_MS);
        return;
      }
      if (isLate) this.#tellCut(withinMs);
      leave();
    };
    setTimeout(look, FIRST_LOOK_MS);
  }

  #hasWork(): boolean {
    const bits = this.#context.child.pendingWork();
    return (bits & REQUESTS_PENDING) !== 0 || ((bits & STREAMS_OPEN) !== 0 && hasUnsent());
  }

  #tellCut(withinMs: number): void {
    const pending = process.getActiveResourcesInfo().filter((name) => name !== 'Timeout');
    this.#tell(
      `what a child had begun did not end within ${withinMs} ms after its last item, and was cut off ` +
        `(${[...new Set(pending)].join(', ')}). Await it in the function, or in teardown`,
    );
  }

  #tell(message: string): void {
    const line = `(forkmap:${process.pid}) Warning: ${message}\n`;
    this.#context.child.writeOutput(2, textEncoder.encode(line));
  }
}

/** Whether something was written to a stream, and waits there to be sent: until a connection is secure, for one. */
function hasUnsent(): boolean {
  const { _getActiveHandles: activeHandles } = process as unknown as { _getActiveHandles(): unknown[] };
  return activeHandles().some((handle) => ((handle as { writableLength?: number }).writableLength ?? 0) > 0);
}

function shown(error: unknown): string {
  try {
    return String((error as Partial<Error> | undefined)?.stack ?? error);
  } catch {
    return 'an error that cannot be printed'; // WHY: it is the caller's, and so is whatever prints it.
  }
}
