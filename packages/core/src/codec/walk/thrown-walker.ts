import type { CustomTypes } from '../../options.js';
import { thrownKeys } from './error-values.js';
import { sendablePart } from './sendable-part.js';
import type { WalkResult } from './walk.js';
import { Walker } from './walker.js';

/** What is compared by `assert`: of these, what can be sent is sent. */
const COMPARED = new Set(['actual', 'expected']);

/**
 * `walk` for a thrown value, whose unsendable parts must not hide what happened: properties of errors that cannot
 * be sent are dropped; a thrown value, or a member of `AggregateError.errors`, gets an error in its place.
 */
export function walkThrown(value: unknown, customTypes?: CustomTypes): WalkResult {
  const walker = new ThrownWalker(customTypes);
  walker.visitOrStandIn(value, 'a value was thrown that');
  return walker;
}

class ThrownWalker extends Walker {
  visitOrStandIn(value: unknown, subject: string): void {
    const failure = this.tryVisit(value);
    if (failure === undefined) return;
    const place = failure.path === '' ? '' : `${failure.path}: `;
    this.#standIn(value, `${subject} cannot be sent: ${place}${failure.what}`);
  }

  #standIn(value: unknown, message: string): void {
    const error = new Error(message);
    error.stack = `Error: ${message}`; // the way to here would mean nothing to its reader
    this.standIns.set(value, error);
  }

  protected override visitError(error: Error): void {
    const dropped = new Set<string>();
    for (const key of thrownKeys(error)) {
      if (!this.#canSend(error, key)) dropped.add(key);
    }
    if (dropped.size > 0) this.dropped.set(error, dropped);
  }

  #canSend(error: Error, key: string): boolean {
    let value: unknown;
    try {
      value = error[key as keyof Error]; // accessors are read: errors of Node's own have some
    } catch {
      return false;
    }
    if (key === 'errors' && Array.isArray(value)) {
      for (const member of value) this.visitOrStandIn(member, 'a member of `errors`');
    }
    if (key === 'cause' && this.isNearTheEnd && typeof value === 'object' && value !== null) {
      this.#standIn(value, 'the chain of causes goes on, and was cut off here: it is too long to be sent');
      return true;
    }
    return this.tryVisit(value) === undefined || (COMPARED.has(key) && this.#canSendPart(error, key, value));
  }

  #canSendPart(error: Error, key: string, value: unknown): boolean {
    const part = sendablePart(value, (one) => this.tryVisit(one) === undefined);
    if (part === undefined) return false;
    const parts = this.parts.get(error) ?? new Map<string, unknown>();
    this.parts.set(error, parts.set(key, part));
    return true;
  }
}
