import type { CustomTypes } from '../../options.js';
import { devalueText, readDevalue } from '../devalue/devalue.js';
import { DecodeError } from '../errors.js';
import { walkThrown } from '../walk/thrown-walker.js';
import { walk } from '../walk/walk.js';
import { isPlainJson } from './plain-json.js';

/** How `JsonForm` names devalue's way. */
const BY_DEVALUE = 'devalue';

/** What a JSON object that `jsonForm` wrote has, once parsed; under the name of a member, the value. */
export interface JsonForm {
  as?: unknown;
  bin?: unknown;
  [member: string]: unknown;
}

/**
 * The members of a JSON object that say what a value is, without the braces: `"v":[1,2]` where JSON says all of it, and
 * otherwise `"v":…,"as":"devalue"`, with binary data in base64 under `bin`. All that results may hold is kept.
 * @param name of the member with the value
 * @throws UnsendableError where the value holds something that no codec sends
 */
export function jsonForm(name: string, value: unknown, types?: CustomTypes): string {
  // WHY not with types: their reducers are asked before the built-in ways, and may match plain objects too.
  const hasTypes = types !== undefined && Object.keys(types).length > 0;
  if (!hasTypes && isPlainJson(value)) return `"${name}":${JSON.stringify(value)}`;
  return formOf(name, devalueText([value], walk([value], types), types));
}

/** As `jsonForm`, for what a function threw. Parts of it that cannot be sent are dropped, as on the way from a child. */
export function thrownJsonForm(name: string, thrown: unknown, types?: CustomTypes): string {
  return formOf(name, devalueText([thrown], walkThrown(thrown, types), types));
}

function formOf(name: string, { text, attachments }: { text: string; attachments: Uint8Array[] }): string {
  const form = `"${name}":${text},"as":"${BY_DEVALUE}"`;
  if (attachments.length === 0) return form;
  const bin = attachments.map((bytes) => Buffer.from(bytes).toString('base64'));
  return `${form},"bin":${JSON.stringify(bin)}`;
}

/** The value that `jsonForm` or `thrownJsonForm` said under that name. Throws a `DecodeError` for what neither says. */
export function fromJsonForm(form: JsonForm, name: string, types?: CustomTypes): unknown {
  if (form.as === undefined) return form[name];
  if (form.as !== BY_DEVALUE) throw new DecodeError(`a value in an unknown form, '${String(form.as)}'`);
  const bin = Array.isArray(form.bin) ? form.bin : [];
  const attachments = bin.map((text) => Buffer.from(String(text), 'base64'));
  const values = readDevalue(form[name], attachments, types);
  if (!Array.isArray(values) || values.length !== 1) throw new DecodeError('expected one value');
  return values[0];
}
