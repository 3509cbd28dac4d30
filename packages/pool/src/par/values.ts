import type { Awaitable } from './plan.js';

/** What a callback is given after the value: its index, where each value still has the place of an item; or nothing. */
export type Index = [index: number];
export type NoIndex = [];

/** A callback of a chain, synchronous or not. */
export type Fn<T, At extends Index | NoIndex, R> = (value: T, ...at: At) => Awaitable<R>;

/** The values of one level of arrays. */
export type Flattened<T> = T extends readonly (infer U)[] ? U : T;
