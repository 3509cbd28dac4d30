import type { CustomTypes } from '../../options.js';
import { errorKeys } from './error-values.js';
import type { WalkResult } from './walk.js';
import { Walker } from './walker.js';

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
    const error = new Error(`${subject} cannot be sent: ${place}${failure.what}`);
    error.stack = String(error); // the way to here would mean nothing to its reader
    this.standIns.set(value, error);
  }

  protected override visitError(error: Error): void {
    const dropped = new Set<string>();
    for (const key of errorKeys(error)) {
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
    return this.tryVisit(value) === undefined;
  }
}
