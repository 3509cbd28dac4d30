import type { Gathering } from '@forkmap/core/internal';
import type { CheckedParMapOptions } from '../options.js';
import type { CallEngine } from '../pool/call-options.js';
import type { CallHost } from '../pool/host.js';
import type { ItemsRead } from '../recipe/made.js';
import type { Ledger } from '../settle/ledger.js';
import type { Range } from './chunks.js';
import type { CutNeed } from './cut.js';

/** A call, as a verb describes it. */
export interface CallParts {
  /** The verb, as messages name it. */
  verb: string;
  /** How many items there are. */
  length: number;
  /** Runs the item of that index, in a child. */
  invoke: (index: number) => unknown;
  /** Where children do not send a result per item. */
  gathering?: Gathering | undefined;
  /** What is known of the items, and when it is enough. */
  ledger: Ledger;
  options: CheckedParMapOptions;
  /** How its items have to be cut. Default: as suits lanes and children best. */
  cutNeed?: CutNeed | undefined;
  lanes: number;
  /** Where its children come from. */
  engine: CallEngine;
  /** The items that a range is made of. Default: none but what `invoke` has by itself. */
  reads?: ((range: Range) => ItemsRead[]) | undefined;
  /** Whose lanes these are. */
  host: CallHost;
  /** The place of the first item in what this is a part of: that is what its random numbers go by. Default: 0. */
  firstIndex?: number | undefined;
  /** Where the items are in what they were picked from. Default: next to each other, from `firstIndex` on. */
  places?: Uint32Array | undefined;
  /** Items that were known before: the call's progress counts them. */
  known?: { items: number; failed: number } | undefined;
  /** A child that has so many failures ends its chunk. */
  haltAfter?: number | undefined;
  /** So many items have failed that the call is to end, and its rest to be rejected. */
  isHalted?: (() => boolean) | undefined;
  /** A chunk was settled. */
  onSettled?: (() => void) | undefined;
  /** All chunks have begun. May be called again. */
  onDrained?: (() => void) | undefined;
  /** Which of the caller's items are meant by a range of this call's. Default: the same. */
  place?: ((range: Range) => Range) | undefined;
  /**
   * While true, no further chunk begins: results are not taken as fast as they come. See `ForkedCall.resume`.
   * @param running chunks at work now
   */
  isHeld?: ((running: number) => boolean) | undefined;
}
