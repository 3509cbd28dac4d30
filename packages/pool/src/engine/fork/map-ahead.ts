import { type ChildWork, native } from '@forkmap/core/internal';

/** Less is not worth a look. */
const MIN_BYTES = 2 ** 20;

/** The memory of shared arrays that are still in use. */
class SharedMemory {
  readonly #buffers = new Set<WeakRef<ArrayBuffer>>();
  readonly #freed = new FinalizationRegistry<WeakRef<ArrayBuffer>>((ref) => this.#buffers.delete(ref));

  add(buffer: ArrayBuffer): void {
    const ref = new WeakRef(buffer);
    this.#buffers.add(ref);
    this.#freed.register(buffer, ref);
  }

  /** Those of at least so many bytes. */
  ofAtLeast(bytes: number): WeakRef<ArrayBuffer>[] {
    if (this.#buffers.size === 0) return [];
    return [...this.#buffers].filter((ref) => (ref.deref()?.byteLength ?? 0) >= bytes);
  }
}

export const sharedMemory = new SharedMemory();

/**
 * Where a child's first item has used that part of a large shared array which goes with its place in the list, the parts
 * of the items after it are mapped at once. WHY: they will most likely be used too, and a page that is written without
 * having been read costs a fault; of pages that are read, sixteen come with one.
 * @param items in all
 * @param chunkItems of which a child is given so many
 * @returns `invoke` itself where no array is large enough
 */
export function mapsAhead(
  invoke: ChildWork['invoke'],
  { items, chunkItems }: { items: number; chunkItems: number },
): ChildWork['invoke'] {
  const memory = sharedMemory.ofAtLeast((MIN_BYTES * items) / Math.min(chunkItems, items));
  if (memory.length === 0) return invoke;
  let isFirst = true;
  return (index) => {
    const value = invoke(index);
    if (isFirst) {
      isFirst = false;
      const end = Math.min(items, index + chunkItems);
      for (const ref of memory) mapPart(ref.deref(), index / items, end / items);
    }
    return value;
  };
}

function mapPart(buffer: ArrayBuffer | undefined, from: number, to: number): void {
  if (buffer) native().mapAhead(buffer, Math.floor(buffer.byteLength * from), buffer.byteLength * to);
}
