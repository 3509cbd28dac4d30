/** The byte before each column: what its rows are. */
export const COLUMN = {
  /** Numbers that are integers of 32 bits, and never -0. */
  INTEGERS: 1,
  NUMBERS: 2,
  /** `undefined`, `null`, `false` and `true`. */
  SINGLETONS: 3,
  ASCII: 4,
  UTF16: 5,
  /** Primitives of any type. */
  MIXED: 6,
  /** Some rows are `undefined` or `null`, the others are a column of objects. */
  OPTIONAL: 7,
  /** Plain objects that all have the same keys in the same order. */
  RECORDS: 8,
  ARRAYS: 9,
  DATES: 10,
  /** ArrayBuffers and views, all of one kind. */
  BINARY: 11,
  MAPS: 12,
  SETS: 13,
} as const;
