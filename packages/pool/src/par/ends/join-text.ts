import { type End, StateAccumulator } from '../end.js';

/** The values as one text, with `separator` between them; `null` and `undefined` are empty, as in `Array`. */
export function joinTextEnd(separator: string): End<string> {
  const texts: string[] = [];
  return {
    isOrdered: true,
    gather: () =>
      new StateAccumulator<unknown[]>({
        begin: () => [],
        add(values, value) {
          values.push(value);
          return false;
        },
        send: (values) => (values.length > 0 ? [values.join(separator)] : []),
      }),
    read(parts) {
      texts.push(...(parts as string[]));
      return false;
    },
    result: () => texts.join(separator),
  };
}
