/** The resident memory of this process; 0 where that cannot be told, for it takes a descriptor. */
export function residentBytes(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return 0;
  }
}
