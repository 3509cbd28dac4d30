const warned = new Set<string>();

/** Warns once per kind in this thread's life. @param code the kind */
export function warnOnce(code: string, message: string): void {
  if (warned.has(code)) return;
  warned.add(code);
  process.emitWarning(message, { type: 'ForkmapWarning', code });
}
