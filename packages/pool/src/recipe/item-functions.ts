/** Runs `fn` on the item of an index. `offset`: the place of the list's first item in what the caller's index counts. */
export function mapItem(
  list: ArrayLike<unknown>,
  fn: (item: never, index: number) => unknown,
  offset = 0,
): (index: number) => unknown {
  return (index) => fn(list[index] as never, offset + index);
}

/** Runs `fn` on the item of an index, of items that were picked from a list. `places`: where they are in it. */
export function mapPicked(
  picked: ArrayLike<unknown>,
  fn: (item: never, index: number) => unknown,
  places: ArrayLike<number>,
): (index: number) => unknown {
  return (index) => fn(picked[index] as never, places[index] as number);
}

/** `fn` for what it does, not for what it gives. */
export function discardResult(
  fn: (item: never, index: number) => unknown,
): (item: never, index: number) => unknown {
  return (item, index) => {
    const result = fn(item, index);
    return result instanceof Promise ? result.then(() => undefined) : undefined;
  };
}

/** Calls the function of an index. */
export function joinItem(...thunks: (() => unknown)[]): (index: number) => unknown {
  return (index) => thunks[index]?.();
}

/** The option `types`: names, and the functions that belong to each, in pairs. */
export function pairsOf(names: readonly string[], ...fns: unknown[]): Record<string, [unknown, unknown]> {
  return Object.fromEntries(names.map((name, at) => [name, [fns[2 * at], fns[2 * at + 1]]]));
}
