/**
 * What a node of a tree is. Each takes one tag; what else belongs to it is in other streams, in the same order:
 * integers and sizes in one, numbers and times in the next, strings in the third, binary data in the last.
 */
export const TAG = {
  UNDEFINED: 0,
  NULL: 1,
  FALSE: 2,
  TRUE: 3,
  INTEGER: 4,
  NUMBER: 5,
  STRING: 6,
  BIGINT: 7,
  /** A shape's number; then a node for each of its keys. */
  RECORD: 8,
  /** How many keys; then for each a string and a node. */
  DICTIONARY: 9,
  ARRAY: 10,
  MAP: 11,
  SET: 12,
  DATE: 13,
  BINARY: 14,
  /** The number of an object that is in the tree already, counted as their tags come. */
  REFERENCE: 15,
} as const;
