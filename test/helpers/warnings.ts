/** Resolves with the next warning of ours in this process. */
export function nextWarning(): Promise<Error & { code?: string }> {
  return new Promise((resolve) => {
    const see = (warning: Error) => {
      if (warning.name !== 'ForkmapWarning') return;
      process.off('warning', see);
      resolve(warning);
    };
    process.on('warning', see);
  });
}
