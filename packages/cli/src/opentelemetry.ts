/**
 * Spans of a call, for OpenTelemetry.
 *
 * @module forkmap/opentelemetry
 */
export * from '@forkmap/pool/opentelemetry';
