/** Where an unsendable value was found. */
export interface UnsendablePlace {
  /** The result's position in the batch. */
  index: number;
  /** The way from that result to the value, such as `.owner.socket`; empty for the result itself. */
  path: string;
}

/** A result cannot be sent as it is. Nothing of the batch was encoded. */
export class UnsendableError extends Error implements UnsendablePlace {
  readonly index: number;
  readonly path: string;
  /** What the value is, such as `an instance of Socket`. */
  readonly what: string;

  /** What to do about it, to be put behind the message; may be empty. */
  readonly advice: string;

  constructor(
    place: UnsendablePlace,
    what: string,
    { cause, advice = '' }: { cause?: unknown; advice?: string } = {},
  ) {
    super(unsendableMessage(place.path, what), cause === undefined ? undefined : { cause });
    nameError(this, 'UnsendableError');
    this.index = place.index;
    this.path = place.path;
    this.what = what;
    this.advice = advice;
  }

  /** The message with another path, for callers who know what stands before it: `messageAt('[3]' + error.path)`. */
  messageAt(path: string): string {
    return unsendableMessage(path, this.what);
  }
}

function unsendableMessage(path: string, what: string): string {
  return `${path === '' ? 'the result' : path} cannot be sent: ${what}`;
}

/** A payload is malformed, or a reviver of `types` failed on it. */
export class DecodeError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    nameError(this, 'DecodeError');
  }
}

/** Results take more bytes than the caller allows. */
export class TooLargeError extends Error {
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`the encoded results take more than ${maxBytes} bytes`);
    nameError(this, 'TooLargeError');
    this.maxBytes = maxBytes;
  }
}

/** WHY defined: where `Error.prototype` is frozen, a name cannot be assigned. */
function nameError(error: Error, name: string): void {
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true });
}
