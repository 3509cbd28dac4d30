import { checkFn, isForkChild, type KeptFunction } from '@forkmap/core/internal';
import { copyItems } from '../items.js';
import { engineAsked } from '../pool/call-options.js';
import { defaultHost } from '../pool/default-host.js';
import type { Host } from '../pool/host.js';
import { refuseWhileLoading } from '../recipe/loading.js';
import { ForkSource } from './fork-source.js';
import { InlineKept } from './inline-kept.js';
import type { Kept } from './kept.js';
import {
  type CheckedKeepOptions,
  checkKeepOptions,
  checkKeptRunOptions,
  type KeepOptions,
  keepOptionsOf,
} from './options.js';
import { KeptService } from './service.js';
import { keptWork } from './work.js';

/**
 * Keeps `fn`, and all that it can reach, in children that are forked once, for services: arguments and results travel to
 * and fro, everything else is there. A child that dies, or is killed for its deadline, costs only the calls that it was at;
 * its successor is forked from the same state within milliseconds.
 *
 * The state is that of this call, or of the last `refresh()`. What `fn` itself changes stays in its child, until that is
 * replaced.
 *
 * @example
 * const index = new Map([['fork', 2]]);
 * await using find = await keep((word: string) => index.get(word), { lanes: 2, itemTimeout: 200 });
 * await find('fork'); // 2
 *
 * @param fn any closure, asynchronous or not.
 * @param options see `KeepOptions`
 * @returns the kept function, once a first child takes calls. To be closed; one that nobody holds any more closes itself.
 * @throws (rejects with) what `warm` or `setup` threw; a `ForkError` where nothing can be forked; `TypeError` or `RangeError`
 *   for wrong arguments, with nothing forked.
 */
export function keep<A extends unknown[], R>(
  fn: (...args: A) => R | PromiseLike<R>,
  options?: KeepOptions,
): Promise<Kept<A, R>> {
  return keepOn(defaultHost, fn, options);
}

/** As `keep`, on a pool's lanes. */
export async function keepOn<A extends unknown[], R>(
  host: Host,
  fn: (...args: A) => R | PromiseLike<R>,
  given?: KeepOptions,
): Promise<Kept<A, R>> {
  checkFn(fn);
  refuseWhileLoading();
  host.assertOpen();
  checkKeepOptions(given);
  const options = checkKeepOptions({ ...keepOptionsOf(host.defaults), ...defined(given) });
  const lanes = Math.min(options.lanes ?? host.lanes, host.maxLanes);
  // WHY checked again: FORKMAP_ENGINE may say what a kept function cannot do.
  const { engine } = checkKeepOptions({ engine: engineAsked(options) as KeepOptions['engine'] });
  const isInline = engine === 'inline' || lanes === 0 || isForkChild();
  const kept = fn as unknown as KeptFunction;
  const inline = new InlineKept(kept, options);
  if (isInline) {
    await inline.open();
    return callable({ fn: kept, options, service: inline, inline }) as unknown as Kept<A, R>;
  }
  let service!: KeptService;
  const callHost = host.keep(options.lanes !== undefined, () => service.close());
  service = new KeptService({
    options,
    lanes,
    host: callHost,
    makeSource: (what) => sourceFor(what, options, lanes),
  });
  try {
    await service.open(kept);
  } catch (error) {
    callHost.close();
    throw error;
  }
  return callable({ fn: kept, options, service, inline }) as unknown as Kept<A, R>;
}

function sourceFor(fn: KeptFunction, options: CheckedKeepOptions, lanes: number) {
  return new ForkSource(keptWork(fn, options), options, lanes);
}

function defined(given: KeepOptions | undefined): KeepOptions {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined));
}

interface Parts {
  fn: KeptFunction;
  options: CheckedKeepOptions;
  service: KeptService | InlineKept;
  /** For children, which have this function too: in them it runs at once. */
  inline: InlineKept;
}

/** Kept functions that nobody holds any more are closed. WHY the pid: a child's collector may find the origin's. */
const forgotten = new FinalizationRegistry<{ service: KeptService; pid: number }>(({ service, pid }) => {
  if (pid === process.pid) void service.close();
});

function callable({ fn, options, service, inline }: Parts): Kept<unknown[], unknown> {
  const here = () => (service !== inline && isForkChild() ? inline : service);
  const kept = (...args: unknown[]) => here().run(args, NO_OPTIONS);
  Object.defineProperties(kept, {
    name: { value: options.name ?? fn.name, configurable: true },
    queueSize: { get: () => here().queueSize },
  });
  const close = async () => {
    if (service instanceof KeptService) forgotten.unregister(kept);
    await here().close();
  };
  const methods = {
    async run(args: unknown[], given?: Parameters<typeof checkKeptRunOptions>[0]) {
      const checked = checkKeptRunOptions(given);
      return here().run(copyItems(args) as unknown[], checked);
    },
    refresh: async () => {
      const at = here();
      if (at instanceof KeptService) await at.refresh(fn);
      else await at.refresh();
    },
    stats: () => here().stats(),
    close,
    [Symbol.asyncDispose]: close,
  };
  Object.assign(kept, methods);
  if (service instanceof KeptService) forgotten.register(kept, { service, pid: process.pid }, kept);
  return kept as unknown as Kept<unknown[], unknown>;
}

const NO_OPTIONS = Object.freeze({});
