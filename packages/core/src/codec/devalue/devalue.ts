import { parse, stringify } from 'devalue';
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
  const forms = new FormMaker(walked);
  const text = stringify(values, { [FORM]: forms.reduce, ...reducers(walked, types) });
  const textBytes = Buffer.byteLength(text);
  const out = new ByteWriter(maxBytes);
  out.u8(CODEC.DEVALUE);
  out.u32(textBytes);
  out.u32(forms.attachments.length);
  for (const bytes of forms.attachments) out.size(bytes.byteLength);
  out.utf8(text, textBytes);
  for (const bytes of forms.attachments) out.raw(bytes);
  return out.finish();
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
  const revivers: Record<string, CustomTypes[string][1]> = { [FORM]: new FormReader(attachments).revive };
  for (const [name, [, revive]] of Object.entries(customTypes)) revivers[`:${name}`] = revive;
  return parse(text, revivers);
}
