import { invalidArgValue, throwIfAborted } from '@forkmap/core/internal';
import type { CutNeed } from '../call/cut.js';
import { ForkedCall } from '../call/forked-call.js';
import type { CheckedParMapOptions, ParMapOptions } from '../options.js';
import { type CallOptions, callOptions } from '../pool/call-options.js';
import type { CallHost, Host } from '../pool/host.js';
import { made } from '../recipe/made.js';
import type { End } from './end.js';
import { gatherInline } from './gather-inline.js';
import { type Gatherer, gathererOf } from './gatherer.js';
import type { Plan } from './plan.js';
import { Segments } from './segments.js';

/** Whose call it is, and what was asked for. */
export interface CallSetting {
  host: Host;
  options: ParMapOptions | undefined;
  /** The verb, as messages name it. */
  verb: string;
  /** Where the call does not say how many items a child gets: as many chunks as lanes. */
  isOneChunkPerLane?: boolean;
}

/** Runs a plan to its end. */
export async function runEnd<R>(plan: Plan, end: End<R>, setting: CallSetting): Promise<R> {
  const call = callOptions(setting.host, setting.options);
  refuseSettle(call.options, setting.verb);
  refuseHearers(call.options, setting.verb);
  throwIfAborted(call.options.signal);
  if (plan.length > 0) await begin({ plan, end, call, setting }).done;
  return await end.result();
}

/** A call that is running. */
export interface RunningEnd {
  done: Promise<void>;
  /** Ends it early and well. */
  stop(): void;
  /** To be called when `isHeld` is no longer true. */
  resume(): void;
}

export interface EndParts {
  plan: Plan;
  end: End<unknown>;
  call: CallOptions;
  setting: CallSetting;
  /** As `CallParts.isHeld`; also given how many segments wait for one before them. */
  isHeld?: ((running: number, waiting: number) => boolean) | undefined;
}

/** Begins to run a plan that has positions. */
export function begin({ plan, end, call, setting, isHeld }: EndParts): RunningEnd {
  const gatherer = made(gathererOf, plan, end);
  const ledger = new Segments(plan.length, end, plan.mayStop === true);
  const host = setting.host.open(call.ownsLanes);
  if (call.isInline) {
    const done = runInline({ gatherer, ledger, host, plan }, call.options);
    return { done, stop: () => undefined, resume: () => undefined };
  }
  const forked = new ForkedCall({
    verb: setting.verb,
    length: plan.length,
    invoke: (position) => gatherer.feed(position),
    gathering: gatherer,
    ledger,
    host,
    options: call.options,
    cutNeed: cutNeedOf({ plan, end, setting }),
    lanes: call.lanes,
    engine: call.engine,
    place: (range) => plan.place(range),
    reads: (range) => plan.reads(range),
    isHeld: isHeld && ((running) => isHeld(running, ledger.waiting)),
  });
  return { done: forked.run(), stop: () => forked.stop('enough'), resume: () => forked.resume() };
}

/** Ends and steps that see where chunks are cut have the same cut each time. */
function cutNeedOf({ plan, end, setting }: Pick<EndParts, 'plan' | 'end' | 'setting'>): CutNeed | undefined {
  if (setting.isOneChunkPerLane) return 'perLane';
  return plan.isPerChunk || end.isPerChunk ? 'fixed' : undefined;
}

interface InlineParts {
  gatherer: Gatherer;
  ledger: Segments;
  host: CallHost;
  plan: Plan;
}

async function runInline(
  { gatherer, ledger, host, plan }: InlineParts,
  options: CheckedParMapOptions,
): Promise<void> {
  try {
    await gatherInline(gatherer, plan.length, options);
    const { first, end, values, isOver } = gatherer.take();
    ledger.addSegment({ first, end, values: [...values], isOver });
    if (ledger.firstFailure) throw ledger.firstFailure.error;
    ledger.complete();
    options.onProgress?.({ done: plan.length, total: plan.length, failed: 0, running: 0, elapsed: 0 });
  } finally {
    host.close();
  }
}

/** Of a chain's items nothing comes back by itself. */
function refuseHearers(options: CheckedParMapOptions, verb: string): void {
  const given = (['onSettled', 'journal'] as const).find((name) => options[name] !== undefined);
  if (given)
    throw invalidArgValue(
      `${verb} has no outcome per item: the option '${given}' is for parMap, parForEach, parStream and kept functions`,
    );
}

/** A failure is not a value that a chain could go on with. */
export function refuseSettle({ settle }: CheckedParMapOptions, verb: string): void {
  if (settle)
    throw invalidArgValue(`${verb} has no outcome per item: the option 'settle' is for parMap and parStream`);
}
