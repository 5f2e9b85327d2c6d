/** A length of time as people read it on a clock: `0:42`, `12:05`, `1:02:05`. Below zero counts as zero. */
export function formatDuration(millis: number): string {
  const all = Math.max(0, Math.floor(millis / 1000))
  const hours = Math.floor(all / 3600)
  const minutes = Math.floor((all % 3600) / 60)
  const padded = (value: number) => String(value).padStart(2, '0')
  if (hours > 0) return `${hours}:${padded(minutes)}:${padded(all % 60)}`
  return `${minutes}:${padded(all % 60)}`
}
