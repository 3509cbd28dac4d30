/**
 * `Array.prototype.map` in parallel, over any closure, on forked copies of the live process. Has all that
 * `@forkmap/pool` has, the errors and functions of `@forkmap/core` among it.
 *
 * @module forkmap
 */
export * from '@forkmap/pool';
