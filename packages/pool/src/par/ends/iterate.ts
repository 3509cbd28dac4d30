import { throwIfAborted } from '@forkmap/core/internal';
import { callOptions } from '../../pool/call-options.js';
import { madeAs } from '../../recipe/made.js';
import { Mailbox } from '../../stream/mailbox.js';
import { carrierOf, type End } from '../end.js';
import type { Plan } from '../plan.js';
import { begin, type CallSetting } from '../run.js';
import { addAll, allValues, collectEnd } from './collect.js';

/** So many chunks are fetched ahead of the consumer, per lane. */
const AHEAD_PER_LANE = 2;

/** The values in order, as chunks come back. While enough of them wait to be taken no chunk begins; a break ends all. */
export async function* iterate(plan: Plan, setting: CallSetting): AsyncGenerator<unknown, void, undefined> {
  const call = callOptions(setting.host, setting.options);
  throwIfAborted(call.options.signal);
  if (plan.length === 0) return;
  const mailbox = new Mailbox<unknown[]>();
  const ahead = Math.max(1, call.lanes) * AHEAD_PER_LANE;
  // WHY not held where nothing can be taken and nothing runs: what the others wait for is still to be run.
  const isHeld = (running: number, waiting: number) =>
    mailbox.size + waiting >= ahead && mailbox.size + running > 0;
  const running = begin({
    plan,
    end: madeAs(posting(plan, mailbox), collectEnd, plan),
    call,
    setting,
    isHeld,
  });
  running.done.then(
    () => mailbox.close(),
    (error: unknown) => mailbox.fail(error),
  );
  try {
    for await (const values of mailbox) {
      running.resume();
      yield* values;
    }
  } finally {
    running.stop();
    await running.done.catch(() => undefined);
  }
}

function posting(plan: Plan, mailbox: Mailbox<unknown[]>): End<void> {
  const carrier = carrierOf(plan);
  return {
    isOrdered: true,
    gather: () => allValues(plan),
    read(values) {
      const received: unknown[] = [];
      addAll(received, values, carrier, plan);
      mailbox.post(received);
      return false;
    },
    result: () => undefined,
  };
}
