import { AsyncLocalStorage } from 'node:async_hooks';
import { parMap } from '@forkmap/pool';
import { traceToOpenTelemetry } from '@forkmap/pool/opentelemetry';
import {
  type Context,
  type ContextManager,
  context,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, expect, it } from 'vitest';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = provider.getTracer('test');

/** As OpenTelemetry's own for Node: the active context is in an AsyncLocalStorage. */
function managerOf(storage: AsyncLocalStorage<Context>): ContextManager {
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, fn, self, ...args) => storage.run(active, () => fn.call(self as never, ...args)),
    bind: (_active, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
}

beforeEach(() => void context.setGlobalContextManager(managerOf(new AsyncLocalStorage())));
afterEach(() => {
  context.disable();
  exporter.reset();
});

it('makes a span of a call, below the span that is active, and of its snapshot and chunks below that', async () => {
  const stop = traceToOpenTelemetry(tracer);
  const request = tracer.startSpan('request');
  const before = Date.now();
  await context.with(trace.setSpan(context.active(), request), () =>
    parMap([1, 2, 3], (n) => n, { name: 'triple', chunk: 2, lanes: 2 }),
  );
  request.end();
  stop();
  await parMap([1], (n) => n);

  const spans = exporter.getFinishedSpans();
  const idOf = (name: string) => spans.find((span) => span.name === name)?.spanContext().spanId;
  expect(spans.map(({ name, parentSpanContext }) => [name, parentSpanContext?.spanId])).toEqual([
    ['forkmap snapshot', idOf('triple')],
    ['forkmap chunk', idOf('triple')],
    ['forkmap chunk', idOf('triple')],
    ['triple', idOf('request')],
    ['request', undefined],
  ]);
  const call = spans.find(({ name }) => name === 'triple');
  expect(call?.attributes).toEqual({
    'forkmap.verb': 'parMap',
    'forkmap.name': 'triple',
    'forkmap.items': 3,
    'forkmap.lanes': 2,
  });
  for (const chunk of spans.filter(({ name }) => name === 'forkmap chunk')) {
    expect(chunk.attributes).toMatchObject({
      'process.pid': expect.any(Number),
      'forkmap.chunk.aborted': false,
    });
    expect(Object.values(chunk.attributes)).toHaveLength(11);
    const [startMs, endMs] = [toMs(chunk.startTime), toMs(chunk.endTime)];
    expect(startMs).toBeGreaterThanOrEqual(before - 2);
    expect(endMs).toBeGreaterThan(startMs);
    expect(endMs).toBeLessThanOrEqual(Date.now() + 2);
  }
});

it('records what a call failed by, and what a child died of', async () => {
  const stop = traceToOpenTelemetry(tracer);
  await parMap([1], () => process.kill(process.pid, 'SIGKILL'), { name: 'fails' }).catch(() => undefined);
  stop();
  const spans = exporter.getFinishedSpans();
  const failed = spans.filter(({ status }) => status.code === SpanStatusCode.ERROR);
  expect(failed.map(({ name }) => name)).toEqual(['forkmap chunk', 'fails']);
  for (const { status, events } of failed) {
    expect(status.message).toMatch(/killed by SIGKILL/);
    expect(events).toMatchObject([
      { name: 'exception', attributes: { 'exception.type': 'ERR_FORKMAP_KILLED' } },
    ]);
  }
});

it('takes the global tracer by default', async () => {
  trace.setGlobalTracerProvider(provider);
  const stop = traceToOpenTelemetry();
  await parMap([1], (n) => n);
  stop();
  trace.disable();
  expect(exporter.getFinishedSpans().at(-1)?.instrumentationScope.name).toBe('forkmap');
});

function toMs([seconds, nanos]: [number, number]): number {
  return seconds * 1e3 + nanos / 1e6;
}
