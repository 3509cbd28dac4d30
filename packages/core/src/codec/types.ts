import type { CustomTypes } from '../options.js';

/** What both directions must agree upon. */
export interface CodecOptions {
  /** `auto` chooses per batch; the others always go one way. */
  codec: 'auto' | 'devalue' | 'structured';
  /** How to send instances of the caller's classes. `structured` does not look at it. */
  types?: CustomTypes;
  /** Encoding gives up, with a `TooLargeError`, when a batch takes more. Default: no limit. */
  maxBytes?: number;
}

/** The first byte of every payload: which codec made it. */
export const CODEC = {
  DEVALUE: 1,
  V8: 2,
  COLUMNS: 3,
  TREE: 4,
} as const;
