import { type CodecOptions, decodeResults, decodeThrown, FROM_KEPT } from '@forkmap/core/internal';
import type { KeptErrors } from './errors.js';

/** What a child says of a call that is over. */
interface Answer {
  kind: number;
  payload: ArrayBuffer | null;
  pid: number;
}

/** The result of a call, or its error. */
export function readAnswer(
  { kind, payload, pid }: Answer,
  codec: CodecOptions,
  errors: KeptErrors,
): { value: unknown } | { error: unknown } {
  if (payload === null) return { error: errors.unreceived(pid) };
  try {
    if (kind === FROM_KEPT.failed) return { error: errors.failed(payload, pid) };
    if (kind === FROM_KEPT.thrown) return { error: decodeThrown(new Uint8Array(payload), codec) };
    if (payload.byteLength === 0) return { value: undefined };
    return { value: decodeResults(new Uint8Array(payload), 1, codec)[0] };
  } catch (error) {
    return { error: errors.undecodable(error, pid) };
  }
}
