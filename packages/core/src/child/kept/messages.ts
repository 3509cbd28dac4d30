/** What the origin says to a kept child. Kind 0 is the end of the connection. */
export const TO_KEPT = Object.freeze({
  /** Run the function: `id` is the call's, the payload its arguments. */
  call: 1,
});

/** What a kept child says to the origin. */
export const FROM_KEPT = Object.freeze({
  /** It takes calls from now on. */
  ready: 1,
  /** What the call came to; without a payload, where `count` is 0: undefined. */
  result: 2,
  /** What the function threw. */
  thrown: 3,
  /** Why there is no result: JSON. */
  failed: 4,
  /** `setup`, or `warm`, has thrown: the child leaves. */
  unready: 5,
});
