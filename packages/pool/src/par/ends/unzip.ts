import { type End, StateAccumulator } from '../end.js';

/** Two lists of the halves of pairs. */
export function unzipEnd(): End<[unknown[], unknown[]]> {
  const lists: [unknown[], unknown[]] = [[], []];
  return {
    isOrdered: true,
    gather: () =>
      new StateAccumulator<[unknown[], unknown[]]>({
        begin: () => [[], []],
        add(state, pair) {
          const [left, right] = pair as [unknown, unknown];
          state[0].push(left);
          state[1].push(right);
          return false;
        },
        send: (state) => state,
      }),
    read([lefts, rights]) {
      for (const left of lefts as unknown[]) lists[0].push(left);
      for (const right of rights as unknown[]) lists[1].push(right);
      return false;
    },
    result: () => lists,
  };
}
