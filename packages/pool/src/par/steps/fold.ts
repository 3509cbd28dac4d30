import { type Accumulator, Gatherer } from '../gatherer.js';
import { type Awaitable, isThenable, type Plan, type Push, type Runner, whenSettled } from '../plan.js';

type FoldFn = (folded: unknown, value: unknown) => unknown;

/** The values of each chunk become one: what `fn` makes of them, one after the other, beginning with `init()`. */
export function foldStep(
  before: Plan,
  init: () => unknown,
  fn: (folded: never, value: never) => unknown,
): Plan {
  const newFolding = () => new Folding(init, fn as FoldFn);
  const { length, place, reads, mayStop } = before;
  return {
    length,
    place,
    reads,
    mayStop,
    isPerChunk: true,
    compile: (push) => foldRunner(new Gatherer(before, newFolding), push),
  };
}

/** What a chunk begins with, anew each time. WHY a copy: also where it shares its process with one that changed its own. */
export function initialOf(init: unknown): () => unknown {
  return () => (typeof init === 'object' ? structuredClone(init) : init);
}

/** The rest of the chain sees one value, at the end of the range. */
function foldRunner(inner: Gatherer, push: Push): Runner {
  return {
    begin: (start, onFailure) => inner.begin(start, onFailure),
    run(position, cell) {
      const feeding = inner.feed(position);
      if (feeding !== undefined) {
        return feeding.then(() => {
          cell.isStopped ||= inner.isOver;
        });
      }
      cell.isStopped ||= inner.isOver;
      return undefined;
    },
    end: (cell) =>
      whenSettled(inner.finish(), () => {
        const { values } = inner.take();
        return values.length > 0 ? push(values[0], cell) : undefined;
      }),
  };
}

/** One value that takes in others, in order. */
export class Folding implements Accumulator {
  readonly #init: (() => unknown) | undefined;
  readonly #fn: FoldFn;
  #folded: { value: unknown } | undefined;

  /** @param init without it, the first value is what the others are taken into */
  constructor(init: (() => unknown) | undefined, fn: FoldFn) {
    this.#init = init;
    this.#fn = fn;
  }

  add(value: unknown): Awaitable<boolean> {
    if (!this.#folded && !this.#init) {
      this.#folded = { value };
      return false;
    }
    this.#folded ??= { value: this.#init?.() };
    const folded = this.#folded;
    const made = isThenable(folded.value)
      ? whenSettled(folded.value, (settled) => this.#fn(settled, value))
      : this.#fn(folded.value, value);
    if (!isThenable(made)) {
      folded.value = made;
      return false;
    }
    return made.then((settled) => {
      folded.value = settled;
      return false;
    });
  }

  take(): readonly unknown[] {
    const folded = this.#folded;
    this.#folded = undefined;
    return folded ? [folded.value] : [];
  }
}
