import { parse, stringify, unflatten } from 'devalue';
import type { CustomTypes } from '../../options.js';
import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { CODEC, type CodecOptions } from '../types.js';
import type { WalkResult } from '../walk/walk.js';
import { FormMaker, FormReader } from './wire-forms.js';

// Layout: codec u8, length of the text u32, count of attachments u32, their lengths, the text, the attachments.

/** Our own name among devalue's reducers. The caller's begin with a colon, so that none is taken for one of devalue's. */
const FORM = '$';

/** WHY: devalue puts the names of reducers into its JSON without escaping them. */
const wireName = (name: string) => JSON.stringify(`:${name}`).slice(1, -1);

/**
 * Encodes values of any kind that the walk let pass.
 * @param walked what the walk over these same values found out
 */
export function encodeByDevalue(
  values: readonly unknown[],
  walked: WalkResult,
  { types = {}, maxBytes }: Pick<CodecOptions, 'types' | 'maxBytes'> = {},
): Uint8Array {
  const { text, attachments } = devalueText(values, walked, types);
  const textBytes = Buffer.byteLength(text);
  const out = new ByteWriter(maxBytes);
  out.u8(CODEC.DEVALUE);
  out.u32(textBytes);
  out.u32(attachments.length);
  for (const bytes of attachments) out.size(bytes.byteLength);
  out.utf8(text, textBytes);
  for (const bytes of attachments) out.raw(bytes);
  return out.finish();
}

/** The values as a JSON text, and their binary data, which the text refers to by number. */
export function devalueText(
  values: readonly unknown[],
  walked: WalkResult,
  types: CustomTypes = {},
): { text: string; attachments: Uint8Array[] } {
  const forms = new FormMaker(walked);
  const text = stringify(values, { [FORM]: forms.reduce, ...reducers(walked, types) });
  return { text, attachments: forms.attachments };
}

/** WHY: the walk asked the caller's reducers already, and they may be slow, or not give the same twice. */
function reducers(walked: WalkResult, customTypes: CustomTypes) {
  const byName: Record<string, (value: unknown) => unknown> = {};
  for (const name of walked.reduced.size > 0 ? Object.keys(customTypes) : []) {
    byName[wireName(name)] = (value) => {
      const reduced = walked.reduced.get(value);
      return reduced?.name === name && reduced.plain;
    };
  }
  return byName;
}

/** Decodes what `encodeByDevalue` made. Throws whatever is wrong with it. */
export function decodeByDevalue(payload: Uint8Array, customTypes: CustomTypes = {}): unknown {
  const reader = new ByteReader(payload, 1);
  const textBytes = reader.u32();
  const lengths: number[] = [];
  for (let left = reader.u32(); left > 0; left--) lengths.push(reader.size());
  const text = reader.utf8(textBytes);
  const attachments = lengths.map((length) => reader.raw(length));
  reader.end();
  return parse(text, revivers(attachments, customTypes));
}

/** The values of a text that `devalueText` made, once it went through `JSON.parse`. Throws whatever is wrong with it. */
export function readDevalue(
  parsed: unknown,
  attachments: readonly Uint8Array[],
  customTypes: CustomTypes = {},
): unknown {
  return unflatten(parsed as never, revivers(attachments, customTypes));
}

function revivers(attachments: readonly Uint8Array[], customTypes: CustomTypes) {
  const byName: Record<string, CustomTypes[string][1]> = { [FORM]: new FormReader(attachments).revive };
  for (const [name, [, revive]] of Object.entries(customTypes)) byName[`:${name}`] = revive;
  return byName;
}
