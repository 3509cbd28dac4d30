/**
 * The question after a failure is whether to try again, and the answer is in `error.effect`: did the function run?
 * What the function itself throws is no ForkError, and arrives as it was thrown.
 */
import { ForkError, forkMap } from 'forkmap';

/** Sends a bill, at most once. */
async function bill(customer: string, send: () => unknown): Promise<string> {
  try {
    await forkMap(send);
    return `${customer}: sent`;
  } catch (error) {
    if (!(error instanceof ForkError)) return `${customer}: refused, ${error}`;
    switch (error.effect) {
      case 'CallableDidNotExecute':
        return bill(customer, send); // nothing has happened: safe to try again
      case 'CallableExecuted':
        return `${customer}: sent, though its receipt is lost (${error.code})`;
      case 'CallableStatusUnknown':
        return `${customer}: ask a human whether it was sent (${error.code})`;
    }
  }
}

console.log(await bill('Ada', () => 'receipt 1'));
console.log(
  await bill('Bob', () => {
    throw new RangeError('no such address');
  }),
);
console.log(await bill('Cyd', () => ({ receipt: 3, print: () => undefined }))); // a function cannot be sent back
console.log(await bill('Dan', () => process.exit(3)));

// Prints:
// Ada: sent
// Bob: refused, RangeError: no such address
// Cyd: sent, though its receipt is lost (ERR_FORKMAP_SERIALIZE)
// Dan: ask a human whether it was sent (ERR_FORKMAP_EXITED)
